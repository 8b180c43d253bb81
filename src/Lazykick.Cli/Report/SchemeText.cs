using System.Globalization;
using Lazykick.Cli.Output;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Report;

/// <summary>What each scheme would have left; schemes with the same policy share a row.</summary>
internal sealed class SchemeText(Terminal terminal)
{
    public void Write(TraceReport report, TraceTimes times)
    {
        if (report.Schemes.Count == 0)
            return;
        var cpus = report.Selection.Cpus;
        var interrupts = cpus.Sum(static cpu => cpu.Kicks.Interrupts);
        terminal.Line(
            $"What schemes would have left of the {Count(interrupts)} interrupts to CPU {CpuListText.Of(cpus.Select(static cpu => cpu.Cpu))}"
        );
        var table = new TextTable(
            "scheme",
            "deferred",
            "left",
            "bounds",
            "another run",
            "added",
            "breaks saved",
            "wake-ups saved",
            "time saved",
            "catch-ups"
        );
        var legend = new List<string>();
        foreach (
            var group in Enumerable.Range(0, report.Schemes.Count).GroupBy(index => PolicyOf(report.Schemes[index]))
        )
        {
            var members = group.OrderBy(index => report.Schemes[index], SchemeOrder.Instance).ToList();
            var prices = cpus.Select(cpu => cpu.Schemes[members[0]]).ToList();
            legend.Add(
                $"{NameOf(report.Schemes[members[0]])}: {group.Key}{(members.Count > 1 ? $"; so do {string.Join(", ", members.Skip(1).Select(index => NameOf(report.Schemes[index])))}" : "")}"
            );
            long Sum(Func<SchemeOutcome, long> of) => prices.Sum(price => of(price.Expected));
            table.Add(
                NameOf(report.Schemes[members[0]]),
                $"{Count(Sum(static outcome => outcome.Skipped))} of {Count(Sum(static outcome => outcome.Served))}",
                Count(Sum(static outcome => outcome.InterruptsLeft)),
                $"{Count(prices.Sum(static price => price.Most.InterruptsLeft))}..{Count(prices.Sum(static price => price.Fewest.InterruptsLeft))}",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{prices.Sum(static price => Math.Floor(price.AnotherRun.Low)):N0}..{prices.Sum(static price => Math.Ceiling(price.AnotherRun.High)):N0}"
                ),
                Count(Sum(static outcome => outcome.InterruptsAdded)),
                Count(Sum(static outcome => outcome.UserBreaksAvoided + outcome.GuestExitsAvoided)),
                Count(Sum(static outcome => outcome.IdleWakesAvoided)),
                times.Duration((ulong)Sum(static outcome => (long)outcome.TimeSaved)),
                Count(Sum(static outcome => outcome.CatchUps))
            );
        }

        table.Write(terminal, 0);
        foreach (var line in legend)
            terminal.Line($"  {line}");
        foreach (
            var group in report
                .Schemes.Where(static scheme => SchemeWarning.Of(scheme) is not null)
                .GroupBy(SchemeWarning.Of)
        )
        {
            terminal.Line(
                ($"  * {string.Join(", ", group.Select(static scheme => scheme.Name))}: {group.Key}", "yellow")
            );
        }

        terminal.Line();
    }

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
