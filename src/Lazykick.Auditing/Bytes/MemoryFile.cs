namespace Lazykick.Auditing.Bytes;

/// <summary>What was unpacked, or assembled by a test.</summary>
/// <param name="bytes">The bytes.</param>
public sealed class MemoryFile(ReadOnlyMemory<byte> bytes) : IImageFile
{
    /// <inheritdoc/>
    public long Length => bytes.Length;

    /// <inheritdoc/>
    public ByteView Read(long offset, long length)
    {
        ImageFile.Check(offset, length, Length);
        return new ByteView(bytes.Slice((int)offset, (int)length));
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
