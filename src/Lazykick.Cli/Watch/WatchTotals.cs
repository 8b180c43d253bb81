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
    IReadOnlyDictionary<WatchTotals.SenderName, WatchTotals.Sender> Senders
)
{
    private static readonly EntryCause[] s_causes = Enum.GetValues<EntryCause>();
    private static readonly CpuState[] s_states = Enum.GetValues<CpuState>();

    /// <summary>
    /// A CPU: nanoseconds by state, breaks of user mode, their nanoseconds, kicks asked for, nanoseconds of the longest
    /// break.
    /// </summary>
    internal sealed record Cpu(ulong[] Times, long Breaks, ulong Stolen, long Kicks, ulong Longest);

    /// <summary>What tells senders apart.</summary>
    internal sealed record SenderName(int Pid, string? Function, string? CallSite, EntryCause Vector);

    /// <summary>A sender: kicks, interrupts, nanoseconds stolen, and the row that describes it.</summary>
    internal sealed record Sender(long Kicks, long Interrupts, ulong Stolen, SenderReport Row);

    public static WatchTotals Of(TraceReport report)
    {
        var senders = new Dictionary<SenderName, Sender>();
        foreach (var sender in report.Senders)
        {
            var name = new SenderName(sender.Pid, sender.Function, sender.CallSite, sender.Vector);
            senders[name] = new Sender(sender.Kicks, sender.Interrupts, sender.Stolen, sender);
        }

        return new WatchTotals(
            report.Start,
            report.End,
            report.LostEvents,
            report.Selection.Cpus.ToDictionary(
                c => c.Cpu,
                c => new Cpu([.. s_states.Select(c.Time)], Breaks(c), Stolen(c), c.Kicks.Count, c.LongestBreak)
            ),
            senders
        );
    }

    private static long Breaks(CpuReport cpu) =>
        s_causes.Sum(cause => cpu.Breaks(cause, CpuState.User) + cpu.Breaks(cause, CpuState.UserEqs));

    private static ulong Stolen(CpuReport cpu)
    {
        ulong time = 0;
        foreach (var cause in s_causes)
            time += cpu.BreakTime(cause, CpuState.User) + cpu.BreakTime(cause, CpuState.UserEqs);
        return time;
    }
}
