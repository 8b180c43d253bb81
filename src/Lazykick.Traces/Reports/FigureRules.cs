using static Lazykick.Traces.Reports.Evidence;

namespace Lazykick.Traces.Reports;

/// <summary>
/// What each figure is made of: without the first it is not known, without the second it is a lower bound. A CPU whose
/// user mode is tracked needs no system calls to tell user mode.
/// </summary>
internal static class FigureRules
{
    /// <summary>Entries of everything that interrupts: without one of them, its breaks look like the task's own.</summary>
    private const Evidence Entries = FunctionCalls | Reschedules | IrqWorks | Ticks | Devices;

    private const Evidence KickEntries = FunctionCalls | Reschedules | IrqWorks;

    private const Evidence UserMode = UserTracking | SystemCalls | Switches;

    private const Evidence Kicks = Senders | Queueing | Runs | Symbols | FunctionCalls;

    public static (Evidence Needed, Evidence ForAll) Of(Figure figure) =>
        figure switch
        {
            Figure.TimeUserEqs => (UserTracking, WholeCpu),
            Figure.TimeUser => (UserMode | Entries | InterruptEnds, WholeCpu),
            Figure.TimeIdle => (Idle | Entries | InterruptEnds, WholeCpu),
            Figure.TimeGuest => (Guests, WholeCpu),
            Figure.TimeKernel => (UserMode | Entries | InterruptEnds | Idle, WholeCpu),
            Figure.OwnEntries => (UserMode | Entries | Idle, WholeCpu | Faults),
            Figure.FunctionCalls => (FunctionCalls, WholeCpu),
            Figure.Reschedules => (Reschedules, WholeCpu),
            Figure.IrqWorks => (IrqWorks, WholeCpu),
            Figure.Ticks => (Ticks, WholeCpu),
            Figure.Devices => (Devices, WholeCpu),
            Figure.Nmis => (Nmis, WholeCpu),
            Figure.Hits => (UserMode | Entries | InterruptEnds | Idle | WholeCpu, None),
            Figure.Breaks => (UserMode | InterruptEnds | Idle, Entries | WholeCpu),
            Figure.KickBreaks => (UserMode | InterruptEnds | Idle, KickEntries | WholeCpu),
            Figure.BreakTime => (UserMode | InterruptEnds | Idle | WholeCpu, Entries),
            Figure.Wakes => (Idle | InterruptEnds, Entries | WholeCpu),
            Figure.KickWakes => (Idle | InterruptEnds, KickEntries | WholeCpu),
            Figure.Asked => (Senders, Queueing | KickEntries | WholeTrace),
            Figure.Sent => (Senders, KickEntries | WholeTrace),
            Figure.Delivered => (Senders | Queueing, WholeTrace),
            Figure.PolledWakes => (PolledWakes | Senders | Queueing, WholeTrace),
            Figure.Needless => (Idle | UserTracking, Kicks | WholeTrace),
            Figure.Raced => (Kicks | Idle | UserTracking | WholeTrace, None),
            Figure.Needed => (Kicks | Idle | UserMode | WholeTrace, None),
            Figure.Never => (Senders | Queueing | Symbols, KickEntries | WholeTrace),
            Figure.Undecided => (Kicks | KickEntries | Idle | UserMode | WholeTrace, None),
            Figure.Latency => (Senders | Queueing | Runs | KickEntries | WholeTrace, None),
            Figure.Unmatched => (Senders | Queueing | Runs | KickEntries | WholeTrace, None),
            Figure.SelfKicks => (Senders | Queueing, WholeTrace),
            _ => (
                Kicks | KickEntries | InterruptEnds | Idle | UserMode | SoftIrqs | WholeTrace | Ticks | Devices,
                None
            ),
        };
}
