using Lazykick.Traces.Bytes;

namespace Lazykick.Traces.Containers.Pages;

/// <summary>Sub-buffers that lie one after another in a file.</summary>
internal sealed unsafe class PlainPageReader : PageReader
{
    private readonly ByteSource _source;
    private readonly long _end;
    private readonly byte[] _buffer;
    private long _position;
    private long _blockStart;

    /// <param name="source">The file.</param>
    /// <param name="offset">Where the first sub-buffer begins.</param>
    /// <param name="length">Bytes of all of them; cut to what the file has.</param>
    /// <param name="pageSize">Bytes of one.</param>
    /// <param name="blockBytes">Bytes to read at once.</param>
    public PlainPageReader(ByteSource source, long offset, long length, int pageSize, int blockBytes)
        : base(source.Name, pageSize)
    {
        _source = source;
        _position = offset;
        _end = Math.Min(source.Length, offset > long.MaxValue - length ? long.MaxValue : offset + length);
        // At least two pages a block, as the last one is kept for the next block; and never more than there is.
        var pages = Math.Max(2, blockBytes / pageSize);
        var bytes = Math.Min((long)pages * pageSize, Math.Max(0, _end - _position));
        _buffer = GC.AllocateUninitializedArray<byte>((int)bytes + RingBufferCursor.Slack, pinned: true);
    }

    public override bool TryNext(out PageBlock block)
    {
        var wanted = (int)Math.Min(_buffer.Length - RingBufferCursor.Slack, _end - _position);
        var length = wanted <= 0 ? 0 : _source.Read(_buffer.AsSpan(0, wanted), _position);
        if (length == 0)
        {
            block = default;
            return false;
        }

        var isLast = length < wanted || _position + length >= _end;
        fixed (byte* start = _buffer)
            block = new PageBlock((nint)start, length, isLast);
        _blockStart = _position;
        _position = isLast ? _end : _position + length - PageSize;
        return true;
    }

    public override long PlaceOf(long inBlock) => _blockStart + inBlock;
}
