namespace Lazykick.Auditing.Bytes;

/// <summary>The input is no kernel image that can be read: what is wrong, and where.</summary>
public sealed class ImageException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="message">What was expected, and what to do.</param>
    public ImageException(string message)
        : base(message) { }

    /// <summary>Says what is wrong at an offset.</summary>
    /// <param name="offset">Byte offset in the file, or in what was unpacked from it.</param>
    /// <param name="message">What was expected there.</param>
    public ImageException(long offset, string message)
        : base($"byte 0x{offset:x}: {message}") => Offset = offset;

    /// <summary>Byte offset in the file; negative where none applies.</summary>
    public long Offset { get; } = -1;
}
