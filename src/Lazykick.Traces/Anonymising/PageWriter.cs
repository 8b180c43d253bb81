using System.Buffers.Binary;

namespace Lazykick.Traces.Anonymising;

/// <summary>Writes the events of one CPU as sub-buffers (kernel/trace/ring_buffer.c) of 4096 bytes.</summary>
internal sealed class PageWriter(Stream output)
{
    public const int PageSize = 4096;

    private const int HeaderSize = 16;

    // An absolute time stamp, the event's word and the word of its length.
    private const int EventOverhead = 16;
    private const uint AbsoluteTime = 31;
    private const uint LostBefore = 1u << 31;

    private readonly byte[] _page = new byte[PageSize];
    private int _used;
    private uint _flags;

    /// <summary>The longest event that a sub-buffer holds.</summary>
    public const int LongestEvent = PageSize - HeaderSize - EventOverhead;

    /// <summary>Bytes written, after <see cref="Finish"/>.</summary>
    public long Length => output.Length;

    public void Add(ulong time, ReadOnlySpan<byte> payload, bool lostBefore)
    {
        var length = (payload.Length + 3) & ~3;
        if (_used == 0 || lostBefore || _used + EventOverhead + length > PageSize)
        {
            Finish();
            BinaryPrimitives.WriteUInt64LittleEndian(_page, time);
            (_used, _flags) = (HeaderSize, lostBefore ? LostBefore : 0);
        }

        Word((uint)((time & ((1 << 27) - 1)) << 5) | AbsoluteTime);
        Word((uint)(time >> 27));
        Word(0);
        Word((uint)(4 + length));
        payload.CopyTo(_page.AsSpan(_used));
        _used += length;
    }

    public void Finish()
    {
        if (_used == 0)
            return;
        BinaryPrimitives.WriteUInt64LittleEndian(_page.AsSpan(8), (uint)(_used - HeaderSize) | _flags);
        output.Write(_page);
        _page.AsSpan().Clear();
        _used = 0;
    }

    private void Word(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_page.AsSpan(_used), value);
        _used += 4;
    }
}
