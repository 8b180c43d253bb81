using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>
/// Recursive descent over the tokens of one file. A mistake is reported and its line skipped, with the block that
/// belongs to it, so that one run finds all of them.
/// </summary>
public sealed partial class Parser
{
    private readonly IReadOnlyList<Token> _tokens;
    private readonly DiagnosticCollection _diagnostics;
    private int _position;
    private int _depth;
    private int _operators;
    private int _blockDepth;

    private Parser(IReadOnlyList<Token> tokens, DiagnosticCollection diagnostics)
    {
        _tokens = tokens;
        _diagnostics = diagnostics;
    }

    /// <summary>Parses <paramref name="source"/>; what could not be read is reported and left out.</summary>
    public static SchemeFile Parse(SourceText source, DiagnosticCollection diagnostics)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(diagnostics);
        if (source.Text.Length > SourceText.MaxLength)
        {
            diagnostics.Report(
                "LK0006",
                new SourceSpan(source, 0, 0),
                $"the file is longer than {SourceText.MaxLength} characters",
                "a scheme is a page; is this the right file?"
            );
            return new SchemeFile(source, []);
        }

        if (source.Text.Contains('\0', StringComparison.Ordinal))
        {
            diagnostics.Report(
                "LK0009",
                new SourceSpan(source, 0, 0),
                "this is no text file: it holds bytes that are 0",
                "a scheme is text in UTF-8; is this the right file?"
            );
            return new SchemeFile(source, []);
        }

        var parser = new Parser(Lexer.Scan(source, diagnostics), diagnostics);
        return new SchemeFile(source, parser.File());
    }

    /// <summary>Parses one expression, for <c>--fail-on</c> and claim files; null if it is not one.</summary>
    public static Expression? ParseExpression(SourceText source, DiagnosticCollection diagnostics)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(diagnostics);
        var parser = new Parser(Lexer.Scan(source, diagnostics), diagnostics);
        try
        {
            var expression = parser.ReadExpression();
            if (parser.Peek.Kind == TokenKind.NewLine)
                parser.Next();
            if (parser.Peek.Kind != TokenKind.End)
                throw parser.Unexpected("the end");
            return expression;
        }
        catch (SyntaxError error)
        {
            parser.Report(error);
            return null;
        }
    }

    private Token Peek => _tokens[_position];

    private Token Next() => _tokens[_position < _tokens.Count - 1 ? _position++ : _position];

    private Token Ahead(int count) => _tokens[Math.Min(_position + count, _tokens.Count - 1)];

    private bool AtMark(string mark) => Peek.Kind == TokenKind.Mark && Peek.Text == mark;

    private bool AtWord(string word) => Peek.Kind == TokenKind.Word && Peek.Text == word;

    private bool TakeMark(string mark)
    {
        if (!AtMark(mark))
            return false;
        Next();
        return true;
    }

    private bool TakeWord(string word)
    {
        if (!AtWord(word))
            return false;
        Next();
        return true;
    }

    private Token ExpectWord(string what) => Peek.Kind == TokenKind.Word ? Next() : throw Unexpected(what);

    private Token ExpectString(string what) =>
        Peek.Kind == TokenKind.String ? Next() : throw Unexpected($"{what} in double quotes");

    private void ExpectMark(string mark)
    {
        if (!TakeMark(mark))
            throw Unexpected($"'{mark}'");
    }

    private void ExpectKeyword(string word)
    {
        if (!TakeWord(word))
            throw Unexpected($"'{word}'");
    }

    private void EndOfLine()
    {
        if (Peek.Kind == TokenKind.End)
            return;
        if (Peek.Kind != TokenKind.NewLine)
        {
            throw Unexpected(
                "the end of the line",
                AtWord("if") || AtWord("unless")
                    ? "a step that is taken under a condition is written 'STEP when CONDITION'"
                    : null
            );
        }

        Next();
    }

    private SyntaxError Unexpected(string wanted, string? hint = null)
    {
        var found = Peek.Kind switch
        {
            TokenKind.NewLine or TokenKind.End => "the line ends",
            TokenKind.Indent => "an indented block begins",
            TokenKind.Dedent => "the block ends",
            TokenKind.String => $"\"{Peek.Text}\" stands here",
            _ => $"'{Peek.Text}' stands here",
        };
        return new SyntaxError("LK0010", Peek.Span, $"expected {wanted}, but {found}", hint);
    }

    private void Report(SyntaxError error) => _diagnostics.Report(error.Code, error.Span, error.Message, error.Hint);

    /// <summary>Skips the rest of the line and the block below it, if one follows.</summary>
    private void SkipLine()
    {
        while (Peek.Kind is not (TokenKind.NewLine or TokenKind.End or TokenKind.Indent or TokenKind.Dedent))
            Next();
        if (Peek.Kind == TokenKind.NewLine)
            Next();
        if (Peek.Kind == TokenKind.Indent)
            SkipBlock();
    }

    private void SkipBlock()
    {
        var level = 0;
        do
        {
            level += Peek.Kind switch
            {
                TokenKind.Indent => 1,
                TokenKind.Dedent => -1,
                _ => 0,
            };
            if (Peek.Kind == TokenKind.End)
                return;
            Next();
        } while (level > 0);
    }

    private sealed class SyntaxError(string code, SourceSpan span, string message, string? hint) : Exception(message)
    {
        public string Code { get; } = code;

        public SourceSpan Span { get; } = span;

        public string? Hint { get; } = hint;
    }
}
