using Lazykick.Cli.Report;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Watch;

/// <summary>
/// The totals of a live analysis at one moment. A report of a running analysis shows its totals as they go on; rates
/// need two that stand still.
/// </summary>
internal sealed record WatchTotals(
    ulong Start,
    ulong End,
    long LostEvents,
    IReadOnlyDictionary<int, WatchTotals.Cpu> Cpus,
    IReadOnlyDictionary<string, BreakCauseReport> Causes,
    IReadOnlyDictionary<string, BreakCauseReport> Wakes,
    IReadOnlyDictionary<WatchTotals.SenderName, WatchTotals.Sender> Senders,
    IReadOnlyList<string> Limits
)
{
    private static readonly CpuState[] s_states = Enum.GetValues<CpuState>();

    /// <summary>
    /// A CPU: nanoseconds by state, breaks of user mode and guests, their nanoseconds, kicks asked for, its task's own
    /// entries, nanoseconds of the longest break. Null is what the events cannot tell.
    /// </summary>
    internal sealed record Cpu(
        ulong[] Times,
        long? Breaks,
        ulong? Stolen,
        long Kicks,
        long? OwnEntries,
        ulong? Longest
    );

    /// <summary>What tells senders apart.</summary>
    internal sealed record SenderName(int Pid, string? Function, string? CallSite, EntryCause Vector);

    /// <summary>A sender: kicks, interrupts, nanoseconds stolen, and the row that describes it.</summary>
    internal sealed record Sender(long Kicks, long Interrupts, ulong Stolen, SenderReport Row);

    public static WatchTotals Of(TraceReport report)
    {
        var senders = new Dictionary<SenderName, Sender>();
        foreach (var sender in report.Senders)
        {
            // Rows that differ in what the name leaves out, the system call for example, are one sender here.
            var name = new SenderName(sender.Pid, sender.Function, sender.CallSite, sender.Vector);
            var before = senders.GetValueOrDefault(name);
            senders[name] = new Sender(
                (before?.Kicks ?? 0) + sender.Kicks,
                (before?.Interrupts ?? 0) + sender.Interrupts,
                (before?.Stolen ?? 0) + sender.Stolen,
                before?.Row ?? sender
            );
        }

        return new WatchTotals(
            report.Start,
            report.End,
            report.LostEvents,
            report.Selection.Cpus.ToDictionary(static c => c.Cpu, CpuOf),
            report.BreakCauses.ToDictionary(static c => c.Cause.Name, StringComparer.Ordinal),
            report.WakeCauses.ToDictionary(static c => c.Cause.Name, StringComparer.Ordinal),
            senders,
            WatchLimits.Of(report)
        );
    }

    private static Cpu CpuOf(CpuReport cpu)
    {
        bool Tells(Figure figure) =>
            cpu.HasEvents
            && (cpu.Knowledge.Of(figure) == Certainty.AtLeast || LiveKnowledge.Tells(cpu, figure));

        return new Cpu(
            [.. s_states.Select(cpu.Time)],
            Tells(Figure.Breaks) ? Breaks.OfUser(cpu, static cause => cause.IsOutside()) : null,
            Tells(Figure.BreakTime) ? Breaks.TimeOfUser(cpu, static cause => cause.IsOutside()) : null,
            cpu.Kicks.Count,
            Tells(Figure.OwnEntries) ? cpu.SelfExits : null,
            Tells(Figure.BreakTime) ? cpu.LongestBreak : null
        );
    }
}
