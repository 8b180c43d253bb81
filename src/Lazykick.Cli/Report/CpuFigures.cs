using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;
using Document = Lazykick.Cli.Json.ReportDocument;

namespace Lazykick.Cli.Report;

/// <summary>The figures of a CPU by name, and which of them its trace cannot tell.</summary>
internal static class CpuFigures
{
    // Names as the document has them, and what was counted where it is a number.
    private static readonly (string Name, Figure Figure, Func<CpuReport, long>? Counted)[] s_figures =
    [
        ("time.userEqs", Figure.TimeUserEqs, null),
        ("time.user", Figure.TimeUser, null),
        ("time.idle", Figure.TimeIdle, null),
        ("time.guest", Figure.TimeGuest, null),
        ("time.kernel", Figure.TimeKernel, null),
        ("ownEntries", Figure.OwnEntries, static cpu => cpu.SelfExits),
        ("interrupts.functionCall", Figure.FunctionCalls, static cpu => cpu.Interrupts(EntryCause.FunctionCall)),
        ("interrupts.reschedule", Figure.Reschedules, static cpu => cpu.Interrupts(EntryCause.Reschedule)),
        ("interrupts.irqWork", Figure.IrqWorks, static cpu => cpu.Interrupts(EntryCause.IrqWork)),
        ("interrupts.tick", Figure.Ticks, static cpu => cpu.Interrupts(EntryCause.Tick)),
        ("interrupts.device", Figure.Devices, static cpu => cpu.Interrupts(EntryCause.Device)),
        ("interrupts.nmi", Figure.Nmis, static cpu => cpu.Interrupts(EntryCause.Nmi)),
        ("interrupts.hit", Figure.Hits, null),
        ("breaks", Figure.Breaks, static cpu => Breaks.OfUser(cpu, static cause => cause.IsOutside())),
        ("breaks.byKicks", Figure.KickBreaks, static cpu => Breaks.OfUser(cpu, static cause => cause.IsKick())),
        ("breaks.time", Figure.BreakTime, null),
        ("wakes", Figure.Wakes, static cpu => Breaks.OfIdle(cpu, static _ => true)),
        ("wakes.byKicks", Figure.KickWakes, static cpu => Breaks.OfIdle(cpu, static cause => cause.IsKick())),
        ("kicks.asked", Figure.Asked, static cpu => cpu.Kicks.Count - cpu.Kicks.Unattributed),
        ("kicks.interrupts", Figure.Sent, static cpu => cpu.Kicks.Interrupts - cpu.Kicks.Unattributed),
        ("kicks.deliveries", Figure.Delivered, null),
        ("kicks.wakesWithoutInterrupt", Figure.PolledWakes, static cpu => cpu.Kicks.WakesWithoutInterrupt),
        ("kicks.needless", Figure.Needless, static cpu => cpu.NeedlessAtLeast),
        ("kicks.raced", Figure.Raced, static cpu => cpu.Kicks.Verdict(KickVerdict.Raced)),
        ("kicks.needed", Figure.Needed, static cpu => cpu.Kicks.Verdict(KickVerdict.Needed)),
        ("kicks.never", Figure.Never, static cpu => cpu.Kicks.Verdict(KickVerdict.NeverDeferrable)),
        ("kicks.unknown", Figure.Undecided, static cpu => cpu.Kicks.Verdict(KickVerdict.Unknown)),
        ("kicks.latency", Figure.Latency, null),
        ("kicks.unmatched", Figure.Unmatched, null),
        ("kicks.toItself", Figure.SelfKicks, static cpu => cpu.Kicks.SelfKicks),
        ("schemes", Figure.Prices, null),
        ("schemes.savedBreaks", Figure.SavedBreaks, null),
    ];

    /// <summary>The figures that cannot be told, with what they lack.</summary>
    public static IReadOnlyDictionary<string, Document.GapOf> NotKnown(CpuReport cpu, TraceTimes times)
    {
        var gaps = new Dictionary<string, Document.GapOf>(StringComparer.Ordinal);
        foreach (var (name, figure, counted) in s_figures)
        {
            var certainty = cpu.Knowledge.Of(figure);
            if (certainty == Certainty.Known)
                continue;
            var missing = cpu.Knowledge.MissingFor(figure).Select(TraceWords.Json).ToList();
            gaps.Add(name, new Document.GapOf(missing, certainty == Certainty.AtLeast ? counted?.Invoke(cpu) : null));
        }

        return gaps;
    }

    /// <summary>Names of the figures that are not told.</summary>
    public static IEnumerable<string> NamesWithout(Func<Figure, bool> isTold) =>
        s_figures.Where(one => !isTold(one.Figure)).Select(static one => one.Name);

    /// <summary>
    /// Time in a state; null where the trace cannot tell it. That nothing is known of it is always known.
    /// </summary>
    public static long? Time(CpuReport cpu, CpuState state, TraceTimes times) =>
        OfState(state) is { } figure && cpu.Knowledge.Of(figure) != Certainty.Known
            ? null
            : times.Round(cpu.Time(state));

    /// <summary>The figure that the interrupts of a cause are; null for what has no event of its own.</summary>
    public static Figure? OfCause(EntryCause cause) =>
        cause switch
        {
            EntryCause.FunctionCall => Figure.FunctionCalls,
            EntryCause.Reschedule => Figure.Reschedules,
            EntryCause.IrqWork => Figure.IrqWorks,
            EntryCause.Tick => Figure.Ticks,
            EntryCause.Device => Figure.Devices,
            EntryCause.Nmi => Figure.Nmis,
            _ => null,
        };

    /// <summary>The figure that the time in a state is.</summary>
    public static Figure? OfState(CpuState state) =>
        state switch
        {
            CpuState.UserEqs => Figure.TimeUserEqs,
            CpuState.User => Figure.TimeUser,
            CpuState.Idle => Figure.TimeIdle,
            CpuState.Guest => Figure.TimeGuest,
            CpuState.Kernel => Figure.TimeKernel,
            _ => null,
        };

    /// <summary>The figure that the kicks of a verdict are.</summary>
    public static Figure Of(KickVerdict verdict) =>
        verdict switch
        {
            KickVerdict.Needless => Figure.Needless,
            KickVerdict.Raced => Figure.Raced,
            KickVerdict.Needed => Figure.Needed,
            KickVerdict.NeverDeferrable => Figure.Never,
            _ => Figure.Undecided,
        };
}
