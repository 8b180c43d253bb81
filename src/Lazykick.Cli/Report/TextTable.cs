using Lazykick.Cli.Output;

namespace Lazykick.Cli.Report;

/// <summary>Columns that are as wide as their widest cell; numbers to the right.</summary>
internal sealed class TextTable(params string[] head)
{
    /// <summary>A cell for what did not occur.</summary>
    public const string None = "-";

    private const string Cut = "..";
    private const int NarrowestText = 10;
    private const int Margin = 2;

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row with a cell for each column.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>What the marks in its cells mean, where it has any: a line below the table.</summary>
    public string? Legend
    {
        get
        {
            var cells = _rows.SelectMany(static row => row).ToHashSet(StringComparer.Ordinal);
            var marks = new List<string>();
            if (cells.Contains(None))
                marks.Add($"{None} none");
            if (cells.Contains(FigureText.Unknown))
                marks.Add($"{FigureText.Unknown} the trace does not tell");
            if (cells.Any(static cell => cell.StartsWith(FigureText.AtLeast, StringComparison.Ordinal)))
                marks.Add($"{FigureText.AtLeast} at least: events are missing");
            if (cells.Any(static cell => cell.StartsWith(FigureText.AtMost, StringComparison.Ordinal)))
                marks.Add($"{FigureText.AtMost} at most");
            return marks.Count == 0 ? null : $"  ({string.Join("; ", marks)})";
        }
    }

    /// <summary>Writes the table; the columns in <paramref name="left"/> are texts and stand to the left.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="width">Columns that it may have: texts are cut, the widest first, until it fits.</param>
    /// <param name="left">The columns of texts.</param>
    public void Write(Terminal terminal, int width, params ReadOnlySpan<int> left)
    {
        var widths = new int[head.Length];
        for (var column = 0; column < head.Length; column++)
            widths[column] = Math.Max(head[column].Length, _rows.Count == 0 ? 0 : _rows.Max(row => row[column].Length));
        Fit(widths, width, left);
        terminal.Line((Format(head, widths, left), "dim"));
        foreach (var row in _rows)
            terminal.Line(Format(row, widths, left));
    }

    private static void Fit(int[] widths, int width, ReadOnlySpan<int> left)
    {
        while (widths.Sum() + (Margin * widths.Length) > width)
        {
            var widest = -1;
            foreach (var column in left)
            {
                if (widths[column] > NarrowestText && (widest < 0 || widths[column] > widths[widest]))
                    widest = column;
            }

            if (widest < 0)
                return;
            widths[widest]--;
        }
    }

    private static string Format(string[] cells, int[] widths, ReadOnlySpan<int> left)
    {
        var parts = new string[cells.Length];
        for (var column = 0; column < cells.Length; column++)
        {
            var cell = cells[column];
            if (cell.Length > widths[column])
                cell = cell[..(widths[column] - Cut.Length)] + Cut;
            parts[column] = left.Contains(column) ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]);
        }

        return ("  " + string.Join("  ", parts)).TrimEnd();
    }
}
