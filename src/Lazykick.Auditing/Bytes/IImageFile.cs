namespace Lazykick.Auditing.Bytes;

/// <summary>
/// A file of which parts are read: a kernel with debug information has hundreds of megabytes that nobody asks for.
/// </summary>
public interface IImageFile : IDisposable
{
    /// <summary>Number of bytes.</summary>
    long Length { get; }

    /// <summary>Reads a part.</summary>
    /// <exception cref="ImageException">It is not in the file, or larger than
    /// <see cref="ImageFile.MaxPart"/>.</exception>
    ByteView Read(long offset, long length);
}
