using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Totals;

/// <summary>One break.</summary>
internal sealed record BreakDetail(
    int Cpu,
    ulong Start,
    ulong Duration,
    CpuState Of,
    EntryCause Cause,
    int Pid,
    SenderKey? Blamed,
    IReadOnlyList<(EntryCause Cause, int Irq)> Chain);
