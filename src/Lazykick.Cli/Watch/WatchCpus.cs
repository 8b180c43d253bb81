using Lazykick.Cli.Json;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Watch;

/// <summary>The table of CPUs: as many columns as the screen has room for, each with its whole heading.</summary>
internal static class WatchCpus
{
    /// <summary>A column; the rank says when it goes where the screen is narrow, the highest first.</summary>
    private sealed record Column(string Name, int Rank, Func<WatchDocument.WatchedCpu, string> Cell);

    /// <summary>Lines of the table.</summary>
    /// <param name="frame">The second.</param>
    /// <param name="choice">The order.</param>
    /// <param name="width">Columns of the screen.</param>
    /// <param name="rows">How many lines there may be.</param>
    public static IEnumerable<string> Lines(WatchDocument frame, WatchChoice choice, int width, int rows)
    {
        var sorted = Sorted(frame, choice.Sort).ToList();
        var shown = sorted.Count < rows ? sorted : [.. sorted.Take(rows - 2)];
        var columns = Fit(ColumnsOf(frame, choice), shown, width, out var gap, out var left);
        yield return Line(columns, static c => c.Name);
        foreach (var cpu in shown)
            yield return Line(columns, c => c.Cell(cpu));
        var notes = new List<string>();
        if (sorted.Count > shown.Count)
            notes.Add($"{sorted.Count - shown.Count} CPUs more");
        if (left.Count > 0)
            notes.Add($"too narrow for {string.Join(", ", left)}");
        if (notes.Count > 0)
        {
            foreach (var line in Wrapping.Lines($"({string.Join("; ", notes)})", width))
                yield return line;
        }

        string Line(List<Column> of, Func<Column, string> text) =>
            string.Join(
                new string(' ', gap),
                of.Select(c => text(c).PadLeft(WidthOf(c, shown)))
            );
    }

    private static List<Column> ColumnsOf(WatchDocument frame, WatchChoice choice)
    {
        var columns = new List<Column>
        {
            new("CPU", 0, static c => WatchWords.Number(c.Cpu, "0")),
            new("user", 1, static c => WatchWords.Number(c.User, "P1")),
            new("idle", 6, static c => WatchWords.Number(c.Idle, "P1")),
            new("kernel", 5, static c => WatchWords.Number(c.Kernel, "P1")),
            new("breaks/s", 2, static c => WatchWords.Rate(c.BreaksPerSecond)),
            new("stolen/s", 3, static c => WatchWords.Time(c.StolenMicrosecondsPerSecond)),
            new("longest", 4, static c => WatchWords.Time(c.LongestMicroseconds)),
            new("own/s", 8, static c => WatchWords.Rate(c.OwnEntriesPerSecond)),
            new("kicks/s", 7, static c => WatchWords.Rate(c.KicksPerSecond)),
            new(
                "breaks",
                9,
                c => WatchWords.Number(c.BreaksSinceStart - choice.BreaksBefore.GetValueOrDefault(c.Cpu), "N0")
            ),
        };
        // Columns of nothing but zeros only where there is something.
        if (frame.Cpus.Any(static c => c.Guest > 0))
            columns.Insert(3, new("guest", 5, static c => WatchWords.Number(c.Guest, "P1")));
        if (frame.Cpus.Any(static c => c.Unknown > 0))
            columns.Insert(2, new("unknown", 2, static c => WatchWords.Number(c.Unknown, "P1")));
        return columns;
    }

    private static List<Column> Fit(
        List<Column> columns,
        IReadOnlyList<WatchDocument.WatchedCpu> cpus,
        int width,
        out int gap,
        out List<string> left
    )
    {
        left = [];
        gap = 2;
        while (Total(gap) > width)
        {
            if (gap == 2)
            {
                gap = 1;
                continue;
            }

            if (columns.Count == 1)
                break;
            var last = columns.MaxBy(static c => c.Rank)!;
            columns.Remove(last);
            left.Add(last.Name);
        }

        return columns;

        int Total(int between) => columns.Sum(c => WidthOf(c, cpus)) + (between * (columns.Count - 1));
    }

    private static int WidthOf(Column column, IReadOnlyList<WatchDocument.WatchedCpu> cpus) =>
        Math.Max(column.Name.Length, cpus.Count == 0 ? 0 : cpus.Max(cpu => column.Cell(cpu).Length));

    private static IOrderedEnumerable<WatchDocument.WatchedCpu> Sorted(WatchDocument frame, string by) =>
        by switch
        {
            "breaks" => frame.Cpus.OrderByDescending(static c => c.BreaksPerSecond).ThenBy(static c => c.Cpu),
            "stolen" => frame
                .Cpus.OrderByDescending(static c => c.StolenMicrosecondsPerSecond)
                .ThenBy(static c => c.Cpu),
            _ => frame.Cpus.OrderBy(static c => c.Cpu),
        };
}
