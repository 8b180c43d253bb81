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
                DiffText.Write(document, terminal);
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
                return new(cpu, ChangeVerdict.CannotTell, $"{side.Name} has no events of this CPU", null, null, []);
        }

        // Whoever has user mode to lose is judged by that; a CPU that only idles by its wake-ups.
        var judge = UserTime(first!) + UserTime(second!) > 0 ? DiffMetric.Breaks : DiffMetric.Wakes;
        var metrics = DiffMetric.Rates.Select(metric => Metric(metric, cpu, before, after)).ToList();
        var verdict = metrics.First(metric => metric.Name == judge.Name).Verdict;
        return new(
            cpu,
            verdict,
            verdict == ChangeVerdict.CannotTell
                ? $"{(judge.IsTold(cpu, before) ? after : before).Name} lacks events that {judge.Name} are made of"
                : $"{judge.Name} per second",
            Longest(cpu, before),
            Longest(cpu, after),
            metrics
        );
    }

    private static long? Longest(int cpu, DiffSide side) =>
        DiffMetric.Longest.IsTold(cpu, side) ? (long)Math.Round(DiffMetric.Longest.Of([cpu], side)) : null;

    private static ulong UserTime(CpuReport cpu) => cpu.Time(CpuState.User) + cpu.Time(CpuState.UserEqs);

    private static ReportDiffDocument.Metric Metric(DiffMetric metric, int cpu, DiffSide before, DiffSide after)
    {
        var change = metric.Change([cpu], before, after);
        var (first, second) = (metric.IsTold(cpu, before), metric.IsTold(cpu, after));
        var isTold = first && second && !change.IsEmpty;
        var isShare = isTold && change.HasPercent;
        return new(
            metric.Name,
            first ? (long)Math.Round(metric.Of([cpu], before)) : null,
            second ? (long)Math.Round(metric.Of([cpu], after)) : null,
            first ? change.RateBefore : null,
            second ? change.RateAfter : null,
            isShare ? change.Percent : null,
            isShare ? change.Interval.Low : null,
            isShare ? change.Interval.High : null,
            isTold ? change.RateAfter - change.RateBefore : null,
            isTold ? change.Difference.Low : null,
            isTold ? change.Difference.High : null,
            first && second ? change.Verdict : ChangeVerdict.CannotTell
        );
    }

    private static bool? IsCrossed(DiffCondition condition, List<int> numbers, DiffSide before, DiffSide after) =>
        condition.IsCrossed(condition.Cpus is { } asked ? [.. asked.Order()] : numbers, before, after);

    private static string What(string condition) =>
        DiffCondition.TryParse(condition, out var known, out _) && known.Metric == DiffMetric.Longest
            ? "the longest break is"
            : "the whole interval is";

    private int Status(ReportDiffDocument document)
    {
        var status = ExitStatus.Done;
        foreach (var condition in document.FailOn)
        {
            if (condition.Crossed == false)
                continue;
            errors.WriteLine(
                condition.Crossed is null
                    ? $"lazykick: {condition.Text}: cannot tell: one of the recordings lacks events of these CPUs that "
                        + "this is made of"
                    : $"lazykick: {condition.Text}: {What(condition.Text)} beyond"
            );
            status = Math.Max(status, condition.Crossed is null ? ExitStatus.CannotTell : ExitStatus.Violated);
        }

        return status;
    }
}
