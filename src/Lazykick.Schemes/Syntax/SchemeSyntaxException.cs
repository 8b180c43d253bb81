using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>A mistake at which the reading of a line ends.</summary>
/// <param name="code">What is reported: LK and four digits.</param>
/// <param name="span">Where the mistake is.</param>
/// <param name="message">What is wrong.</param>
/// <param name="hint">What to write instead, or null.</param>
public sealed class SchemeSyntaxException(string code, SourceSpan span, string message, string? hint)
    : Exception(message)
{
    /// <summary>What is reported: LK and four digits.</summary>
    public string Code { get; } = code;

    /// <summary>Where the mistake is.</summary>
    public SourceSpan Span { get; } = span;

    /// <summary>What to write instead, or null.</summary>
    public string? Hint { get; } = hint;
}
