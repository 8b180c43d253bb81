namespace Lazykick.Traces.Recording;

/// <summary>
/// A recording cannot begin or go on; the message says what was tried, what came back, and what to do.
/// </summary>
public sealed class RecordingException : Exception
{
    /// <inheritdoc/>
    public RecordingException(string message)
        : base(message) { }

    /// <inheritdoc/>
    public RecordingException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <inheritdoc/>
    public RecordingException()
        : base("the recording failed") { }
}
