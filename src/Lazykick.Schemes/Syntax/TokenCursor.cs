using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>
/// A position in the tokens of one file, for the parsers of schemes and of claims. A mistake is reported and its line
/// skipped, with the block that belongs to it, so that one run finds all of them.
/// </summary>
/// <param name="tokens">What <see cref="Lexer"/> found; the last one is <see cref="TokenKind.End"/>.</param>
/// <param name="diagnostics">Gets every mistake.</param>
/// <param name="unexpectedCode">The code of a mistake that is an unexpected token.</param>
public sealed class TokenCursor(IReadOnlyList<Token> tokens, DiagnosticCollection diagnostics, string unexpectedCode)
{
    private int _position;

    /// <summary>The token at the position.</summary>
    public Token Peek => tokens[_position];

    /// <summary>The token before the position. There must be one.</summary>
    public Token Previous => tokens[_position - 1];

    /// <summary>Whether all tokens are read.</summary>
    public bool AtEnd => Peek.Kind == TokenKind.End;

    /// <summary>Whether the line ends here.</summary>
    public bool AtEndOfLine => Peek.Kind is TokenKind.NewLine or TokenKind.End;

    /// <summary>The token at the position, which is passed; the end is never passed.</summary>
    public Token Next() => tokens[_position < tokens.Count - 1 ? _position++ : _position];

    /// <summary>The token that comes <paramref name="count"/> tokens later, or the end.</summary>
    public Token Ahead(int count) => tokens[Math.Min(_position + count, tokens.Count - 1)];

    /// <summary>Whether the next token is this mark.</summary>
    public bool AtMark(string mark) => Peek.Kind == TokenKind.Mark && Peek.Text == mark;

    /// <summary>Whether the next token is this word.</summary>
    public bool AtWord(string word) => Peek.Kind == TokenKind.Word && Peek.Text == word;

    /// <summary>Passes a mark if it is the next token.</summary>
    public bool TakeMark(string mark) => Take(AtMark(mark));

    /// <summary>Passes a word if it is the next token.</summary>
    public bool TakeWord(string word) => Take(AtWord(word));

    /// <summary>Passes the next token if it is of this kind.</summary>
    public bool TakeKind(TokenKind kind) => Take(Peek.Kind == kind);

    /// <summary>Passes a word.</summary>
    /// <param name="what">What the word means here, for the message.</param>
    /// <exception cref="SchemeSyntaxException">The next token is something else.</exception>
    public Token ExpectWord(string what) => Peek.Kind == TokenKind.Word ? Next() : throw Unexpected(what);

    /// <summary>Passes words, with commas between them or without.</summary>
    /// <param name="what">What each word means here, for the message.</param>
    /// <exception cref="SchemeSyntaxException">There is no word, or none after a comma.</exception>
    public List<Token> ExpectWords(string what)
    {
        var words = new List<Token> { ExpectWord(what) };
        while (TakeMark(",") || Peek.Kind == TokenKind.Word)
            words.Add(ExpectWord(what));
        return words;
    }

    /// <summary>Passes names in parentheses; none without parentheses.</summary>
    /// <exception cref="SchemeSyntaxException">There is something else in the parentheses.</exception>
    public List<Token> TakeParameters()
    {
        var names = new List<Token>();
        if (!TakeMark("("))
            return names;
        do names.Add(ExpectWord("the name of a parameter"));
        while (TakeMark(","));
        ExpectMark(")");
        return names;
    }

    /// <summary>Passes a text in double quotes.</summary>
    /// <param name="what">What the text means here, for the message.</param>
    /// <exception cref="SchemeSyntaxException">The next token is something else.</exception>
    public string ExpectString(string what) =>
        Peek.Kind == TokenKind.String ? Next().Text : throw Unexpected($"{what} in double quotes");

    /// <summary>Passes a number that is not negative.</summary>
    /// <param name="what">What the number means here, for the message.</param>
    /// <exception cref="SchemeSyntaxException">The next token is no number, or too large.</exception>
    public (int Value, SourceSpan Span) ExpectNumber(string what)
    {
        if (Peek.Kind != TokenKind.Number)
            throw Unexpected(what);
        var token = Next();
        return int.TryParse(token.Text, out var value) && value >= 0
            ? (value, token.Span)
            : throw new SchemeSyntaxException(unexpectedCode, token.Span, $"'{token.Text}' is not a number", null);
    }

