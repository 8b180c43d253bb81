using System.Buffers.Binary;

namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>
/// A decoder of zstd frames without any library, for machines that have no libzstd. Same results, fewer bytes a second.
/// It asks for memory only as content appears: the sizes that a damaged
/// head names are limits, not orders.
/// </summary>
internal sealed class ManagedZstdDecoder : ZstdDecoder
{
    private const int ChecksumBytes = 4;

    private readonly ZstdBlock _block = new();
    private readonly XxHash64 _hash = new();

    // Content of the current frame: up to a window of history, then what was decoded and not yet given out.
    private byte[] _content = [];
    private int _decoded;
    private int _given;

    // Input that does not yet make up what is needed next.
    private byte[] _input = new byte[4096];
    private int _held;

    private State _state = State.FrameHead;
    private ZstdFrameHeader _frame;
    private long _contentSoFar;
    private long _toSkip;

    private enum State
    {
        FrameHead,
        Skippable,
        Block,
        Checksum,
        Failed,
    }

    public override bool IsAtFrameEnd => _state == State.FrameHead && _held == 0 && _given == _decoded;

    public override bool TryDecode(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        written = 0;
        do
        {
            if (ZstdFrameHeader.TryRead(input, out var frame) <= 0)
                return false;
            input = input[frame.Bytes..];
            if (frame.IsSkippable)
            {
                if (frame.ContentSize > input.Length)
                    return false;
                input = input[(int)frame.ContentSize!.Value..];
                continue;
            }

            if (!TryDecodeFrame(frame, ref input, output[written..], out var count))
                return false;
            written += count;
        } while (!input.IsEmpty);
        return true;
    }

    public override bool TryContinue(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        while (_state != State.Failed)
        {
            var count = Math.Min(_decoded - _given, output.Length - written);
            _content.AsSpan(_given, count).CopyTo(output[written..]);
            _given += count;
            written += count;
            if (_given < _decoded || !TryStep(input, ref consumed))
                break;
        }

        return _state != State.Failed;
    }

    public override void Dispose() { }

    private bool TryDecodeFrame(ZstdFrameHeader frame, ref ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        written = 0;
        _block.Reset();
        if (frame.WindowSize > LargestAllowed(frame) || frame.ContentSize > output.Length)
            return false;
        var isLast = false;
        while (!isLast)
        {
            if (input.Length < ZstdBlock.HeaderBytes)
                return false;
            var header = input[0] | (input[1] << 8) | (input[2] << 16);
            var stored = ZstdBlock.StoredBytes(header);
            isLast = (header & 1) != 0;
            input = input[ZstdBlock.HeaderBytes..];
            if (stored > input.Length || !_block.TryDecode(header, input[..stored], output, ref written))
                return false;
            input = input[stored..];
        }

        if (frame.ContentSize is { } size && size != written)
            return false;
        if (!frame.HasChecksum)
            return true;
        _hash.Reset();
        _hash.Append(output[..written]);
        if (input.Length < ChecksumBytes || (uint)_hash.Finish() != BinaryPrimitives.ReadUInt32LittleEndian(input))
            return false;
        input = input[ChecksumBytes..];
        return true;
    }

    // A frame in one segment has no window: its content is all there is.
    private static long LargestAllowed(ZstdFrameHeader frame) =>
        frame.ContentSize == frame.WindowSize ? long.MaxValue : ZstdFrameHeader.LargestWindow;

