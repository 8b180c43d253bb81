using System.Buffers.Binary;

namespace Lazykick.Auditing.Bytes;

/// <summary>
/// Bounds-checked little-endian reads. A read outside is an <see cref="ImageException"/>, never a wrong value.
/// </summary>
/// <param name="memory">The bytes.</param>
public readonly struct ByteView(ReadOnlyMemory<byte> memory)
{
    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory => memory;

    /// <summary>Number of bytes.</summary>
    public int Length => memory.Length;

    /// <summary>One byte.</summary>
    public byte U8(long offset) => Span(offset, 1)[0];

    /// <summary>A 16-bit number.</summary>
    public ushort U16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(Span(offset, 2));

    /// <summary>A 32-bit number.</summary>
    public uint U32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(Span(offset, 4));

    /// <summary>A signed 32-bit number.</summary>
    public int S32(long offset) => BinaryPrimitives.ReadInt32LittleEndian(Span(offset, 4));

    /// <summary>A 64-bit number.</summary>
    public ulong U64(long offset) => BinaryPrimitives.ReadUInt64LittleEndian(Span(offset, 8));

    /// <summary>A part.</summary>
    public ReadOnlySpan<byte> Span(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > memory.Length || length > memory.Length - offset)
        {
            throw new ImageException(
                offset,
                $"{length} bytes expected, {Math.Max(0, memory.Length - offset)} are there"
            );
        }

        return memory.Span.Slice((int)offset, (int)length);
    }

    /// <summary>A part, to keep.</summary>
    public ByteView Slice(long offset, long length)
    {
        _ = Span(offset, length);
        return new ByteView(memory.Slice((int)offset, (int)length));
    }

    /// <summary>A NUL-terminated ASCII string of at most <paramref name="most"/> bytes.</summary>
    public string Text(long offset, int most = 512)
    {
        if (offset < 0 || offset >= memory.Length)
        {
            throw new ImageException(offset, "a name was expected");
        }

        var rest = memory.Span[(int)offset..];
        rest = rest[..Math.Min(rest.Length, most)];
        var end = rest.IndexOf((byte)0);
        return System.Text.Encoding.Latin1.GetString(end < 0 ? rest : rest[..end]);
    }
}
