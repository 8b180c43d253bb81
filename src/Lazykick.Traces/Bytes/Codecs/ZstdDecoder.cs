using System.Buffers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>
/// Decodes zstd frames (RFC 8878) with ZstdSharp. That is a port of the C code with pointers: what it is given is
/// checked before, and what it gives is capped. Not for use by several threads at once.
/// </summary>
internal sealed class ZstdDecoder : FrameDecoder
{
    private readonly Decompressor _decompressor = new();

    public ZstdDecoder() =>
        _decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdFrameHeader.LargestWindowLog);

    /// <summary>True between two frames: the input may end here.</summary>
    public bool IsAtFrameEnd { get; private set; } = true;

    public override bool TryDecode(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        written = 0;
        if (!ZstdFrameHeader.TryRead(input, out var head) || head.ContentSize > output.Length)
            return false;
        try
        {
            return _decompressor.TryUnwrap(input, output, out written);
        }
        catch (ZstdException)
        {
            return false;
        }
    }

    /// <summary>Takes some input and gives some output of a stream of frames that comes in pieces.</summary>
    /// <returns>False where the input is damaged; the stream cannot go on then.</returns>
    public bool TryContinue(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written)
    {
        (consumed, written) = (0, 0);
        try
        {
            var status = _decompressor.UnwrapStream(input, output, out consumed, out written);
            // A call that finds nothing to do at the end of a frame asks for the next frame: that is no change.
            if (consumed > 0 || written > 0)
                IsAtFrameEnd = status == OperationStatus.Done;
            return status != OperationStatus.InvalidData;
        }
        catch (ZstdException)
        {
            return false;
        }
    }

    public override void Dispose() => _decompressor.Dispose();
}
