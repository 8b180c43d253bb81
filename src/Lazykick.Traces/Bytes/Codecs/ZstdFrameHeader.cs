using System.Buffers.Binary;

namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>The head of a frame (RFC 8878, 3.1.1.1), read before a decoder sees it.</summary>
internal readonly record struct ZstdFrameHeader(long WindowSize, long? ContentSize)
{
    /// <summary>Larger windows are refused, as libzstd does without being told otherwise.</summary>
    public const int LargestWindowLog = 27;

    private const uint Magic = 0xFD2FB528;

    /// <summary>Reads a head.</summary>
    /// <returns>False where there is none, or one of a frame that no trace has.</returns>
    public static bool TryRead(ReadOnlySpan<byte> input, out ZstdFrameHeader header)
    {
        header = default;
        if (input.Length < 6 || BinaryPrimitives.ReadUInt32LittleEndian(input) != Magic)
            return false;
        var descriptor = input[4];
        var isSingle = (descriptor & 32) != 0;
        var hasDictionary = (descriptor & 3) != 0;
        var contentBytes = (descriptor >> 6) switch
        {
            0 => isSingle ? 1 : 0,
            1 => 2,
            2 => 4,
            _ => 8,
        };
        var at = isSingle ? 5 : 6;
        if ((descriptor & 8) != 0 || hasDictionary || input.Length < at + contentBytes)
            return false;
        long? content = contentBytes switch
        {
            0 => null,
            1 => input[at],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(input[at..]) + 256,
            4 => BinaryPrimitives.ReadUInt32LittleEndian(input[at..]),
            _ => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(input[at..]), long.MaxValue),
        };
        var exponent = 10 + (input[5] >> 3);
        var window = isSingle ? content ?? 0 : (1L << exponent) + ((1L << exponent) / 8 * (input[5] & 7));
        header = new ZstdFrameHeader(window, content);
        return isSingle || window <= 1L << LargestWindowLog;
    }
}
