using System.Text;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>
/// Lays out a scheme file: four spaces a level, one space where there was some, no blank lines in a row. A remark after
/// code stays in its column where there is room. Tokens and remarks are never touched.
/// </summary>
public static class SchemeFormatter
{
    private const int Level = 4;

    /// <summary>Formats a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="diagnostics">Gets what the lexer cannot read.</param>
    /// <returns>The text, ending with one line end; null where the file cannot be read as tokens.</returns>
    public static string? Format(SourceText source, DiagnosticCollection diagnostics)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(diagnostics);
        var before = diagnostics.Count;
        var tokens = Lexer.Scan(source, diagnostics);
        if (diagnostics.Count > before)
            return null;
        var lines = Lines(tokens);
        var result = new StringBuilder();
        var isBlank = true;
        for (var number = 1; number <= source.LineCount; number++)
        {
            var text = source.Line(number);
            if (text.Trim().Length == 0)
            {
                if (!isBlank)
                    result.Append('\n');
                isBlank = true;
                continue;
            }

            isBlank = false;
            if (lines.TryGetValue(number, out var line))
                Code(result, text, line);
            else
                result.Append(' ', Remark(text, number, lines)).Append(text.Trim()).Append('\n');
        }

        return result.ToString().TrimEnd('\n') + "\n";
    }

    private static Dictionary<int, (int Level, List<Token> Tokens)> Lines(IReadOnlyList<Token> tokens)
    {
        var result = new Dictionary<int, (int Level, List<Token> Tokens)>();
        var level = 0;
        foreach (var token in tokens)
        {
            switch (token.Kind)
            {
                case TokenKind.Indent:
                    level++;
                    break;
                case TokenKind.Dedent:
                    level--;
                    break;
                case TokenKind.Word or TokenKind.Number or TokenKind.String or TokenKind.Mark:
                    if (!result.TryGetValue(token.Span.Line, out var line))
                        result[token.Span.Line] = line = (level, []);
                    line.Tokens.Add(token);
                    break;
                default:
                    break;
            }
        }

        return result;
    }

    private static void Code(StringBuilder result, string text, (int Level, List<Token> Tokens) line)
    {
        var start = result.Length;
        result.Append(' ', line.Level * Level);
        var end = line.Tokens[0].Span.Start;
        foreach (var token in line.Tokens)
        {
            if (token.Span.Start > end)
                result.Append(' ');
            result.Append(token.Span.Text);
            end = token.Span.Start + token.Span.Length;
        }

        var last = line.Tokens[^1].Span;
        var column = last.Column - 1 + last.Length;
        var remark = text[column..].Trim();
        if (remark.Length > 0)
        {
            var was = text.IndexOf('#', column);
            var width = result.Length - start;
            result.Append(' ', was > width ? was - width : 2).Append(remark);
        }

        result.Append('\n');
    }

    /// <summary>A remark on a line of its own stays in the first column, or goes with the code that follows.</summary>
    private static int Remark(string text, int number, Dictionary<int, (int Level, List<Token> Tokens)> lines) =>
        text[0] != '#' && lines.Where(l => l.Key > number).MinBy(l => l.Key) is { Value.Tokens: not null } next
            ? next.Value.Level * Level
            : 0;
}
