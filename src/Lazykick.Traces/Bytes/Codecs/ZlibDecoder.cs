using System.IO.Compression;

namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>Pieces in zlib form (RFC 1950), as trace-cmd writes them where it has no zstd.</summary>
internal sealed class ZlibDecoder : FrameDecoder
{
    private byte[] _copy = [];

    public override bool TryDecode(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        if (_copy.Length < input.Length)
            _copy = new byte[input.Length];
        input.CopyTo(_copy);
        written = 0;
        using var compressed = new MemoryStream(_copy, 0, input.Length, writable: false);
        using var stream = new ZLibStream(compressed, CompressionMode.Decompress);
        try
        {
            while (written < output.Length)
            {
                var count = stream.Read(output[written..]);
                if (count == 0)
                    return true;
                written += count;
            }

            Span<byte> more = stackalloc byte[1];
            return stream.Read(more) == 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    public override void Dispose() { }
}
