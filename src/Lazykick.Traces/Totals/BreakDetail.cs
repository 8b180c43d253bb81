using Lazykick.Traces.States;

namespace Lazykick.Traces.Totals;

/// <summary>One break.</summary>
internal sealed record BreakDetail(
    int Cpu,
    ulong Start,
    ulong Duration,
    CpuState Of,
    int Pid,
    BreakKey Key,
    IReadOnlyList<(EntryCause Cause, int Irq)> Chain
);
