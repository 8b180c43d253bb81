using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Claims;

/// <summary>Walks over the tokens of a claim file, which are those of the scheme language.</summary>
internal sealed class ClaimTokens(IReadOnlyList<Token> tokens)
{
    private int _position;

    public Token Peek => tokens[_position];

    public bool AtEnd => Peek.Kind == TokenKind.End;

    public Token Next() => tokens[_position < tokens.Count - 1 ? _position++ : _position];

    public bool AtWord(string word) => Peek.Kind == TokenKind.Word && Peek.Text == word;

    public bool AtMark(string mark) => Peek.Kind == TokenKind.Mark && Peek.Text == mark;

    public bool TakeWord(string word) => Take(AtWord(word));

    public bool TakeMark(string mark) => Take(AtMark(mark));

    public bool TakeKind(TokenKind kind) => Take(Peek.Kind == kind);

    public Token Word(string what) => Peek.Kind == TokenKind.Word ? Next() : throw Unexpected(what);

    public string String(string what) =>
        Peek.Kind == TokenKind.String ? Next().Text : throw Unexpected($"{what} in double quotes");

    public (int Value, SourceSpan Span) Number(string what)
    {
        if (Peek.Kind != TokenKind.Number)
            throw Unexpected(what);
        var token = Next();
        return int.TryParse(token.Text, out var value) && value >= 0
            ? (value, token.Span)
            : throw new ClaimSyntaxError("LK0600", token.Span, $"'{token.Text}' is not a number", null);
    }

    public void Mark(string mark)
    {
        if (!TakeMark(mark))
            throw Unexpected($"'{mark}'");
    }

    public void Keyword(string word)
    {
        if (!TakeWord(word))
            throw Unexpected($"'{word}'");
    }

    /// <summary>A name that may hold hyphens, as those of schemes do.</summary>
    public (string Text, SourceSpan Span) HyphenName(string what)
    {
        var span = Word(what).Span;
        while (AtMark("-") && Peek.Span.Start == span.Start + span.Length)
        {
            var hyphen = Next().Span;
            if (Peek.Kind is not (TokenKind.Word or TokenKind.Number) || Peek.Span.Start != hyphen.Start + 1)
                throw Unexpected("the rest of the name");
            span = SourceSpan.Cover(span, Next().Span);
        }

        return (span.Text, span);
    }

    public void EndOfLine()
    {
        if (AtEnd)
            return;
        if (!TakeKind(TokenKind.NewLine))
            throw Unexpected("the end of the line");
    }

    public void Block(string what)
    {
        EndOfLine();
        if (!TakeKind(TokenKind.Indent))
            throw Unexpected($"{what}, indented");
    }

    public ClaimSyntaxError Unexpected(string wanted, string? hint = null)
    {
        var found = Peek.Kind switch
        {
            TokenKind.NewLine or TokenKind.End => "the line ends",
            TokenKind.Indent => "an indented block begins",
            TokenKind.Dedent => "the block ends",
            TokenKind.String => $"\"{Peek.Text}\" stands here",
            _ => $"'{Peek.Text}' stands here",
        };
        return new ClaimSyntaxError("LK0600", Peek.Span, $"expected {wanted}, but {found}", hint);
    }

    /// <summary>Skips the rest of the line and the block below it, if one follows.</summary>
    public void SkipLine()
    {
        while (Peek.Kind is not (TokenKind.NewLine or TokenKind.End or TokenKind.Indent or TokenKind.Dedent))
            Next();
        TakeKind(TokenKind.NewLine);
        if (Peek.Kind != TokenKind.Indent)
            return;
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

/// <summary>A mistake at which reading a line ends.</summary>
internal sealed class ClaimSyntaxError(string code, SourceSpan span, string message, string? hint) : Exception(message)
{
    public string Code { get; } = code;

    public SourceSpan Span { get; } = span;

    public string? Hint { get; } = hint;
}
