using System.Globalization;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Report;

/// <summary>What each scheme would have left; schemes with the same policy share a row.</summary>
internal sealed class SchemeText(TextPage page)
{
    public void Write(TraceReport report, TraceTimes times, bool wasAsked)
    {
        if (report.Schemes.Count == 0)
            return;
        var cpus = report
            .Selection.Cpus.Where(static cpu => cpu.Knowledge.Of(Figure.Prices) == Certainty.Known)
            .ToList();
        WriteUnknown(report.Selection.Cpus.Except(cpus).ToList());
        if (cpus.Count == 0)
            return;
        var groups = Groups(report, cpus, wasAsked);
        if (groups.Count == 0)
        {
            page.Line("No scheme of the catalogue for this architecture serves a kick of this trace.");
            return;
        }

        var interrupts = cpus.Sum(static cpu => cpu.Kicks.Interrupts);
        page.Line(
            $"What schemes would have left of the {Count(interrupts)} interrupts to CPU "
                + $"{CpuListText.Of(cpus.Select(static cpu => cpu.Cpu))}"
        );
        var table = new TextTable(
            "scheme",
            "deferred",
            "left",
            "bounds",
            "another run",
            "breaks",
            "wakes",
            "time saved"
        );
        foreach (var members in groups)
        {
            var prices = cpus.Select(cpu => cpu.Schemes[members[0]]).ToList();
            var saved = cpus.All(static cpu => cpu.Knowledge.Of(Figure.SavedBreaks) == Certainty.Known) ? "" : "<=";
            long Sum(Func<SchemeOutcome, long> of) => prices.Sum(price => of(price.Expected));
            table.Add(
                NameOf(report.Schemes[members[0]]),
                $"{Count(Sum(static outcome => outcome.Skipped))} of {Count(Sum(static outcome => outcome.Served))}",
                Count(Sum(static outcome => outcome.InterruptsLeft)),
                $"{Count(prices.Sum(static price => price.Most.InterruptsLeft))}.."
                    + $"{Count(prices.Sum(static price => price.Fewest.InterruptsLeft))}",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{prices.Sum(static price => Math.Floor(price.AnotherRun.Low)):N0}.."
                        + $"{prices.Sum(static price => Math.Ceiling(price.AnotherRun.High)):N0}"
                ),
                saved + Count(Sum(static outcome => outcome.UserBreaksAvoided + outcome.GuestExitsAvoided)),
                saved + Count(Sum(static outcome => outcome.IdleWakesAvoided)),
                saved + times.Duration((ulong)Sum(static outcome => (long)outcome.TimeSaved))
            );
        }

        page.Table(table, 0);
        foreach (var members in groups)
        {
            var others = members.Skip(1).Select(index => NameOf(report.Schemes[index])).ToList();
            Wrap(
                $"{NameOf(report.Schemes[members[0]])}: "
                    + $"{PolicyOf(report.Schemes[members[0]])}"
                    + $"{(others.Count > 0 ? $"; so do {string.Join(", ", others)}" : "")}"
            );
        }

        WriteWarnings(
            [.. groups.SelectMany(static members => members).Select(index => report.Schemes[index])],
            wasAsked
        );
        page.Line();
    }

    private void WriteUnknown(List<CpuReport> cpus)
    {
        if (cpus.Count == 0)
            return;
        var missing = cpus.SelectMany(static cpu => cpu.Knowledge.MissingFor(Figure.Prices)).Distinct();
        Wrap(
            $"What schemes would have changed for CPU {CpuListText.Of(cpus.Select(static cpu => cpu.Cpu))} cannot be "
                + $"told; missing: {string.Join("; ", missing.Select(TraceWords.Of))}."
        );
    }

    /// <summary>
    /// Schemes of one policy share a row; what nobody asked for is shown where it serves a kick of the trace.
    /// </summary>
    private static List<List<int>> Groups(TraceReport report, List<CpuReport> cpus, bool wasAsked) =>
        [
            .. Enumerable
                .Range(0, report.Schemes.Count)
                .GroupBy(index => report.Schemes[index].Policy, StringComparer.Ordinal)
                .Select(group => group.OrderBy(index => report.Schemes[index], SchemeOrder.Instance).ToList())
                .Where(members => wasAsked || cpus.Any(cpu => cpu.Schemes[members[0]].Expected.Served > 0)),
        ];

    private void WriteWarnings(List<SkipRule> rules, bool wasAsked)
    {
        if (wasAsked)
        {
            foreach (
                var group in rules.Where(static rule => SchemeWarning.Of(rule) is not null).GroupBy(SchemeWarning.Of)
            )
            {
                Wrap($"* {string.Join(", ", group.Select(static rule => rule.Name))}: {group.Key}");
            }

            return;
        }

        var refuted = rules.Where(static rule => rule.Refutation is not null).ToList();
        if (refuted.Count > 0)
        {
            var races = refuted.Select(static rule => $"{rule.Name} ({rule.Refutation!.Property})");
            Wrap($"* refuted: {string.Join(", ", races)}; 'lazykick check NAME' draws the race");
        }
    }

    private void Wrap(string line) => page.Prose("  ", line, "    ");

    private static string NameOf(SkipRule rule) => SchemeWarning.Of(rule) is null ? rule.Name : rule.Name + "*";

    private static string PolicyOf(SkipRule rule)
    {
        var states = rule.Skips.Select(static state =>
            state switch
            {
                CpuState.UserEqs => "user EQS",
                CpuState.User => "user",
                CpuState.Idle => "idle",
                CpuState.Guest => "guest",
                _ => "kernel",
            }
        );
        return rule.Skips.Count == 0
            ? "skips nobody"
            : $"skips {string.Join(", ", rule.Serves)} to {string.Join(", ", states)}";
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
