namespace Lazykick.Checking.Claims;

/// <summary>A scheme that a claim names cannot be explored; the message is the rendered diagnostics.</summary>
public sealed class ClaimException : Exception
{
    /// <summary>Makes one without a message.</summary>
    public ClaimException() { }

    /// <summary>Makes one.</summary>
    /// <param name="message">The rendered diagnostics.</param>
    public ClaimException(string message)
        : base(message) { }

    /// <summary>Makes one with a cause.</summary>
    /// <param name="message">The rendered diagnostics.</param>
    /// <param name="inner">The cause.</param>
    public ClaimException(string message, Exception inner)
        : base(message, inner) { }
}
