using System.Globalization;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Traces.Comparing;

namespace Lazykick.Cli.Report.Diff;

/// <summary>What changed between two recordings, for people.</summary>
internal static class DiffText
{
    public static void Write(ReportDiffDocument document, Terminal terminal)
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
                table.Add(Row(metric));
            table.Write(terminal, TextPage.Of(terminal).Width, 0, 5);
            if (cpu.LongestBefore > 0 || cpu.LongestAfter > 0)
                terminal.Line($"  longest break: {Time(cpu.LongestBefore)} before, {Time(cpu.LongestAfter)} after");
        }

        terminal.Line();
        var metrics = document.Cpus.SelectMany(static cpu => cpu.Metrics).ToList();
        if (metrics.Exists(static metric => metric.Verdict == ChangeVerdict.CannotTell))
            terminal.Line($"{FigureText.Unknown}: events are missing that this is made of; report FILE says which.");
        if (metrics.Exists(static metric => metric is { ChangePercent: null, ChangePerSecond: not null }))
        {
            terminal.Line(
                "A change in /s: what was there before is less than ten, of which a percentage means nothing."
            );
        }

        terminal.Line(
            "Rates are per second of the recording. The interval takes the bursts in which kicks come into account,"
        );
        terminal.Line("and that both recordings are samples; not that the load may have been another one.");
    }

    private static string[] Row(ReportDiffDocument.Metric metric)
    {
        var isTime = DiffMetric.Find(metric.Name)!.IsTime;
        string Value(double? rate) =>
            rate is not { } known ? FigureText.Unknown
            : isTime ? Time(known)
            : Text($"{known:0.##}");
        string Signed(double? rate) => $"{(rate < 0 ? "-" : rate > 0 ? "+" : "")}{Value(Math.Abs(rate!.Value))}";

        var (change, interval) = (TextTable.None, TextTable.None);
        if (metric.ChangePercent is { } percent)
        {
            change = Text($"{percent:+0.#;-0.#;0} %");
            interval = Text($"{metric.IntervalLow:+0.#;-0.#;0}..{metric.IntervalHigh:+0.#;-0.#;0} %");
        }
        else if (metric.ChangePerSecond is not null)
        {
            change = $"{Signed(metric.ChangePerSecond)} /s";
            interval = $"{Signed(metric.ChangePerSecondLow)}..{Signed(metric.ChangePerSecondHigh)} /s";
        }

        return
        [
            metric.Name,
            Value(metric.PerSecondBefore),
            Value(metric.PerSecondAfter),
            change,
            interval,
            Words(metric.Verdict),
        ];
    }

    private static string Time(double? nanoseconds) =>
        nanoseconds switch
        {
            null => FigureText.Unknown,
            0 => "0",
            < 1e3 => Text($"{nanoseconds:0} ns"),
            < 1e6 => Text($"{nanoseconds / 1e3:0.#} us"),
            < 1e9 => Text($"{nanoseconds / 1e6:0.##} ms"),
            _ => Text($"{nanoseconds / 1e9:0.##} s"),
        };

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
            ChangeVerdict.CannotTell => "cannot tell",
            _ => "",
        };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