    /// <summary>Takes the next part of a frame if the input has it whole.</summary>
    /// <returns>False where more input is needed, or nothing can follow.</returns>
    private bool TryStep(ReadOnlySpan<byte> input, ref int consumed)
    {
        switch (_state)
        {
            case State.FrameHead:
                return TryBeginFrame(input, ref consumed);
            case State.Skippable:
                var skipped = (int)Math.Min(_toSkip, input.Length - consumed);
                consumed += skipped;
                _toSkip -= skipped;
                if (_toSkip == 0)
                    _state = State.FrameHead;
                return skipped > 0 || _toSkip == 0;
            case State.Block:
                return TryTakeBlock(input, ref consumed);
            case State.Checksum:
                if (!TryGather(input, ref consumed, ChecksumBytes))
                    return false;
                _state =
                    (uint)_hash.Finish() == BinaryPrimitives.ReadUInt32LittleEndian(_input)
                        ? State.FrameHead
                        : State.Failed;
                _held = 0;
                return true;
            default:
                return false;
        }
    }

    private bool TryBeginFrame(ReadOnlySpan<byte> input, ref int consumed)
    {
        for (var needed = 5; ; needed++)
        {
            if (!TryGather(input, ref consumed, needed))
                return false;
            var result = ZstdFrameHeader.TryRead(_input.AsSpan(0, _held), out _frame);
            if (result == 0)
                continue;
            _held = 0;
            if (result < 0 || _frame.WindowSize > ZstdFrameHeader.LargestWindow)
            {
                _state = State.Failed;
                return false;
            }

            _toSkip = _frame.ContentSize ?? 0;
            _state = _frame.IsSkippable ? State.Skippable : State.Block;
            _decoded = _given = 0;
            _contentSoFar = 0;
            _block.Reset();
            _hash.Reset();
            return true;
        }
    }

    private bool TryTakeBlock(ReadOnlySpan<byte> input, ref int consumed)
    {
        if (!TryGather(input, ref consumed, ZstdBlock.HeaderBytes))
            return false;
        var header = _input[0] | (_input[1] << 8) | (_input[2] << 16);
        var stored = ZstdBlock.StoredBytes(header);
        if (stored > ZstdBlock.LargestContent)
        {
            _state = State.Failed;
            return false;
        }

        if (!TryGather(input, ref consumed, ZstdBlock.HeaderBytes + stored))
            return false;
        MakeRoom();
        var start = _decoded;
        _held = 0;
        if (!_block.TryDecode(header, _input.AsSpan(ZstdBlock.HeaderBytes, stored), _content, ref _decoded))
        {
            _decoded = start;
            _state = State.Failed;
            return false;
        }

        _contentSoFar += _decoded - start;
        if (_frame.HasChecksum)
            _hash.Append(_content.AsSpan(start, _decoded - start));
        if ((header & 1) != 0)
        {
            _state =
                _frame.ContentSize is { } size && size != _contentSoFar ? State.Failed
                : _frame.HasChecksum ? State.Checksum
                : State.FrameHead;
        }

        return true;
    }

    /// <summary>Room for one more block behind the window. All content was given out before.</summary>
    private void MakeRoom()
    {
        if (_content.Length - _decoded >= ZstdBlock.LargestContent)
            return;
        var window = (int)_frame.WindowSize;
        if (_decoded > window + ZstdBlock.LargestContent)
        {
            _content.AsSpan(_decoded - window, window).CopyTo(_content);
            _given = _decoded = window;
            if (_content.Length - _decoded >= ZstdBlock.LargestContent)
                return;
        }

        // Grows with the content, up to the window and some blocks: a large window of a small file costs nothing.
        var most = (long)window + (4 * ZstdBlock.LargestContent);
        var length = Math.Max(_decoded + ZstdBlock.LargestContent, Math.Min(most, 2L * _content.Length));
        Array.Resize(ref _content, (int)length);
    }

    /// <summary>Collects input until so many bytes are held.</summary>
    private bool TryGather(ReadOnlySpan<byte> input, ref int consumed, int needed)
    {
        if (_held >= needed)
            return true;
        if (_input.Length < needed)
            Array.Resize(ref _input, Math.Max(needed, 2 * _input.Length));
        var count = Math.Min(needed - _held, input.Length - consumed);
        input.Slice(consumed, count).CopyTo(_input.AsSpan(_held));
        _held += count;
        consumed += count;
        return _held >= needed;
    }
}
