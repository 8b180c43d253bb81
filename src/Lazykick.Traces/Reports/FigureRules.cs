using static Lazykick.Traces.Reports.Evidence;

namespace Lazykick.Traces.Reports;

/// <summary>
/// What each figure is made of: without the first it is not known, without the second it is a lower bound, without the
/// third an upper one.
/// </summary>
internal static class FigureRules
{
    private const Evidence KickEntries = FunctionCalls | Reschedules | IrqWorks;

    /// <summary>
    /// Entries of everything that interrupts: without one of them, its breaks look like the task's own.
    /// </summary>
    private const Evidence Entries = KickEntries | Ticks | Devices;

    /// <summary>User mode of a CPU that is tracked; of others the last two do not count.</summary>
    private const Evidence UserMode = UserTracking | SystemCalls | Switches | Tasks;

    private const Evidence Kicks = Senders | Queueing | Runs | Symbols | FunctionCalls;

    /// <summary>
    /// Without the first of them whole CPUs may be missing; without the second single kicks are, of which the
    /// interrupts are counted.
    /// </summary>
    private const Evidence AllKicks = WholeTrace | AllSenders;

    private const Evidence Prices = Kicks | Entries | Idle | UserMode | AllKicks;

    public static (Evidence Needed, Evidence ForAll, Evidence ForNoMore) Of(Figure figure) =>
        figure switch
        {
            Figure.TimeUserEqs => (UserTracking, WholeCpu | Span | Entries | Races, None),
            Figure.TimeUser => (UserMode | Entries | InterruptEnds | Races, WholeCpu | Span, None),
            Figure.TimeIdle => (Idle | Entries | InterruptEnds, WholeCpu | Span, None),
            Figure.TimeGuest => (Guests, WholeCpu | Span, None),
            Figure.TimeKernel => (UserMode | Entries | InterruptEnds | Idle | Races | Scheduler | WholeCpu, Span, None),
            Figure.OwnEntries => (UserMode | Entries | Idle, WholeCpu | Faults | Races, None),
            Figure.FunctionCalls => (FunctionCalls, WholeCpu, None),
            Figure.Reschedules => (Reschedules, WholeCpu, None),
            Figure.IrqWorks => (IrqWorks, WholeCpu, None),
            Figure.Ticks => (Ticks, WholeCpu, None),
            Figure.Devices => (Devices, WholeCpu, None),
            Figure.Nmis => (Nmis, WholeCpu, None),
            Figure.Hits => (UserMode | Entries | InterruptEnds | Idle | WholeCpu | Races, None, None),
            Figure.Breaks => (UserMode | InterruptEnds | Idle, Entries | WholeCpu, Races),
            Figure.KickBreaks => (UserMode | InterruptEnds | Idle | Ticks | Devices, KickEntries | WholeCpu, Races),
            Figure.BreakTime => (UserMode | InterruptEnds | Idle | WholeCpu | Races, Entries, None),
            Figure.Wakes => (Idle | InterruptEnds, Entries | WholeCpu, None),
            Figure.KickWakes => (Idle | InterruptEnds | Ticks | Devices, KickEntries | WholeCpu, None),
            Figure.Asked => (Senders | KickEntries, Queueing | AllKicks, None),
            Figure.Sent => (Senders | KickEntries, AllKicks, None),
            Figure.Delivered => (Senders | Queueing | WholeTrace, AllSenders, None),
            Figure.PolledWakes => (PolledWakes | Senders | Queueing, AllKicks, None),
            Figure.Needless => (
                Idle | UserTracking | FunctionCalls,
                Senders | Queueing | Runs | Symbols | AllKicks,
                Reschedules | IrqWorks | Ticks | Devices | Races
            ),
            Figure.Raced => (Kicks | Entries | Idle | UserTracking | WholeTrace | Races, AllSenders, None),
            Figure.Needed => (Kicks | Entries | Idle | UserMode | WholeTrace, AllSenders, None),
            Figure.Never => (Senders | Queueing | Symbols | KickEntries, AllKicks, None),
            Figure.Undecided => (Kicks | Entries | Idle | UserMode | AllKicks, None, None),
            Figure.Latency or Figure.Unmatched => (
                Senders | Queueing | Runs | Symbols | KickEntries | AllKicks,
                None,
                None
            ),
            Figure.SelfKicks => (Senders | Queueing | Symbols, AllKicks, None),
            Figure.Prices => (Prices, None, None),
            _ => (Prices | InterruptEnds, None, SoftIrqs | Races),
        };
}
