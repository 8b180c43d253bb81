using Lazykick.Cli.Output;

namespace Lazykick.Cli.Report;

/// <summary>
/// Where a report is written: lines that fit the terminal, or 100 columns in a file. What is longer goes on below,
/// further in.
/// </summary>
internal sealed class TextPage(Terminal terminal, int width)
{
    private const int Narrowest = 80;

    /// <summary>The page that a terminal has room for.</summary>
    public static TextPage Of(Terminal terminal) =>
        new(terminal, Math.Max(Narrowest, Terminal.Width));

    /// <summary>Columns of a line.</summary>
    public int Width => width;

    /// <summary>An empty line.</summary>
    public void Line() => terminal.Line();

    /// <summary>Prose from the left edge, for example a heading.</summary>
    public void Line(string text, string style = "") => Prose("", text, "  ", style);

    /// <summary>Prose that begins at an indentation and goes on at another one.</summary>
    public void Prose(string first, string text, string further, string style = "")
    {
        var left = first;
        foreach (var line in Wrapping.Lines(text, width - Math.Max(first.Length, further.Length)))
        {
            terminal.Line((left + line, style));
            left = further;
        }
    }

    /// <summary>
    /// A table, and what its marks mean; the texts in its columns on the left give way where it is too wide.
    /// </summary>
    public void Table(TextTable table, params ReadOnlySpan<int> left)
    {
        table.Write(terminal, width, left);
        if (table.Legend is { } legend)
            terminal.Line((legend, "dim"));
    }
}
