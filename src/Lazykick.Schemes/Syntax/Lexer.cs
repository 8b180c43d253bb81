using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>
/// Splits a file into tokens; indentation becomes <see cref="TokenKind.Indent"/> and <see cref="TokenKind.Dedent"/>.
/// </summary>
public sealed class Lexer
{
    private const int MaxDepth = 32;
    private const int MaxWord = 64;
    private static readonly string[] s_marks =
    [
        ":=",
        "!=",
        "<=",
        ">=",
        "->",
        "..",
        "=",
        "<",
        ">",
        "+",
        "-",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ";",
        "|",
        "@",
        "/",
    ];

    private readonly SourceText _source;
    private readonly DiagnosticCollection _diagnostics;
    private readonly List<Token> _tokens = [];
    private bool _hasTabs;
    private readonly Stack<int> _indents = new([0]);

    private Lexer(SourceText source, DiagnosticCollection diagnostics)
    {
        _source = source;
        _diagnostics = diagnostics;
    }

    /// <summary>
    /// All tokens of <paramref name="source"/>, ending with <see cref="TokenKind.End"/>. Mistakes are reported and
    /// passed over.
    /// </summary>
    public static IReadOnlyList<Token> Scan(SourceText source, DiagnosticCollection diagnostics)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(diagnostics);
        var lexer = new Lexer(source, diagnostics);
        lexer.Run();
        return lexer._tokens;
    }

    private void Run()
    {
        var offset = 0;
        for (var line = 1; line <= _source.LineCount; line++)
        {
            var text = _source.Line(line);
            ScanLine(text, offset);
            offset = _source.Text.IndexOf('\n', offset) + 1;
            if (offset == 0)
                break;
        }

        while (_indents.Pop() > 0)
            Add(TokenKind.Dedent, "", _source.Text.Length, 0);
        Add(TokenKind.End, "", _source.Text.Length, 0);
    }

    private void ScanLine(string line, int offset)
    {
        var column = 0;
        while (column < line.Length && line[column] is ' ' or '\t')
        {
            if (line[column] == '\t' && !_hasTabs)
            {
                _hasTabs = true;
                _diagnostics.Report(
                    "LK0002",
                    Span(offset + column, 1),
                    "a tab in the indentation",
                    "indent with spaces, four a level; other lines with tabs are not reported"
                );
            }

            column++;
        }

        if (column == line.Length || line[column] == '#')
            return;
        Indentation(column, offset);
        var before = _tokens.Count;
        while (column < line.Length && line[column] != '#')
            column = char.IsWhiteSpace(line[column]) ? column + 1 : ScanToken(line, column, offset);
        if (_tokens.Count > before)
            Add(TokenKind.NewLine, "", offset + line.Length, 0);
    }

    private void Indentation(int column, int offset)
    {
        if (column > _indents.Peek())
        {
            if (_indents.Count > MaxDepth)
            {
                _diagnostics.Report(
                    "LK0003",
                    Span(offset, column),
                    $"blocks nest deeper than {MaxDepth}",
                    "move the inner steps into a routine"
                );
                return;
            }

            _indents.Push(column);
            Add(TokenKind.Indent, "", offset, column);
            return;
        }

        while (column < _indents.Peek())
        {
            _indents.Pop();
            Add(TokenKind.Dedent, "", offset, column);
        }

        if (column != _indents.Peek())
        {
            _diagnostics.Report(
                "LK0004",
                Span(offset, Math.Max(column, 1)),
                "this line stands between two levels of indentation",
                "align it with the block that it belongs to"
            );
            _indents.Push(column);
            Add(TokenKind.Indent, "", offset, column);
        }
    }

    private int ScanToken(string line, int column, int offset)
    {
        var c = line[column];
        var end = column + 1;
        if (char.IsAsciiLetter(c) || c == '_')
        {
            while (
                end < line.Length && (char.IsAsciiLetterOrDigit(line[end]) || line[end] == '_' || IsInnerDot(line, end))
            )
            {
                end++;
            }

            if (end - column > MaxWord)
            {
                _diagnostics.Report(
                    "LK0008",
                    Span(offset + column, MaxWord),
                    $"a word of more than {MaxWord} characters",
                    "messages and tables have no room for such names"
                );
            }

            Add(TokenKind.Word, line[column..Math.Min(end, column + MaxWord)], offset + column, end - column);
            return end;
        }

        if (char.IsAsciiDigit(c))
        {
            while (end < line.Length && char.IsAsciiLetterOrDigit(line[end]))
                end++;
            Add(TokenKind.Number, line[column..Math.Min(end, column + MaxWord)], offset + column, end - column);
            return end;
        }

        if (c == '"')
            return ScanString(line, column, offset);
        foreach (var mark in s_marks)
        {
            if (string.CompareOrdinal(line, column, mark, 0, mark.Length) == 0)
            {
                Add(TokenKind.Mark, mark, offset + column, mark.Length);
                return column + mark.Length;
            }
        }

        _diagnostics.Report(
            "LK0001",
            Span(offset + column, 1),
            $"'{(char.IsControl(c) ? '?' : c)}' is not part of the language",
            "a text belongs in double quotes, a remark after '#'"
        );
        return end;
    }

    // v4.16 and S1.windows are one word; 0..3 is not.
    private static bool IsInnerDot(string line, int index) =>
        line[index] == '.' && index + 1 < line.Length && char.IsAsciiLetterOrDigit(line[index + 1]);

    private int ScanString(string line, int column, int offset)
    {
        var close = line.IndexOf('"', column + 1);
        if (close < 0)
        {
            _diagnostics.Report(
                "LK0005",
                Span(offset + column, line.Length - column),
                "the text has no closing quote",
                "end it with '\"' on the same line"
            );
            close = line.Length;
        }

        Add(TokenKind.String, line[(column + 1)..close], offset + column, Math.Min(close + 1, line.Length) - column);
        return Math.Min(close + 1, line.Length);
    }

    private void Add(TokenKind kind, string text, int start, int length) =>
        _tokens.Add(new Token(kind, text, Span(start, length)));

    private SourceSpan Span(int start, int length) => new(_source, start, length);
}
