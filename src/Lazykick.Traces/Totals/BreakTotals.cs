using System.Runtime.InteropServices;
using Lazykick.Traces.Cpus;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Totals;

/// <summary>Breaks within the selection: the longest, and all by cause.</summary>
internal sealed class BreakTotals
{
    private const int MostWorst = 10;
    private const int MostCauses = 4096;

    private readonly List<BreakDetail> _worst = [];
    private readonly Dictionary<BreakKey, Sum> _causes = [];

    /// <summary>The longest, the longest first.</summary>
    public IReadOnlyList<BreakDetail> Worst => _worst;

    public IReadOnlyDictionary<BreakKey, Sum> Causes => _causes;

    public void Add(CpuTimeline cpu, SenderKey? blamed, ulong duration)
    {
        var over = cpu.Break;
        var isTimed = over.Cause == EntryCause.Tick;
        var key = new BreakKey(over.Cause, blamed, over.Chain.Count > 0 ? over.Chain[0].Irq : -1)
        {
            Timer = isTimed ? over.Timer : 0,
            TickKeptBy = isTimed ? over.TickKeptBy : 0,
            Next = over.Cause is EntryCause.Reschedule or EntryCause.None or EntryCause.Tick ? over.Next : 0,
        };
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _causes,
            _causes.Count < MostCauses || _causes.ContainsKey(key) ? key : key.Coarse,
            out _
        );
        sum = new Sum(
            sum.Count + 1,
            sum.Time + duration,
            Math.Max(sum.Longest, duration),
            sum.SoftIrqs | over.SoftIrqs
        );
        if (_worst.Count == MostWorst && duration <= _worst[^1].Duration)
            return;
        var at = _worst.FindIndex(other => other.Duration < duration);
        _worst.Insert(
            at < 0 ? _worst.Count : at,
            new BreakDetail(cpu.Cpu, over.Start, duration, over.Of, over.Pid, key, [.. over.Chain])
        );
        if (_worst.Count > MostWorst)
            _worst.RemoveAt(MostWorst);
    }

    /// <summary>Breaks of one cause, with the softirqs that ran in any of them.</summary>
    internal readonly record struct Sum(long Count, ulong Time, ulong Longest, uint SoftIrqs);
}
