namespace Lazykick.Traces.Bytes;

/// <summary>Bytes of a file at any offset. Reads may come from several threads at once.</summary>
internal abstract class ByteSource : IDisposable
{
    protected ByteSource(string name) => Name = name;

    /// <summary>What the user calls it.</summary>
    public string Name { get; }

    public abstract long Length { get; }

    /// <summary>
    /// Fills the span from an offset on and returns how many bytes there were; fewer than asked only at the end of the
    /// file.
    /// </summary>
    public abstract int Read(Span<byte> into, long offset);

    public abstract void Dispose();

    /// <summary>
    /// Reads a piece whole. A length beyond the end of the file gives what there is, so that a wild length cannot ask
    /// for more memory than the file has.
    /// </summary>
    public byte[] ReadBytes(long offset, long length)
    {
        var available = Math.Clamp(Length - offset, 0, length);
        var bytes = GC.AllocateUninitializedArray<byte>((int)Math.Min(available, Array.MaxLength));
        var read = offset < 0 ? 0 : Read(bytes, offset);
        return read == bytes.Length ? bytes : bytes[..read];
    }
}
