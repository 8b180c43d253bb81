using System.Text;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Drawing;

/// <summary>
/// Draws a race as reviewers do in a mail: one column a CPU, time downwards, no line longer than 72. Only CPUs that
/// move, only rows that matter; the numbers on the left lead to the lines of the scheme below.
/// </summary>
internal static class RaceDrawing
{
    public const int Width = 72;
    private const int Margin = 4;

    /// <summary>Draws a race.</summary>
    /// <param name="race">The race.</param>
    /// <param name="allMoves">Every move, not only those that a reader needs.</param>
    public static string Draw(Race race, bool allMoves = false)
    {
        var rows = RaceRows.Of(race, allMoves);
        var cpus = rows.Select(r => r.Cpu).Distinct().Order().ToList();
        var column = (Width - Margin) / cpus.Count;
        var text = new StringBuilder();
        var heads = cpus.Select(c =>
                Wrap($"CPU{c} ({race.Roles[c]}, at {race.Starts[c]})", column + 1).ToList()
            )
            .ToList();
        for (var line = 0; line < heads.Max(h => h.Count); line++)
        {
            var parts = heads.Select(h => (line < h.Count ? h[line] : "").PadRight(column));
            text.AppendLine((new string(' ', Margin) + string.Concat(parts)).TrimEnd());
        }

        foreach (var row in rows)
        {
            var indent = Margin + cpus.IndexOf(row.Cpu) * column;
            var number = row.IsViolation ? "" : $"{row.Number,2}";
            foreach (var (line, i) in Wrap(row.Text, column - 1).Select((l, i) => (l.Replace('\u00a0', ' '), i)))
                text.AppendLine(((i == 0 ? number : "").PadRight(indent) + (i == 0 ? line : "  " + line)).TrimEnd());
            if (row.Kernel is not null)
            {
                // A name is never cut: it begins further to the left where it has no room.
                var name = $"({row.Kernel})";
                var start = Math.Clamp(Width - name.Split(' ').Max(w => w.Length), Margin, indent + 2);
                foreach (var line in Wrapping.Lines(name, Width - start))
                    text.AppendLine(new string(' ', start) + line);
            }

            if (row.Remark is not null)
            {
                foreach (var line in Wrap("^ " + row.Remark, Width - indent))
                    text.AppendLine(new string(' ', indent) + line);
            }
        }

        text.AppendLine();
        foreach (var line in Wrap(Legend(rows), Width - 2))
            text.Append("  ").AppendLine(line);
        return text.ToString();
    }

    private static string Legend(IReadOnlyList<RaceRow> rows)
    {
        var parts = new List<string>();
        string? file = null;
        foreach (var row in rows)
        {
            var name = Path.GetFileName(row.Span.Source.Path);
            parts.Add(
                (row.IsViolation ? "<<" : $"{row.Number}")
                    + (name == file ? $" :{row.Span.Line}" : $" {name}:{row.Span.Line}")
            );
            file = name;
        }

        return "rows are written in: " + string.Join(", ", parts);
    }

    private static IEnumerable<string> Wrap(string text, int width) => Wrapping.Lines(text, width - 2);
}
