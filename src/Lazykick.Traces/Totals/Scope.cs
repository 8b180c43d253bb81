using Lazykick.Traces.Cpus;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Totals;

/// <summary>A part of the trace for which totals are kept: the selection as a whole, or a phase.</summary>
internal sealed class Scope(string name, int index, int cpus, int schemeBits)
{
    private readonly CpuTotals?[] _cpus = new CpuTotals?[cpus];
    private ulong _openedAt;

    public string Name { get; } = name;

    public int Index { get; } = index;

    public bool IsOpen { get; private set; }

    /// <summary>Begins not yet ended: a phase may begin again inside itself.</summary>
    public int Nesting { get; set; }

    public ulong FirstOpened { get; private set; } = ulong.MaxValue;

    public ulong LastClosed { get; private set; }

    public ulong Duration { get; private set; }

    public CpuTotals this[int cpu] => _cpus[cpu] ??= new CpuTotals(schemeBits);

    public bool Has(int cpu) => _cpus[cpu] is not null;

    public void Open(ulong time, CpuTimeline[] cpus)
    {
        IsOpen = true;
        _openedAt = time;
        FirstOpened = Math.Min(FirstOpened, time);
        foreach (var cpu in cpus)
        {
            if (cpu.Records is not null)
                cpu.Times.CopyTo(this[cpu.Cpu].TimesAtOpen, 0);
        }
    }

    public void Close(ulong time, CpuTimeline[] cpus)
    {
        IsOpen = false;
        Duration += time - Math.Min(time, _openedAt);
        LastClosed = Math.Max(LastClosed, time);
        foreach (var cpu in cpus)
        {
            if (cpu.Records is null)
                continue;
            var totals = this[cpu.Cpu];
            for (var state = 0; state < CpuStates.Count; state++)
                totals.Times[state] += cpu.Times[state] - totals.TimesAtOpen[state];
        }
    }
}
