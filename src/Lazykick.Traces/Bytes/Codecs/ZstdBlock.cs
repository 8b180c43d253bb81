namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>Decodes the blocks of a frame one after another (RFC 8878, 3.1.1.2).</summary>
internal sealed class ZstdBlock
{
    /// <summary>No block holds more content than this, in bytes.</summary>
    public const int LargestContent = 128 << 10;

    /// <summary>Bytes of a block's header.</summary>
    public const int HeaderBytes = 3;

    private readonly ZstdLiterals _literals = new();
    private readonly ZstdSequences _sequences = new();

    /// <summary>Forgets what blocks of the frame before left behind.</summary>
    public void Reset()
    {
        _literals.Reset();
        _sequences.Reset();
    }

    /// <summary>Bytes of a block behind its header.</summary>
    public static int StoredBytes(int header) => ((header >> 1) & 3) == 1 ? 1 : header >> 3;

    /// <summary>Decodes a block behind what is in the output already.</summary>
    public bool TryDecode(int header, ReadOnlySpan<byte> body, Span<byte> output, ref int position)
    {
        var size = header >> 3;
        var end = (int)Math.Min(output.Length, (long)position + LargestContent);
        switch ((header >> 1) & 3)
        {
            case 0:
                if (size > end - position)
                    return false;
                body.CopyTo(output[position..]);
                position += size;
                return true;
            case 1:
                if (size > end - position)
                    return false;
                output.Slice(position, size).Fill(body[0]);
                position += size;
                return true;
            case 2:
                return size <= LargestContent
                    && _literals.TryRead(body, out var literals, out var consumed)
                    && _sequences.TryRun(body[consumed..], literals, output, ref position, end);
            default:
                return false;
        }
    }
}
