using Lazykick.Cli.Output;

namespace Lazykick.Cli.Report;

/// <summary>Columns that are as wide as their widest cell; numbers to the right.</summary>
internal sealed class TextTable(params string[] head)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row with a cell for each column.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes the table; the columns in <paramref name="left"/> are texts and stand to the left.</summary>
    public void Write(Terminal terminal, params ReadOnlySpan<int> left)
    {
        var widths = new int[head.Length];
        for (var column = 0; column < head.Length; column++)
            widths[column] = Math.Max(head[column].Length, _rows.Count == 0 ? 0 : _rows.Max(row => row[column].Length));
        terminal.Line((Format(head, widths, left), "dim"));
        foreach (var row in _rows)
            terminal.Line(Format(row, widths, left));
    }

    private static string Format(string[] cells, int[] widths, ReadOnlySpan<int> left)
    {
        var parts = new string[cells.Length];
        for (var column = 0; column < cells.Length; column++)
        {
            parts[column] = left.Contains(column)
                ? cells[column].PadRight(widths[column])
                : cells[column].PadLeft(widths[column]);
        }

        return ("  " + string.Join("  ", parts)).TrimEnd();
    }
}
