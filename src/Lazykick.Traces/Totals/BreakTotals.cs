using System.Runtime.InteropServices;
using Lazykick.Traces.Cpus;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Totals;

/// <summary>Breaks within the selection: the longest, and all by CPU and cause.</summary>
internal sealed class BreakTotals
{
    private const int MostWorst = 10;
    private const int MostCauses = 16384;

    private readonly List<BreakDetail> _worst = [];
    private readonly Dictionary<(int Cpu, BreakKey Key), Sum> _causes = [];

    /// <summary>The longest, the longest first.</summary>
    public IReadOnlyList<BreakDetail> Worst => _worst;

    /// <summary>Those of all CPUs together.</summary>
    public IReadOnlyDictionary<BreakKey, Sum> Causes
    {
        get
        {
            var all = new Dictionary<BreakKey, Sum>();
            foreach (var ((_, key), sum) in _causes)
                all[key] = all.GetValueOrDefault(key).Plus(sum);
            return all;
        }
    }

    /// <summary>Those of one CPU.</summary>
    public IReadOnlyDictionary<BreakKey, Sum> CausesOf(int cpu) =>
        _causes.Where(one => one.Key.Cpu == cpu).ToDictionary(static one => one.Key.Key, static one => one.Value);

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
            _causes.Count < MostCauses || _causes.ContainsKey((cpu.Cpu, key)) ? (cpu.Cpu, key) : (cpu.Cpu, key.Coarse),
            out _
        );
        sum = sum.Plus(new Sum(1, duration, duration, over.SoftIrqs));
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
    internal readonly record struct Sum(long Count, ulong Time, ulong Longest, uint SoftIrqs)
    {
        public Sum Plus(Sum other) =>
            new(
                Count + other.Count,
                Time + other.Time,
                Math.Max(Longest, other.Longest),
                SoftIrqs | other.SoftIrqs
            );
    }
}
