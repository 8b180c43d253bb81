using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>One token.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; of a string, what stands between the quotes.</param>
/// <param name="Span">Where it stands.</param>
public readonly record struct Token(TokenKind Kind, string Text, SourceSpan Span);
