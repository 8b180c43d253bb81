using System.Globalization;
using Lazykick.Cli.Output;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Report;

/// <summary>The report for people: the point first, a page long.</summary>
internal sealed class ReportText(Terminal terminal, bool everything, bool schemesWereAsked)
{
    private const int MostCpus = 8;
    private const int MostSenders = 8;
    private const int MostDamage = 3;

    private const int MostTasks = 5;

    private readonly TextPage _page = TextPage.Of(terminal);

    public void Write(TraceReport report, string name, string? phase, TaskFilter? tasks)
    {
        var times = new TraceTimes(report.Trace);
        var cpus = Interesting(report.Selection.Cpus);
        WriteTrace(report, name, phase, tasks, times);
        WriteHeadlines(report, cpus, times);
        WriteLimits(report);
        new BreakText(_page, everything).Write(report, cpus, times);
        WriteTimes(report, cpus);
        WriteKicks(cpus, times);
        WriteSenders(report, times);
        if (everything || report.Senders.Count > 2 * MostSenders)
        {
            WriteTasks("By the senders' names", report.SendersByTask, new TargetKnowledge(report), times);
            WriteTasks("By the senders' cgroups", report.SendersByCgroup, new TargetKnowledge(report), times);
        }

        new SchemeText(_page).Write(report, times, schemesWereAsked);
        WriteDamage(report);
    }

    private void WriteTrace(TraceReport report, string name, string? phase, TaskFilter? tasks, TraceTimes times)
    {
        var trace = report.Trace;
        var kernel = trace.KernelRelease is { } release
            ? $", kernel {release}{(trace.Machine is { } machine ? $" {machine}" : "")}"
            : "";
        terminal.Line((name, "bold"), (kernel, ""));
        var wall = times.WallClock(report.Selection.From) is { } utc ? $" ({utc})" : "";
        var scope = phase is null ? "" : $"phase {phase}, ";
        _page.Line(
            $"{scope}{times.Duration(report.Selection.Duration)} from {times.Point(report.Selection.From)}{wall}, "
                + $"clock {(trace.Clock.Length > 0 ? trace.Clock : "unknown")}; {Count(report.Events)} events in the "
                + "trace"
        );
        if (report.Phases.Count > 0)
            _page.Line($"phases: {string.Join(" ", report.Phases.Select(static phase => phase.Name))}");
        if (tasks is not null)
        {
            _page.Line(
                $"breaks of {tasks.Text} only; states, interrupts, wake-ups and kicks are those of the CPUs, whatever "
                    + "ran"
            );
        }

        terminal.Line();
    }

    private void WriteHeadlines(TraceReport report, List<CpuReport> cpus, TraceTimes times)
    {
        foreach (var line in Headline.All(report, cpus, times))
            _page.Line(line, "bold");
        terminal.Line();
    }

    private void WriteLimits(TraceReport report)
    {
        if (report.Limits.Count == 0)
            return;
        terminal.Line("This trace cannot tell everything:");
        foreach (var limit in report.Limits)
            _page.Prose("  ", limit.Text, "    ");
        terminal.Line();
    }

    private void WriteTimes(TraceReport report, List<CpuReport> cpus)
    {
        terminal.Line("Where the CPUs were, how often they came into the kernel by themselves, and what woke idle");
        var table = new TextTable(
            "CPU",
            "user EQS",
            "user",
            "idle",
            "guest",
            "kernel",
            "unknown",
            "own entries",
            "wakes",
            "by kicks"
        );
        foreach (var cpu in cpus.Where(static cpu => cpu.HasEvents))
        {
            var all = Math.Max(1, Enum.GetValues<CpuState>().Sum(state => (double)cpu.Time(state)));
            string Share(CpuState state)
            {
                var share =
                    cpu.Time(state) == 0
                        ? TextTable.None
                        : string.Create(CultureInfo.InvariantCulture, $"{100 * cpu.Time(state) / all:0.00} %");
                return CpuFigures.OfState(state) is { } figure
                    ? FigureText.Of(cpu, figure, share, cpu.Time(state) == 0)
                    : share;
            }

            table.Add(
                Number(cpu.Cpu),
                Share(CpuState.UserEqs),
                Share(CpuState.User),
                Share(CpuState.Idle),
                Share(CpuState.Guest),
                Share(CpuState.Kernel),
                Share(CpuState.Unknown),
                FigureText.Of(cpu, Figure.OwnEntries, cpu.SelfExits),
                FigureText.Of(cpu, Figure.Wakes, Breaks.OfIdle(cpu, static _ => true)),
                FigureText.Of(cpu, Figure.KickWakes, Breaks.OfIdle(cpu, static cause => cause.IsKick()))
            );
        }

        _page.Table(table);
        if (report.Selection.Cpus.Count > cpus.Count)
        {
            terminal.Line(
                $"  and {report.Selection.Cpus.Count - cpus.Count} CPUs with fewer kicks (--all, --cpus LIST)"
            );
        }

        terminal.Line();
    }

