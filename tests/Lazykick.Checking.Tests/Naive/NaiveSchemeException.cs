using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>The scheme does something that has no meaning: a value out of range, a loop without a move.</summary>
internal sealed class NaiveSchemeException(SourceSpan span, string message) : Exception($"{span}: {message}");
