namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>A decoder of zstd frames (RFC 8878). Not for use by several threads at once.</summary>
internal abstract class ZstdDecoder : FrameDecoder
{
    /// <summary>
    /// The system's libzstd where there is one, which is several times as fast; otherwise the managed decoder.
    /// </summary>
    public static ZstdDecoder Create() => (ZstdDecoder?)NativeZstdDecoder.TryCreate() ?? new ManagedZstdDecoder();

    /// <summary>Takes some input and gives some output of a stream of frames that comes in pieces.</summary>
    /// <returns>False where the input is damaged; the stream cannot go on then.</returns>
    public abstract bool TryContinue(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written);

    /// <summary>True between two frames: the input may end here.</summary>
    public abstract bool IsAtFrameEnd { get; }
}
