using System.Buffers.Binary;

namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>The head of a frame (RFC 8878, 3.1.1.1).</summary>
internal readonly record struct ZstdFrameHeader(
    int Bytes,
    long WindowSize,
    long? ContentSize,
    bool HasChecksum,
    bool IsSkippable
)
{
    /// <summary>Larger windows are refused, as libzstd does without being told otherwise.</summary>
    public const long LargestWindow = 1L << 27;

    private const uint Magic = 0xFD2FB528;
    private const uint SkippableMagic = 0x184D2A50;

    /// <summary>Reads a head. For a skippable frame <see cref="ContentSize"/> is what to skip.</summary>
    /// <returns>1 = read, 0 = more input is needed, -1 = no frame that can be decoded.</returns>
    public static int TryRead(ReadOnlySpan<byte> input, out ZstdFrameHeader header)
    {
        header = default;
        if (input.Length < 5)
            return 0;
        var magic = BinaryPrimitives.ReadUInt32LittleEndian(input);
        if ((magic & ~15u) == SkippableMagic)
        {
            if (input.Length < 8)
                return 0;
            header = new ZstdFrameHeader(8, 0, BinaryPrimitives.ReadUInt32LittleEndian(input[4..]), false, true);
            return 1;
        }

        int descriptor = input[4];
        if (magic != Magic || (descriptor & 8) != 0)
            return -1;
        var isSingle = (descriptor & 32) != 0;
        var dictionaryBytes = (descriptor & 3) switch
        {
            0 => 0,
            1 => 1,
            2 => 2,
            _ => 4,
        };
        var contentBytes = (descriptor >> 6) switch
        {
            0 => isSingle ? 1 : 0,
            1 => 2,
            2 => 4,
            _ => 8,
        };
        var bytes = 5 + (isSingle ? 0 : 1) + dictionaryBytes + contentBytes;
        if (input.Length < bytes)
            return 0;
        long window = 0;
        if (!isSingle)
        {
            var exponent = 10 + (input[5] >> 3);
            window = (1L << exponent) + ((1L << exponent) / 8 * (input[5] & 7));
        }

        if (input.Slice(bytes - contentBytes - dictionaryBytes, dictionaryBytes).ContainsAnyExcept((byte)0))
            return -1; // a dictionary, which no trace has
        long? content = null;
        var at = input.Slice(bytes - contentBytes);
        if (contentBytes > 0)
        {
            content = contentBytes switch
            {
                1 => at[0],
                2 => BinaryPrimitives.ReadUInt16LittleEndian(at) + 256,
                4 => BinaryPrimitives.ReadUInt32LittleEndian(at),
                _ => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(at), long.MaxValue),
            };
        }

        if (isSingle)
            window = content ?? 0;
        header = new ZstdFrameHeader(bytes, window, content, (descriptor & 4) != 0, false);
        return 1;
    }
}
