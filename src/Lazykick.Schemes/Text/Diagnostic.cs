using System.Text;

namespace Lazykick.Schemes.Text;

/// <summary>One mistake in a file: what, where, and how to mend it.</summary>
/// <param name="Code">A stable code, LK0001 and up; docs/reference/language.md lists them.</param>
/// <param name="Span">Where.</param>
/// <param name="Message">What is wrong, in one sentence without a full stop.</param>
/// <param name="Hint">What to write instead, or null.</param>
public sealed record Diagnostic(string Code, SourceSpan Span, string Message, string? Hint = null)
{
    /// <summary>The form that people read: position, source line, caret and hint.</summary>
    /// <param name="word">What it is.</param>
    public string Render(string word = "error")
    {
        var text = new StringBuilder();
        var line = Span.Source.Line(Span.Line);
        text.Append(Span.Source.Path)
            .Append(':')
            .Append(Span.Line)
            .Append(':')
            .Append(Span.Column)
            .Append(": ")
            .Append(word)
            .Append(' ')
            .Append(Code)
            .Append(": ")
            .Append(Message)
            .Append('\n');
        var shown = line.Length > 160 ? line[..160] + "..." : line;
        var isText = line.AsSpan().IndexOfAny('\0', '\uFFFD') < 0;
        if (isText)
            text.Append("    ").Append(Printable(shown)).Append('\n');
        if (isText && Span.Column <= 161)
        {
            var width = Math.Clamp(Span.Length, 1, Math.Max(1, shown.Length - Span.Column + 1));
            text.Append(' ', 4 + Span.Column - 1).Append('^', width).Append('\n');
        }

        if (Hint is not null)
            text.Append("    ").Append(Hint).Append('\n');
        return text.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Span.Source.Path}:{Span.Line}:{Span.Column}: {Code}: {Message}";

    private static string Printable(string line) =>
        string.Create(
            line.Length,
            line,
            static (chars, source) =>
            {
                for (var i = 0; i < chars.Length; i++)
                {
                    chars[i] =
                        source[i] == '\t' ? ' '
                        : char.IsControl(source[i]) ? '?'
                        : source[i];
                }
            }
        );
}
