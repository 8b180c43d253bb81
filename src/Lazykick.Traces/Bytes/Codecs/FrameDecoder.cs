namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>Decodes pieces that were compressed each on its own. Not for use by several threads at once.</summary>
internal abstract class FrameDecoder : IDisposable
{
    /// <summary>Decodes one whole piece into a span that is large enough for it.</summary>
    /// <returns>False where the input is damaged or holds more than the span takes.</returns>
    public abstract bool TryDecode(ReadOnlySpan<byte> input, Span<byte> output, out int written);

    public abstract void Dispose();
}