    /// <summary>Passes a mark.</summary>
    /// <exception cref="SchemeSyntaxException">The next token is something else.</exception>
    public void ExpectMark(string mark)
    {
        if (!TakeMark(mark))
            throw Unexpected($"'{mark}'");
    }

    /// <summary>Passes a word of the language.</summary>
    /// <exception cref="SchemeSyntaxException">The next token is something else.</exception>
    public void ExpectKeyword(string word)
    {
        if (!TakeWord(word))
            throw Unexpected($"'{word}'");
    }

    /// <summary>Passes a name that may be the name of a file: it may hold hyphens, as in arm64-rcu or v2-3.</summary>
    /// <param name="what">What the name means here, for the message.</param>
    /// <exception cref="SchemeSyntaxException">There is no name, or it ends with a hyphen.</exception>
    public (string Text, SourceSpan Span) ExpectFileName(string what)
    {
        var span = ExpectWord(what).Span;
        while (AtMark("-") && Touches(span))
        {
            var hyphen = Next().Span;
            if (Peek.Kind is not (TokenKind.Word or TokenKind.Number) || !Touches(hyphen))
                throw Unexpected("the rest of the name");
            span = SourceSpan.Cover(span, Next().Span);
        }

        return (span.Text, span);

        bool Touches(SourceSpan before) => Peek.Span.Start == before.Start + before.Length;
    }

    /// <summary>Passes the end of the line.</summary>
    /// <param name="hint">What to write instead of what stands here, or null.</param>
    /// <exception cref="SchemeSyntaxException">The line does not end here.</exception>
    public void EndOfLine(string? hint = null)
    {
        if (!AtEnd && !TakeKind(TokenKind.NewLine))
            throw Unexpected("the end of the line", hint);
    }

    /// <summary>Passes the end of the line and the begin of the block below it.</summary>
    /// <param name="what">What the block holds, for the message.</param>
    /// <exception cref="SchemeSyntaxException">No block follows.</exception>
    public void ExpectBlock(string what)
    {
        EndOfLine();
        if (!TakeKind(TokenKind.Indent))
            throw Unexpected($"{what}, indented");
    }

    /// <summary>
    /// Reads the lines of an indented block, if one begins here. <paramref name="readLine"/> passes one line with its
    /// end.
    /// </summary>
    public void ReadIndentedLines(Action readLine)
    {
        ArgumentNullException.ThrowIfNull(readLine);
        if (!TakeKind(TokenKind.Indent))
            return;
        while (Peek.Kind is not (TokenKind.Dedent or TokenKind.End))
            ReadLine(readLine);
        TakeKind(TokenKind.Dedent);
    }

    /// <summary>Reads one line; at a mistake, reports it and passes the line with the block below it.</summary>
    public void ReadLine(Action readLine)
    {
        ArgumentNullException.ThrowIfNull(readLine);
        try
        {
            readLine();
        }
        catch (SchemeSyntaxException error)
        {
            Report(error);
            SkipLine();
        }
    }

    /// <summary>Reports a mistake.</summary>
    public void Report(SchemeSyntaxException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        diagnostics.Report(error.Code, error.Span, error.Message, error.Hint);
    }

    /// <summary>The mistake that the next token is.</summary>
    /// <param name="wanted">What should stand here.</param>
    /// <param name="hint">What to write instead, or null.</param>
    public SchemeSyntaxException Unexpected(string wanted, string? hint = null)
    {
        var found = Peek.Kind switch
        {
            TokenKind.NewLine or TokenKind.End => "the line ends",
            TokenKind.Indent => "an indented block begins",
            TokenKind.Dedent => "the block ends",
            TokenKind.String => $"\"{Peek.Text}\" stands here",
            _ => $"'{Peek.Text}' stands here",
        };
        return new SchemeSyntaxException(unexpectedCode, Peek.Span, $"expected {wanted}, but {found}", hint);
    }

    private void SkipLine()
    {
        while (Peek.Kind is not (TokenKind.NewLine or TokenKind.End or TokenKind.Indent or TokenKind.Dedent))
            Next();
        TakeKind(TokenKind.NewLine);
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
            if (AtEnd)
                return;
            Next();
        } while (level > 0);
    }

    private bool Take(bool at)
    {
        if (at)
            Next();
        return at;
    }
}