    private void WriteKicks(List<CpuReport> cpus, TraceTimes times)
    {
        terminal.Line("Kicks from other CPUs, and the time from asking to the run");
        var table = new TextTable(
            "CPU",
            "asked",
            "interrupts",
            "needless",
            "raced",
            "needed",
            "never",
            "unknown",
            "p50 <=",
            "p99 <=",
            "max"
        );
        foreach (var cpu in cpus)
        {
            var kicks = cpu.Kicks;
            var isSure = cpu.Knowledge.Of(Figure.Needless) != Certainty.Known || kicks.DoubtfulNeedless == 0;
            var doubt = isSure ? "" : string.Create(CultureInfo.InvariantCulture, $" (sure {cpu.NeedlessAtLeast})");
            string Verdict(KickVerdict verdict) => FigureText.Of(cpu, CpuFigures.Of(verdict), kicks.Verdict(verdict));
            string Latency(string time) => FigureText.OfWhole(cpu, Figure.Latency, time);
            table.Add(
                Number(cpu.Cpu),
                FigureText.Of(cpu, Figure.Asked, kicks.Count),
                FigureText.Of(cpu, Figure.Sent, kicks.Interrupts),
                Verdict(KickVerdict.Needless) + doubt,
                Verdict(KickVerdict.Raced),
                Verdict(KickVerdict.Needed),
                Verdict(KickVerdict.NeverDeferrable),
                Verdict(KickVerdict.Unknown),
                Latency(times.AtMost(kicks.LatencyQuantile(0.5))),
                Latency(times.AtMost(kicks.LatencyQuantile(0.99))),
                Latency(times.Duration(kicks.LongestLatency))
            );
        }

        _page.Table(table);
        if (cpus.Any(static cpu => cpu.Kicks.Verdict(KickVerdict.Unknown) > 0))
            terminal.Line("  unknown is part of the bounds: at most needless + unknown of them were needless");
        terminal.Line();
    }

    private void WriteSenders(TraceReport report, TraceTimes times)
    {
        if (report.Senders.Count == 0)
            return;
        terminal.Line("Who sent them, by the time that they took");
        var table = new TextTable("took", "kicks", "sent", "needless", "to CPU", "task", "why (what it ran)");
        var ordered = report.Senders.OrderByDescending(static sender => sender.Stolen).ToList();
        var shown = everything ? ordered : [.. ordered.Take(MostSenders)];
        var known = new TargetKnowledge(report);
        foreach (var sender in shown)
        {
            var needless = sender.Verdict(KickVerdict.Needless);
            table.Add(
                known.Text(sender.Targets, Figure.BreakTime, times.Duration(sender.Stolen), sender.Stolen == 0),
                Count(sender.Kicks),
                Count(sender.Interrupts),
                known.Text(sender.Targets, Figure.Needless, Count(needless), needless == 0),
                CpuListText.Of(sender.Targets),
                TaskOf(sender),
                WhyOf(sender)
            );
        }

        _page.Table(table, 4, 5, 6);
        if (report.Senders.Count > shown.Count)
            terminal.Line($"  and {Count(report.Senders.Count - shown.Count)} more (--all)");
        var own = report.Senders.Where(static sender => sender.IsRecorder).ToList();
        if (own.Count > 0)
        {
            _page.Line(
                $"  * lazykick record itself: {Count(own.Sum(static sender => sender.Kicks))} kicks that would not "
                    + "have been without the recording"
            );
        }

        terminal.Line();
    }

    private static string TaskOf(SenderReport sender) =>
        sender.Pid < 0 ? "(not in the trace)" : $"{sender.Task ?? "?"}-{Number(sender.Pid)}"
            + $"{(sender.IsRecorder ? "*" : "")}";

    private static string WhyOf(SenderReport sender)
    {
        var ran =
            sender.Function
            ?? sender.Vector switch
            {
                EntryCause.Reschedule => "reschedule",
                EntryCause.FunctionCall => "function not in the trace",
                _ => Breaks.NameOf(sender.Vector),
            };
        return sender.Cause.Name.StartsWith(ran, StringComparison.Ordinal)
            ? sender.Cause.Name
            : $"{sender.Cause.Name} ({ran})";
    }

    private void WriteTasks(
        string title,
        IReadOnlyList<TaskReport> tasks,
        TargetKnowledge known,
        TraceTimes times
    )
    {
        if (tasks.Count < 2)
            return;
        _page.Line(title);
        var table = new TextTable("needless", "kicks", "interrupts", "took", "tasks", "name");
        var shown = everything ? tasks : [.. tasks.Take(MostTasks)];
        foreach (var task in shown)
        {
            table.Add(
                known.Text(task.Targets, Figure.Needless, Count(task.Needless), task.Needless == 0),
                Count(task.Kicks),
                Count(task.Interrupts),
                known.Text(task.Targets, Figure.BreakTime, times.Duration(task.Stolen), task.Stolen == 0),
                Count(task.Tasks),
                task.Name
            );
        }

        _page.Table(table, 5);
        if (tasks.Count > shown.Count)
            terminal.Line($"  and {Count(tasks.Count - shown.Count)} more (--all)");
        terminal.Line();
    }

    private void WriteDamage(TraceReport report)
    {
        if (report.LostEvents > 0)
        {
            terminal.Line(
                (
                    $"The kernel lost {Breaks.Plural(report.LostEvents, "event")} in "
                        + $"{Breaks.Plural(report.LossGaps, "place")}.",
                    "yellow"
                )
            );
        }

        foreach (var damage in report.Damage.Take(MostDamage))
            _page.Line($"Damaged: {damage}", "yellow");
        if (report.Damage.Count > 0)
            terminal.Line(("What can be read before and after the damage is in this report.", "yellow"));
    }

    /// <summary>Isolated CPUs first, then those that were kicked most; the few that fit a page.</summary>
    private List<CpuReport> Interesting(IReadOnlyList<CpuReport> cpus)
    {
        var withEvents = cpus.Where(static cpu => cpu.HasEvents || cpu.Kicks.Count > 0);
        return everything
            ? [.. withEvents]
            :
            [
                .. withEvents
                    .OrderByDescending(static cpu => cpu.IsTracked)
                    .ThenByDescending(static cpu => cpu.Kicks.Count)
                    .ThenBy(static cpu => cpu.Cpu)
                    .Take(MostCpus)
                    .OrderByDescending(static cpu => cpu.IsTracked)
                    .ThenBy(static cpu => cpu.Cpu),
            ];
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
