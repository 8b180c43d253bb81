using System.Globalization;
using System.Text;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Anonymising;

/// <summary>The totals of a report as one text, to tell whether two reports say the same.</summary>
public static class ReportTotals
{
    /// <summary>The totals of the selection: kicks, interrupts, breaks, times and prices of each CPU.</summary>
    public static string Of(TraceReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        foreach (var cpu in report.Selection.Cpus)
        {
            Add(text, $"{cpu.Cpu} {cpu.IsTracked} {cpu.SelfExits} {cpu.Kicks.Count} {cpu.Kicks.Interrupts}");
            foreach (var verdict in Enum.GetValues<KickVerdict>())
                Add(text, $" {cpu.Kicks.Verdict(verdict)}");
            foreach (var state in Enum.GetValues<CpuState>())
            {
                Add(text, $" {cpu.Time(state)}");
                foreach (var cause in Enum.GetValues<EntryCause>())
                {
                    Add(
                        text,
                        $" {cpu.Interrupts(cause, state)}/{cpu.Breaks(cause, state)}/{cpu.BreakTime(cause, state)}"
                    );
                }
            }

            foreach (var price in cpu.Schemes)
                Add(text, $" {price.Expected} {price.Fewest} {price.Most}");
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Whether a copy tells every figure that the original tells.</summary>
    public static bool TellsAll(TraceReport original, TraceReport copy)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(copy);
        var copied = copy.Selection.Cpus.ToDictionary(static cpu => cpu.Cpu);
        return original.Selection.Cpus.All(cpu =>
            copied.TryGetValue(cpu.Cpu, out var same)
            && Enum.GetValues<Figure>()
                .All(figure =>
                    cpu.Knowledge.Of(figure) != Certainty.Known || same.Knowledge.Of(figure) == Certainty.Known
                )
        );
    }

    private static void Add(StringBuilder text, FormattableString part) =>
        text.Append(part.ToString(CultureInfo.InvariantCulture));
}
