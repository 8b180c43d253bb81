namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>
/// Makes a zstd-compressed file readable at any offset.
/// </summary>
internal static class ZstdFile
{
    /// <summary>A storm trace shrinks 20:1, text 10:1. More than this is an attempt to fill the disk.</summary>
    public const long LargestRatio = 2_000;

    /// <summary>Content that is taken whatever the ratio, in bytes.</summary>
    public const long AlwaysAllowed = 1L << 28;

    private const int StepBytes = 1 << 18;

    /// <summary>
    /// Decompresses the whole source. A stream that breaks off gives what came before, and a note of the damage.
    /// </summary>
    public static ByteSource Expand(ByteSource compressed, DamageLog damage)
    {
        using var target = new Spool();
        var limit = Math.Max(AlwaysAllowed, compressed.Length * LargestRatio);
        if (Decode(compressed, target, limit, out var offset) is { } expected)
            damage.Add(compressed.Name, offset, $"expected {expected}");
        return target.ToSource(compressed.Name);
    }

    private static string? Decode(ByteSource compressed, Spool target, long limit, out long offset)
    {
        using var decoder = new ZstdDecoder();
        var input = new byte[StepBytes];
        var output = new byte[StepBytes];
        var held = 0;
        var start = 0;
        offset = 0;
        while (true)
        {
            if (start == held)
            {
                start = 0;
                held = compressed.Read(input, offset);
            }

            var intact = decoder.TryContinue(
                input.AsSpan(start, held - start),
                output,
                out var consumed,
                out var written
            );
            start += consumed;
            offset += consumed;
            target.Write(output.AsSpan(0, written));
            if (!intact)
                return "a valid zstd frame";
            if (target.Length > limit)
                return $"no more than {LargestRatio} times the compressed size in content";
            if (consumed == 0 && written == 0)
            {
                if (start < held)
                    return "a zstd frame that goes on";
                return decoder.IsAtFrameEnd ? null : "the rest of a zstd frame, found the end of the file";
            }
        }
    }
}
