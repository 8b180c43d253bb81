using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>
/// Reads the scheme language, by recursive descent. A mistake is reported and its line skipped, with the block that
/// belongs to it, so that one run finds all of them.
/// </summary>
public static class Parser
{
    // A few strange characters in a scheme are told one by one.
    private const int MostOthers = 8;

    private const string UnexpectedToken = "LK0010";

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

        if (WhyNoText(source.Text) is { } why)
        {
            diagnostics.Report(
                "LK0009",
                new SourceSpan(source, 0, 0),
                $"this is no text file: {why}",
                "a scheme is text in UTF-8; is this the right file?"
            );
            return new SchemeFile(source, []);
        }

        return new SchemeFile(source, new DeclarationParser(Tokens(source, diagnostics)).ReadAll());
    }

    /// <summary>What shows that a file is no text; null if it may be one.</summary>
    private static string? WhyNoText(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            return "it holds bytes that are 0";
        var others = text.Count(c => c == '\uFFFD' || (char.IsControl(c) && !char.IsWhiteSpace(c)));
        return others > MostOthers
            ? $"{others} of its {text.Length} characters are no UTF-8, or control something"
            : null;
    }

    /// <summary>Parses one expression, for <c>--fail-on</c> and claim files; null if it is not one.</summary>
    public static Expression? ParseExpression(SourceText source, DiagnosticCollection diagnostics)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(diagnostics);
        var tokens = Tokens(source, diagnostics);
        try
        {
            var expression = new ExpressionParser(tokens).Read();
            tokens.TakeKind(TokenKind.NewLine);
            return tokens.AtEnd ? expression : throw tokens.Unexpected("the end");
        }
        catch (SchemeSyntaxException error)
        {
            tokens.Report(error);
            return null;
        }
    }

    private static TokenCursor Tokens(SourceText source, DiagnosticCollection diagnostics) =>
        new(Lexer.Scan(source, diagnostics), diagnostics, UnexpectedToken);
}
