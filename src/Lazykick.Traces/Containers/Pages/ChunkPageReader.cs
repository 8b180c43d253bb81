using System.Buffers.Binary;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Bytes.Codecs;

namespace Lazykick.Traces.Containers.Pages;

/// <summary>
/// Sub-buffers in compressed pieces (trace.dat 7): u32 number of pieces, then for each u32 compressed size, u32 size of
/// the content, the piece. Pieces hold whole sub-buffers in the files of trace-cmd, but nothing here depends on it.
/// </summary>
internal sealed unsafe class ChunkPageReader : PageReader
{
    private const int HeadBytes = 8;
    private const int MostReadAhead = 64 << 10;

    private readonly ByteSource _source;
    private readonly long _end;
    private readonly FrameDecoder _decoder;
    private readonly DamageLog _damage;
    private readonly int _cpu;
    private readonly int _blockBytes;

    // Compressed bytes of the file.
    private byte[] _input;
    private long _inputStart;
    private int _inputLength;
    private long _position;
    private uint _piecesLeft;

    // Content: what the last block kept back, then new pieces.
    private byte[] _buffer;
    private int _kept;
    private int _held;
    private int _lastPieceBytes;
    private readonly List<(int At, long Offset)> _places = [];

    public ChunkPageReader(
        ByteSource source,
        long offset,
        int pageSize,
        int blockBytes,
        Compression compression,
        int cpu,
        DamageLog damage
    )
        : base(source.Name, pageSize)
    {
        _source = source;
        _position = offset;
        // The table's length is no bound: trace-cmd 3.1 leaves the heads of the pieces out of it. The number of pieces
        // counts.
        _end = source.Length;
        _damage = damage;
        _cpu = cpu;
        _blockBytes = Math.Max(blockBytes, 2 * pageSize);
        _decoder =
            compression.CreateDecoder()
            ?? throw new TraceException(
                $"{source.Name}: events are marked as compressed, but the file names no compression"
            );
        _input = new byte[Math.Min(MostReadAhead, _blockBytes)];
        _buffer = GC.AllocateUninitializedArray<byte>(_blockBytes + RingBufferCursor.Slack, pinned: true);
        if (Compressed(4, out var count))
        {
            _piecesLeft = BinaryPrimitives.ReadUInt32LittleEndian(count);
            _position += 4;
        }
    }

    public override bool TryNext(out PageBlock block)
    {
        ForgetDelivered();
        while (_piecesLeft > 0 && (_held < 2 * PageSize || _held + _lastPieceBytes <= _blockBytes))
            DecodePiece();

        if (_held == 0)
        {
            block = default;
            return false;
        }

        var isLast = _piecesLeft == 0;
        var length = isLast ? _held : _held / PageSize * PageSize;
        _kept = isLast ? _held : length - PageSize;
        fixed (byte* start = _buffer)
            block = new PageBlock((nint)start, length, isLast);
        return true;
    }

    public override long PlaceOf(long inBlock)
    {
        var place = _position;
        foreach (var (at, offset) in _places)
        {
            if (at > inBlock)
                break;
            place = offset;
        }

        return place;
    }

    /// <summary>Moves what the last block kept back to the front.</summary>
    private void ForgetDelivered()
    {
        if (_kept == 0)
            return;
        _buffer.AsSpan(_kept, _held - _kept).CopyTo(_buffer);
        var first = _places.FindLastIndex(place => place.At <= _kept);
        if (first > 0)
            _places.RemoveRange(0, first);
        for (var i = 0; i < _places.Count; i++)
            _places[i] = (Math.Max(0, _places[i].At - _kept), _places[i].Offset);
        _held -= _kept;
        _kept = 0;
        if (_held == 0)
            _places.Clear();
    }

    private void DecodePiece()
    {
        if (!Compressed(HeadBytes, out var head))
        {
            Broken($"{_piecesLeft} more compressed pieces, found the end of the file");
            _piecesLeft = 0;
            return;
        }

        var compressed = BinaryPrimitives.ReadUInt32LittleEndian(head);
        var content = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        if (!Compression.IsPlausiblePiece(compressed, content))
        {
            Broken($"sizes of a compressed piece and its content, found {compressed} and {content}");
            _piecesLeft = 0;
            return;
        }

        if (compressed > _end - _position - HeadBytes || !Compressed(HeadBytes + (int)compressed, out var piece))
        {
            Broken($"a compressed piece of {compressed} bytes, found the end of the file");
            _piecesLeft = 0;
            return;
        }

        Reserve((int)content);
        var target = _buffer.AsSpan(_held, (int)content);
        if (!_decoder.TryDecode(piece[HeadBytes..], target, out var written) || written != (int)content)
        {
            Broken($"a valid compressed piece of {content} bytes");
            MarkLost(target);
        }

        _places.Add((_held, _position));
        _held += (int)content;
        _lastPieceBytes = (int)content;
        _position += HeadBytes + compressed;
        _piecesLeft--;
    }

    /// <summary>
    /// Empty sub-buffers in the place of those that cannot be had, the first with the kernel's mark of lost events.
    /// </summary>
    private static void MarkLost(Span<byte> target)
    {
        target.Clear();
        if (target.Length >= RingBufferCursor.HeaderBytes)
            BinaryPrimitives.WriteUInt32LittleEndian(target[8..], RingBufferCursor.LostBit);
    }

    private void Reserve(int bytes)
    {
        var needed = _held + bytes + RingBufferCursor.Slack;
        if (needed <= _buffer.Length)
            return;
        var larger = GC.AllocateUninitializedArray<byte>(needed, pinned: true);
        _buffer.AsSpan(0, _held).CopyTo(larger);
        _buffer = larger;
    }

    /// <summary>Bytes of the file at the current position.</summary>
    private bool Compressed(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (count > _end - _position)
            return false;
        if (_position < _inputStart || _position + count > _inputStart + _inputLength)
        {
            if (_input.Length < count)
                _input = new byte[count + (count / 2)];
            _inputStart = _position;
            _inputLength = _source.Read(_input.AsSpan(0, (int)Math.Min(_input.Length, _end - _position)), _position);
            if (_inputLength < count)
                return false;
        }

        bytes = _input.AsSpan((int)(_position - _inputStart), count);
        return true;
    }

    private void Broken(string expected) => _damage.Add(File, _position, "expected " + expected, _cpu);
}
