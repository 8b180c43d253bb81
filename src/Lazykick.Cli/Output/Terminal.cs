using System.Text;
using Spectre.Console;

namespace Lazykick.Cli.Output;

/// <summary>Where results go: plain text into a pipe or under NO_COLOR, colours on a terminal.</summary>
internal sealed class Terminal
{
    private readonly TextWriter _out;
    private readonly IAnsiConsole? _console;

    public Terminal(TextWriter output, bool isTerminal)
    {
        _out = output;
        if (
            !isTerminal || IsPlain
        )
        {
            return;
        }

        _console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = ColorSystemSupport.Standard,
                Out = new AnsiConsoleOutput(output),
            }
        );
        _console.Profile.Width = 4096;
    }

    /// <summary>Columns of the terminal; in a pipe those of prose.</summary>
    public static int Width
    {
        get
        {
            if (Console.IsOutputRedirected)
                return Wrapping.Prose;
            try
            {
                return Console.WindowWidth > 0 ? Console.WindowWidth : Wrapping.Prose;
            }
            catch (IOException)
            {
                return Wrapping.Prose; // no terminal after all
            }
        }
    }

    /// <summary>The terminal takes no control sequences, or its user wants none (NO_COLOR).</summary>
    public static bool IsPlain =>
        Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb"
        || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };

    public static Terminal Standard => new(Console.Out, !Console.IsOutputRedirected);

    public void Line(string text = "") => _out.WriteLine(text);

    /// <summary>
    /// A line of which each part has a style: "" for plain, otherwise a Spectre style such as <c>bold red</c>.
    /// </summary>
    public void Line(params ReadOnlySpan<(string Text, string Style)> parts)
    {
        foreach (var (text, style) in parts)
        {
            if (_console is null || style.Length == 0)
                _out.Write(text);
            else
                _console.Write(new Text(text, Style.Parse(style)));
        }

        _out.WriteLine();
    }

    /// <summary>
    /// A line of such parts that is broken at blanks where the terminal ends, or in a pipe after
    /// <see cref="Wrapping.Prose"/> columns.
    /// </summary>
    /// <param name="indent">Blanks before its further lines.</param>
    /// <param name="parts">Each with its style.</param>
    public void Wrapped(int indent, params ReadOnlySpan<(string Text, string Style)> parts)
    {
        var text = new StringBuilder();
        var styles = new List<string>();
        foreach (var (part, style) in parts)
        {
            text.Append(part);
            styles.AddRange(Enumerable.Repeat(style, part.Length));
        }

        var (whole, start, margin) = (text.ToString(), 0, "");
        while (start < whole.Length)
        {
            var end = EndOfLine(whole, start, Width - margin.Length);
            List<(string Text, string Style)> pieces = [(margin, "")];
            for (var at = start; at < end;)
            {
                var next = at + 1;
                while (next < end && styles[next] == styles[at])
                    next++;
                pieces.Add((whole[at..next], styles[at]));
                at = next;
            }

            Line([.. pieces]);
            start = end;
            while (start < whole.Length && whole[start] == ' ')
                start++;
            margin = new string(' ', indent);
        }
    }

    /// <summary>A line ends at the last blank that has room, but for those that it begins with.</summary>
    private static int EndOfLine(string text, int start, int width)
    {
        if (text.Length - start <= width)
            return text.Length;
        var first = start;
        while (first < text.Length && text[first] == ' ')
            first++;
        var blank = text.LastIndexOf(' ', start + width, start + width - first + 1);
        if (blank <= first)
            blank = text.IndexOf(' ', first);
        return blank < 0 ? text.Length : blank;
    }
}
