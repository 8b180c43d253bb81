using System.Buffers.Binary;
using System.Text;
using Lazykick.Traces.Bytes;

namespace Lazykick.Traces.Containers;

/// <summary>
/// Reads a part of a file from front to back. Behind the end everything reads as 0 or empty and <see cref="IsBroken"/>
/// is set, so that a parser can go on to its next decision without a test after every number.
/// </summary>
internal sealed class SectionCursor
{
    // kallsyms of a kernel with many modules has some 15 MB.
    private const ulong LargestPiece = 64 << 20;

    private readonly ByteSource _source;
    private readonly byte[] _small = new byte[8];

    public SectionCursor(ByteSource source, long start, long end)
    {
        _source = source;
        Position = Math.Max(0, start);
        End = Math.Min(end, source.Length);
    }

    public SectionCursor(ByteSource source)
        : this(source, 0, source.Length) { }

    public ByteSource Source => _source;

    public long Position { get; private set; }

    public long End { get; }

    public long Left => Math.Max(0, End - Position);

    /// <summary>Something was asked for that is not there; <see cref="Position"/> is where.</summary>
    public bool IsBroken { get; private set; }

    public byte ReadByte() => Fill(1) ? _small[0] : (byte)0;

    public ushort ReadUInt16() => Fill(2) ? BinaryPrimitives.ReadUInt16LittleEndian(_small) : (ushort)0;

    public uint ReadUInt32() => Fill(4) ? BinaryPrimitives.ReadUInt32LittleEndian(_small) : 0;

    public ulong ReadUInt64() => Fill(8) ? BinaryPrimitives.ReadUInt64LittleEndian(_small) : 0;

    /// <summary>Reads a piece whole. A piece that is larger than any real one is broken.</summary>
    public byte[] ReadBytes(ulong length)
    {
        if (length > LargestPiece)
            IsBroken = true;
        if (!Check(length))
            return [];
        var bytes = _source.ReadBytes(Position, (long)length);
        Position += (long)length;
        return bytes;
    }

    /// <summary>Reads up to a zero byte, which is passed too.</summary>
    public string ReadText(int longest = 4096)
    {
        var bytes = _source.ReadBytes(Position, Math.Min(longest, Left));
        var end = Array.IndexOf(bytes, (byte)0);
        if (end < 0)
        {
            IsBroken = true;
            return "";
        }

        Position += end + 1;
        return Encoding.UTF8.GetString(bytes, 0, end);
    }

    public void Skip(ulong length)
    {
        if (Check(length))
            Position += (long)length;
    }

    private bool Fill(int count)
    {
        if (!Check((ulong)count))
            return false;
        if (_source.Read(_small.AsSpan(0, count), Position) < count)
        {
            IsBroken = true;
            return false;
        }

        Position += count;
        return true;
    }

    private bool Check(ulong length)
    {
        if (IsBroken || length > (ulong)Left)
            IsBroken = true;
        return !IsBroken;
    }
}
