using System.Buffers.Binary;

namespace Lazykick.Traces.Tests.Reading;

/// <summary>Writes sub-buffers as kernel/trace/ring_buffer.c lays them out, record by record.</summary>
internal sealed class PageBuilder(int pageSize = 4096)
{
    private readonly List<byte> _pages = [];
    private List<byte>? _data;
    private ulong _stamp;
    private uint _flags;
    private ulong? _lost;

    /// <summary>Begins a sub-buffer.</summary>
    /// <param name="stamp">Its time.</param>
    /// <param name="lost">Events lost before it; null = none, 0 = some, nobody knows how many.</param>
    public PageBuilder Page(ulong stamp, ulong? lost = null)
    {
        Close();
        _data = [];
        _stamp = stamp;
        _lost = lost;
        _flags = lost switch
        {
            null => 0,
            0 => 1u << 31,
            _ => 3u << 30,
        };
        return this;
    }

    /// <summary>A short record of an event: common header and so many words of 0xAB behind it.</summary>
    public PageBuilder Event(uint delta, ushort id, int pid = 1, int words = 1)
    {
        Word((delta << 5) | (uint)(2 + words));
        return Payload(id, pid, words);
    }

    /// <summary>A long record, whose length stands in a word of its own.</summary>
    public PageBuilder LongEvent(uint delta, ushort id, int pid, int words)
    {
        Word(delta << 5);
        Word((uint)(4 + (4 * (2 + words))));
        return Payload(id, pid, words);
    }

    public PageBuilder Extend(ulong delta) =>
        Word((uint)((delta & ((1 << 27) - 1)) << 5) | 30).Word((uint)(delta >> 27));

    public PageBuilder Absolute(ulong stamp) =>
        Word((uint)((stamp & ((1 << 27) - 1)) << 5) | 31).Word((uint)(stamp >> 27));

    public PageBuilder Discarded(uint delta, int words) =>
        Word((delta << 5) | 29).Word((uint)(4 + (4 * words))).Fill(words);

    public PageBuilder PaddingToEnd() => Word(29);

    public PageBuilder Word(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _data!.AddRange(bytes);
        return this;
    }

    public byte[] ToArray()
    {
        Close();
        return [.. _pages];
    }

    private PageBuilder Payload(ushort id, int pid, int words) =>
        Word(id | (0x21u << 16) | (0x13u << 24)).Word((uint)pid).Fill(words);

    private PageBuilder Fill(int words)
    {
        for (var i = 0; i < words; i++)
            Word(0xABABABAB);
        return this;
    }

    private void Close()
    {
        if (_data is null)
            return;
        var page = new byte[pageSize];
        BinaryPrimitives.WriteUInt64LittleEndian(page, _stamp);
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(8), (uint)_data.Count | _flags);
        _data.CopyTo(page, 16);
        if (_lost > 0)
            BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(16 + _data.Count), _lost.Value);
        _pages.AddRange(page);
        _data = null;
    }
}
