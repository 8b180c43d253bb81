using System.Globalization;
using Lazykick.Cli.Output;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Report;

/// <summary>What broke the CPUs' isolation: how often and how long, the worst cases, the causes with their cures.</summary>
internal sealed class BreakText(Terminal terminal, bool everything, int width)
{
    private const int MostCauses = 8;

    public void Write(TraceReport report, List<CpuReport> cpus, TraceTimes times)
    {
        WriteTotals(cpus, times);
        WriteWorst(report, times);
        WriteCauses(report, times);
    }

    private void WriteTotals(List<CpuReport> cpus, TraceTimes times)
    {
        terminal.Line("What ended user mode from outside (breaks of isolation), and what woke idle");
        var table = new TextTable(
            "CPU", "breaks", "stolen", "p50", "p99", "longest", "calls", "resched", "ticks", "devices", "wakes",
            "by kicks");
        foreach (var cpu in cpus.Where(static cpu => cpu.HasEvents))
        {
            string Of(Figure figure, EntryCause wanted) =>
                FigureText.Of(cpu, figure, Breaks.OfUser(cpu, cause => cause == wanted));
            string Time(Func<string> of) => FigureText.Of(cpu, Figure.BreakTime, of());
            table.Add(
                cpu.Cpu.ToString(CultureInfo.InvariantCulture),
                FigureText.Of(cpu, Figure.Breaks, Breaks.OfUser(cpu, static cause => cause.IsOutside())),
                Time(() => times.Duration(Breaks.TimeOfUser(cpu, static cause => cause.IsOutside()))),
                Time(() => times.Duration(cpu.BreakQuantile(0.5))),
                Time(() => times.Duration(cpu.BreakQuantile(0.99))),
                Time(() => times.Duration(cpu.LongestBreak)),
                Of(Figure.KickBreaks, EntryCause.FunctionCall),
                Of(Figure.KickBreaks, EntryCause.Reschedule),
                Of(Figure.Breaks, EntryCause.Tick),
                Of(Figure.Breaks, EntryCause.Device),
                FigureText.Of(cpu, Figure.Wakes, Breaks.OfIdle(cpu, static _ => true)),
                FigureText.Of(cpu, Figure.KickWakes, Breaks.OfIdle(cpu, static cause => cause.IsKick())));
        }

        table.Write(terminal);
        terminal.Line();
    }

    private void WriteWorst(TraceReport report, TraceTimes times)
    {
        if (report.WorstBreaks.Count == 0)
            return;
        terminal.Line($"The longest breaks{(report.LossGaps > 0 ? " that are in the trace" : "")}");
        foreach (var worst in report.WorstBreaks)
        {
            var chain = string.Join(", ", worst.Chain.Select(static step => NameOf(step.Cause, step.Name)));
            var sent = worst.Function is null && worst.Sender is null
                ? ""
                : $"; {worst.Function ?? "sent"} by {worst.Sender ?? "a task that is not in the trace"}{(worst.CallSite is null ? "" : $" at {worst.CallSite}")}";
            Wrap($"  {times.Point(worst.Start)}  CPU {worst.Cpu}  {times.Duration(worst.Duration),8}  {worst.Task}: {chain}{sent}");
        }

        terminal.Line();
    }

    private void WriteCauses(TraceReport report, TraceTimes times)
    {
        if (report.BreakCauses.Count == 0)
            return;
        terminal.Line("Causes, by the time that they stole");
        var shown = everything ? report.BreakCauses : [.. report.BreakCauses.Take(MostCauses)];
        foreach (var cause in shown)
        {
            var name = cause.Function ?? NameOf(cause.Cause, cause.Device);
            var what = cause.Row is { } row ? $" ({row.KickClass})" : "";
            Wrap(string.Create(
                CultureInfo.InvariantCulture,
                $"  {times.Duration(cause.Time),8} in {cause.Count:N0} breaks, longest {times.Duration(cause.Longest)}: {name}{what}"));
            if (cause.Row?.Cure is { } cure)
                Wrap($"           {cure}");
        }

        if (report.BreakCauses.Count > shown.Count)
            terminal.Line($"  and {report.BreakCauses.Count - shown.Count} more (--all)");
        terminal.Line();
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

    /// <summary>A line that goes on below, further in, where it is wider than the terminal.</summary>
    private void Wrap(string line)
    {
        var indent = new string(' ', 11);
        while (line.Length > width && line.LastIndexOf(' ', width) is > 20 and var cut)
        {
            terminal.Line(line[..cut]);
            line = indent + line[(cut + 1)..];
        }

        terminal.Line(line);
    }
}
