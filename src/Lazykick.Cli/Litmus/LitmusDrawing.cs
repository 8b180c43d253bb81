using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Machine;

namespace Lazykick.Cli.Litmus;

/// <summary>An execution in columns, one a CPU, time downwards.</summary>
internal static class LitmusDrawing
{
    private const int MinColumn = 14,
        Gap = 2;

    internal static IEnumerable<string> Draw(LitmusResult result, IReadOnlyList<LitmusEvent> execution)
    {
        var cpus = result.Test.Columns.Count(c => !c.IsHandler);
        var cells = execution.Select(e => (e.Cpu, Text: Describe(e))).ToList();
        var widths = Enumerable
            .Range(0, cpus)
            .Select(cpu => cells.Where(c => c.Cpu == cpu).Select(c => c.Text.Length).DefaultIfEmpty().Max())
            .Select(width => Math.Max(width, MinColumn) + Gap)
            .ToArray();
        yield return Row(widths, cpu => $"CPU{cpu}");
        foreach (var (cpu, text) in cells)
            yield return Row(widths, column => column == cpu ? text : "");
        var reached = result.FinalStates.Any(s => s.Satisfies)
            ? "the proposition holds here"
            : "the proposition holds in no execution; this is a shortest one";
        yield return $"-- {reached}";
    }

    private static string Row(int[] widths, Func<int, string> cell) =>
        string.Concat(widths.Select((width, cpu) => cell(cpu).PadRight(width))).TrimEnd();

    private static string Describe(LitmusEvent e) =>
        e.Kind switch
        {
            LitmusEventKind.Read => $"{e.Text}  {e.Location} = {e.Shown}{(e.Local ? " (own store)" : "")}",
            LitmusEventKind.Write => $"{e.Text}  {e.Location} := {e.Shown}",
            LitmusEventKind.Fetch => $"fetch {e.Location}: {e.Text}{(e.Local ? "  << old" : "")}",
            LitmusEventKind.Synchronise => $"{e.Text}  (context synchronised)",
            _ => $"{e.Text}  {e.Location}",
        };
}
