using System.Globalization;
using Lazykick.Cli.Output;
using Lazykick.Traces;

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
        terminal.Line($"What schemes would have left of the {Count(interrupts)} interrupts to CPU {CpuListText.Of(cpus.Select(static cpu => cpu.Cpu))}");
        var table = new TextTable("scheme", "skips", "deferred", "interrupts left", "at least..at most", "another run", "breaks saved", "wake-ups saved", "time saved", "done at", "added");
        foreach (var group in Enumerable.Range(0, report.Schemes.Count).GroupBy(index => PolicyOf(report.Schemes[index])))
        {
            var prices = cpus.Select(cpu => cpu.Schemes[group.First()]).ToList();
            long Sum(Func<SchemeOutcome, long> of) => prices.Sum(price => of(price.Expected));
            table.Add(
                string.Join(" ", group.Select(index => report.Schemes[index].Name + (report.Schemes[index].Warning is null ? "" : "*"))),
                group.Key,
                $"{Count(Sum(static outcome => outcome.Skipped))} of {Count(Sum(static outcome => outcome.Served))}",
                Count(Sum(static outcome => outcome.InterruptsLeft)),
                $"{Count(prices.Sum(static price => price.Most.InterruptsLeft))}..{Count(prices.Sum(static price => price.Fewest.InterruptsLeft))}",
                string.Create(CultureInfo.InvariantCulture, $"{prices.Sum(static price => Math.Floor(price.AnotherRun.Low)):N0}..{prices.Sum(static price => Math.Ceiling(price.AnotherRun.High)):N0}"),
                Count(Sum(static outcome => outcome.UserBreaksAvoided + outcome.GuestExitsAvoided)),
                Count(Sum(static outcome => outcome.IdleWakesAvoided)),
                times.Duration((ulong)Sum(static outcome => (long)outcome.TimeSaved)),
                $"{Count(Sum(static outcome => outcome.CatchUps))} returns",
                Count(Sum(static outcome => outcome.InterruptsAdded)));
        }

        table.Write(terminal, 0, 1);
        foreach (var group in report.Schemes.Where(static scheme => scheme.Warning is not null).GroupBy(static scheme => scheme.Warning))
            terminal.Line(($"  * {string.Join(", ", group.Select(static scheme => scheme.Name))}: {group.Key}", "yellow"));
        terminal.Line();
    }

    private static string PolicyOf(SkipRule rule)
    {
        var states = rule.Skips.Select(static state => state switch
        {
            CpuState.UserEqs => "user EQS",
            CpuState.User => "user",
            CpuState.Idle => "idle",
            CpuState.Guest => "guest",
            _ => "kernel",
        });
        return rule.Skips.Count == 0 ? "nobody" : $"{string.Join(", ", rule.Serves)}: {string.Join(", ", states)}";
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
