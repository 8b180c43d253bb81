namespace Lazykick.Traces.Bytes;

/// <summary>
/// A file or directory that cannot be opened as a trace at all. Damage inside a trace is no exception: see
/// <see cref="TraceDamage"/>.
/// </summary>
public sealed class TraceException : Exception
{
    /// <summary>An error without a place or cause.</summary>
    public TraceException()
        : this("not a readable trace") { }

    /// <summary>An error that concerns the whole file.</summary>
    public TraceException(string message)
        : base(message) { }

    /// <summary>An error with the error of the system that led to it.</summary>
    public TraceException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>An error at a place of a file.</summary>
    /// <param name="file">The file, as the user named it.</param>
    /// <param name="offset">Byte offset in the (decompressed) file, from 0.</param>
    /// <param name="expected">What a trace has at that place.</param>
    /// <param name="found">What is there instead.</param>
    public TraceException(string file, long offset, string expected, string found)
        : base($"{file}: at byte {offset}: expected {expected}, found {found}") => Offset = offset;

    /// <summary>
    /// Byte offset in the (decompressed) file at which reading stopped, or -1 where no place is to blame.
    /// </summary>
    public long Offset { get; } = -1;
}
