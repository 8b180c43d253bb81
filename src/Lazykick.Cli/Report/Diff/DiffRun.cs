using System.Globalization;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Comparing;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Report.Diff;

/// <summary>
/// Runs <c>report --diff BEFORE AFTER</c>: what changed between two recordings, and whether by chance.
/// </summary>
internal sealed class DiffRun(
    ReportSettings settings,
    IReadOnlyList<DiffCondition> conditions,
    TextWriter errors,
    CancellationToken cancellation
)
{
    public int Execute(Stream output, Terminal terminal)
    {
        try
        {
            using var before = new DiffSide(settings.Files[0], settings, cancellation);
            using var after = new DiffSide(settings.Files[1], settings, cancellation);
            foreach (var side in new[] { before, after })
            {
                if (side.Seconds > 0)
                    continue;
                errors.WriteLine($"lazykick: {side.Name}: nothing was recorded in the part that was asked for");
                return ExitStatus.WrongInput;
            }

            var document = Compare(before, after);
            if (settings.Json)
                JsonOutput.Write(output, document, JsonOutput.Documents.ReportDiffDocument);
            else
                WriteText(document, terminal);
            return Status(document);
        }
        catch (TraceException error)
        {
            errors.WriteLine($"lazykick: {error.Message}");
            return ExitStatus.WrongInput;
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine("lazykick: report --diff: interrupted");
            return ExitStatus.GaveUp;
        }
    }

    private ReportDiffDocument Compare(DiffSide before, DiffSide after)
    {
        var numbers = before
            .Report.Selection.Cpus.Concat(after.Report.Selection.Cpus)
            .Select(static cpu => cpu.Cpu)
            .Distinct()
            .Order()
            .ToList();
        return new ReportDiffDocument(
            "lazykick.report-diff/1",
            Recording(before),
            Recording(after),
            Notes(before, after),
            [.. numbers.Select(cpu => CompareCpu(cpu, before, after))],
            [
                .. conditions.Select(condition => new ReportDiffDocument.Condition(
                    condition.Text,
                    IsCrossed(condition, numbers, before, after)
                )),
            ]
        );
    }

    private static ReportDiffDocument.Recording Recording(DiffSide side) =>
        new(side.Name, side.Report.Trace.KernelRelease, side.Seconds);

    private static List<string> Notes(DiffSide before, DiffSide after)
    {
        var notes = new List<string>();
        if (before.Report.Trace.KernelRelease != after.Report.Trace.KernelRelease)
            notes.Add("The kernels differ: what is traced, and what it is called, may differ as well.");
        foreach (var side in new[] { before, after })
        {
            if (side.Report.LossGaps > 0)
                notes.Add($"{side.Name}: events are missing in {side.Report.LossGaps} places: its rates are too low.");
            if (side.Report.Damage.Count > 0)
                notes.Add($"{side.Name}: the file is damaged: its rates are of what could be read.");
        }

        var kinds = before.Report.Limits.Select(static limit => limit.Text).ToHashSet(StringComparer.Ordinal);
        if (!kinds.SetEquals(after.Report.Limits.Select(static limit => limit.Text)))
            notes.Add("The recordings cannot tell the same: look at the limits that `lazykick report` names for each.");
        return notes;
    }

    private static ReportDiffDocument.Cpu CompareCpu(int cpu, DiffSide before, DiffSide after)
    {
        var (first, second) = (before.Cpu(cpu), after.Cpu(cpu));
        foreach (var (side, report) in new[] { (before, first), (after, second) })
        {
            if (report is not { HasEvents: true })
                return new(cpu, ChangeVerdict.CannotTell, $"{side.Name} has no events of this CPU", []);
        }

        var changes = DiffMetric.All.ToDictionary(
            static metric => metric,
            metric => Change(metric, [cpu], before, after)
        );
        // Whoever has user mode to lose is judged by that; a CPU that only idles by its wake-ups.
        var judge = UserTime(first!) + UserTime(second!) > 0 ? DiffMetric.Breaks : DiffMetric.Wakes;
        return new(
            cpu,
            changes[judge].Verdict,
            $"{judge.Name} per second",
            [.. changes.Select(static pair => Metric(pair.Key, pair.Value))]
        );
    }

    private static ulong UserTime(CpuReport cpu) => cpu.Time(CpuState.User) + cpu.Time(CpuState.UserEqs);

    private static RateChange Change(DiffMetric metric, IReadOnlyList<int> cpus, DiffSide before, DiffSide after) =>
        new(
            cpus.Sum(cpu => before.Cpu(cpu) is { } report ? metric.Count(report) : 0),
            cpus.Sum(cpu => after.Cpu(cpu) is { } report ? metric.Count(report) : 0),
            before.Seconds,
            after.Seconds,
            Math.Max(before.Dispersion(cpus), after.Dispersion(cpus))
        );

    private static ReportDiffDocument.Metric Metric(DiffMetric metric, RateChange change) =>
        new(
            metric.Name,
            change.Before,
            change.After,
            change.RateBefore,
            change.RateAfter,
            change.Percent,
            change.IsEmpty ? null : change.Interval.Low,
            change.IsEmpty ? null : change.Interval.High,
            change.Verdict
        );

    private static bool? IsCrossed(DiffCondition condition, List<int> numbers, DiffSide before, DiffSide after)
    {
        var cpus = condition.Cpus is { } asked ? asked.Order().ToList() : numbers;
        var told =
            cpus.Count > 0
            && cpus.All(cpu => before.Cpu(cpu) is { HasEvents: true } && after.Cpu(cpu) is { HasEvents: true });
        return told ? condition.IsCrossed(Change(condition.Metric, cpus, before, after)) : null;
    }

    private static void WriteText(ReportDiffDocument document, Terminal terminal)
    {
        foreach (var (label, side) in new[] { ("before", document.Before), ("after ", document.After) })
            terminal.Line(Text($"{label}  {side.Name}: {side.Seconds:0.###} s, kernel {side.Kernel ?? "unknown"}"));
        foreach (var note in document.Notes)
            terminal.Line(note);
        foreach (var cpu in document.Cpus)
        {
            terminal.Line();
            terminal.Line(($"CPU {cpu.Number}: {Words(cpu)}", "bold"));
            if (cpu.Metrics.Count == 0)
                continue;
            var table = new TextTable("per second", "before", "after", "change", "95 %", "");
            foreach (var metric in cpu.Metrics)
            {
                table.Add(
                    metric.Name,
                    Text($"{metric.PerSecondBefore:0.##}"),
                    Text($"{metric.PerSecondAfter:0.##}"),
                    metric.ChangePercent is { } percent ? Text($"{percent:+0.#;-0.#;0} %") : "-",
                    metric.IntervalLow is null
                        ? "-"
                        : Text($"{metric.IntervalLow:+0.#;-0.#;0}..{metric.IntervalHigh:+0.#;-0.#;0} %"),
                    Words(metric.Verdict)
                );
            }

            table.Write(terminal, 0, 5);
        }

        terminal.Line();
        terminal.Line(
            "Rates are per second of the recording. The interval takes the bursts in which kicks come into account,"
        );
        terminal.Line("and that both recordings are samples; not that the load may have been another one.");
    }

    private static string Words(ReportDiffDocument.Cpu cpu) =>
        cpu.Verdict switch
        {
            ChangeVerdict.CannotTell => $"cannot tell: {cpu.Why}",
            ChangeVerdict.NotShown => $"no difference shown in {cpu.Why}",
            _ => $"{Words(cpu.Verdict)} {cpu.Why}",
        };

    private static string Words(ChangeVerdict verdict) =>
        verdict switch
        {
            ChangeVerdict.Fewer => "fewer",
            ChangeVerdict.More => "more",
            _ => "",
        };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private int Status(ReportDiffDocument document)
    {
        var status = ExitStatus.Done;
        foreach (var condition in document.FailOn)
        {
            if (condition.Crossed == false)
                continue;
            errors.WriteLine(
                condition.Crossed is null
                    ? $"lazykick: {condition.Text}: cannot tell: one of the recordings has no events of these CPUs"
                    : $"lazykick: {condition.Text}: the whole interval is beyond"
            );
            status = Math.Max(status, condition.Crossed is null ? ExitStatus.CannotTell : ExitStatus.Violated);
        }

        return status;
    }
}
