using Microsoft.Win32.SafeHandles;

namespace Lazykick.Auditing.Bytes;

/// <summary>A file on disk.</summary>
public sealed class ImageFile : IImageFile
{
    /// <summary>Largest part that is read at once, 256 MiB: larger than any section that a kernel loads.</summary>
    public const int MaxPart = 256 << 20;

    private readonly SafeFileHandle _handle;

    /// <summary>Opens a file.</summary>
    public ImageFile(string path)
    {
        _handle = File.OpenHandle(path);
        Length = RandomAccess.GetLength(_handle);
    }

    /// <inheritdoc/>
    public long Length { get; }

    /// <inheritdoc/>
    public ByteView Read(long offset, long length)
    {
        Check(offset, length, Length);
        var bytes = new byte[length];
        var got = 0;
        while (got < bytes.Length)
        {
            var n = RandomAccess.Read(_handle, bytes.AsSpan(got), offset + got);
            if (n == 0)
            {
                throw new ImageException(offset + got, "the file ended while it was read");
            }

            got += n;
        }

        return new ByteView(bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    internal static void Check(long offset, long length, long total)
    {
        if (offset < 0 || length < 0 || offset > total || length > total - offset)
        {
            throw new ImageException(
                offset,
                $"{length:N0} bytes expected, {Math.Max(0, total - Math.Max(0, offset)):N0} are there"
            );
        }

        if (length > MaxPart)
        {
            throw new ImageException(offset, $"a part of {length:N0} bytes; at most {MaxPart:N0} are read");
        }
    }
}
