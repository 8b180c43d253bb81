using System.Globalization;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Report;

/// <summary>
/// What broke the CPUs' isolation: how often and how long, the worst cases, the causes with their cures.
/// </summary>
internal sealed class BreakText(TextPage page, bool everything)
{
    private const int MostCauses = 8;
    private const int MostWakes = 5;
    private const int MostFrames = 4;
    private const string Indent = "           ";

    public void Write(TraceReport report, List<CpuReport> cpus, TraceTimes times)
    {
        WriteTotals(cpus, times);
        WriteWorst(report, times);
        WriteCauses(report, times);
        WriteWakes(report);
    }

    private void WriteTotals(List<CpuReport> cpus, TraceTimes times)
    {
        page.Line("What ended user mode from outside (breaks of isolation)");
        var table = new TextTable(
            "CPU",
            "breaks",
            "stolen",
            "p50 <=",
            "p99 <=",
            "longest",
            "calls",
            "resched",
            "timers",
            "irq_work",
            "devices",
            "other"
        );
        foreach (var cpu in cpus.Where(static cpu => cpu.HasEvents))
        {
            string Of(Figure figure, EntryCause wanted) =>
                FigureText.Of(cpu, figure, Breaks.OfUser(cpu, cause => cause == wanted));
            string Time(ulong time) => FigureText.Of(cpu, Figure.BreakTime, times.Duration(time), time == 0);
            string Quantile(double share) =>
                FigureText.OfWhole(cpu, Figure.BreakTime, times.AtMost(cpu.BreakQuantile(share)));
            table.Add(
                cpu.Cpu.ToString(CultureInfo.InvariantCulture),
                FigureText.Of(cpu, Figure.Breaks, Breaks.OfUser(cpu, static cause => cause.IsOutside())),
                Time(Breaks.TimeOfUser(cpu, static cause => cause.IsOutside())),
                Quantile(0.5),
                Quantile(0.99),
                Time(cpu.LongestBreak),
                Of(Figure.KickBreaks, EntryCause.FunctionCall),
                Of(Figure.KickBreaks, EntryCause.Reschedule),
                Of(Figure.Breaks, EntryCause.Tick),
                Of(Figure.KickBreaks, EntryCause.IrqWork),
                Of(Figure.Breaks, EntryCause.Device),
                FigureText.Of(
                    cpu,
                    Figure.Breaks,
                    Breaks.OfUser(cpu, static cause => cause is EntryCause.OtherIpi or EntryCause.Nmi)
                )
            );
        }

        page.Table(table);
        page.Line();
    }

    private void WriteWorst(TraceReport report, TraceTimes times)
    {
        if (report.WorstBreaks.Count == 0)
            return;
        page.Line($"The longest breaks{(report.LossGaps > 0 ? " that are in the trace" : "")}");
        foreach (var worst in report.WorstBreaks)
        {
            var chain = string.Join(", ", worst.Chain.Select(static step => NameOf(step.Cause, step.Name)));
            page.Prose(
                "  ",
                $"{times.Point(worst.Start)} CPU {worst.Cpu} {times.Duration(worst.Duration)} {worst.Task}: "
                    + $"{chain}{(worst.Cause.Name == chain ? "" : $". {worst.Cause.Name}")}{Sent(worst)}",
                Indent
            );
        }

        page.Line();
    }

    private static string Sent(BreakReport worst)
    {
        if (worst.Function is null && worst.Sender is null)
            return "";
        var by = worst.Sender is null ? " by a task that is not in the trace" : $" by {worst.Sender}";
        var call = worst.SystemCall is null ? "" : $" in {worst.SystemCall}()";
        var site = worst.CallSite is null ? "" : $" at {worst.CallSite}";
        return $"; {worst.Function ?? "sent"}{by}{call}{(worst.Stack.Count > 0 ? StackOf(worst.Stack) : site)}";
    }

    /// <summary>The frames that a reader needs: where it was called, and by whom.</summary>
    private static string StackOf(IReadOnlyList<string> stack) =>
        $" from {string.Join(" < ", stack.Take(MostFrames))}{(stack.Count > MostFrames ? " < .." : "")}";

    private void WriteCauses(TraceReport report, TraceTimes times)
    {
        if (report.BreakCauses.Count == 0)
            return;
        page.Line("Causes, by the time that they stole");
        var shown = everything ? report.BreakCauses : [.. report.BreakCauses.Take(MostCauses)];
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cause in shown)
        {
            var functions =
                cause.Functions.Count == 0 || cause.Cause.Name.StartsWith(cause.Functions[0], StringComparison.Ordinal)
                    ? ""
                    : $" ({string.Join(", ", cause.Functions.Take(2))}{(cause.Functions.Count > 2 ? ", .." : "")})";
            page.Prose(
                $"{times.Duration(cause.Time),9} ",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"in {Breaks.Plural(cause.Count, "break")}, longest {times.Duration(cause.Longest)}: "
                        + $"{cause.Cause.Name}{functions}"
                ),
                Indent
            );
            // The same advice once.
            if (cause.Cause.Cure is { } cure && told.Add(cure))
                page.Prose(Indent, cure, Indent);
        }

        if (report.BreakCauses.Count > shown.Count)
            page.Prose("  ", $"and {report.BreakCauses.Count - shown.Count} more (--all)", "  ");
        page.Line();
    }

    private void WriteWakes(TraceReport report)
    {
        if (report.WakeCauses.Count == 0)
            return;
        page.Line("What woke idle CPUs");
        var ordered = report.WakeCauses.OrderByDescending(static cause => cause.Count).ToList();
        var shown = everything ? ordered : [.. ordered.Take(MostWakes)];
        foreach (var cause in shown)
        {
            page.Prose(
                string.Create(CultureInfo.InvariantCulture, $"{cause.Count,9:N0} "),
                $"times: {cause.Cause.Name}",
                Indent
            );
        }

        if (ordered.Count > shown.Count)
        {
            page.Prose(
                "  ",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"and {ordered.Skip(shown.Count).Sum(static cause => cause.Count):N0} times for "
                        + $"{Breaks.Plural(ordered.Count - shown.Count, "other cause")} (--all)"
                ),
                "  "
            );
        }

        page.Line();
    }

    private static string NameOf(EntryCause cause, string? name) =>
        cause switch
        {
            EntryCause.FunctionCall => "function call",
            EntryCause.Reschedule => "reschedule",
            EntryCause.Tick => "timer",
            EntryCause.Device => name ?? "device",
            EntryCause.Nmi => "NMI",
            _ => Breaks.NameOf(cause),
        };
}
