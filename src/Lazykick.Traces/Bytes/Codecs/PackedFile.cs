using System.Buffers.Binary;
using System.IO.Compression;
using SharpCompress.Common;
using SharpCompress.Compressors.Xz;

namespace Lazykick.Traces.Bytes.Codecs;

/// <summary>Makes a file that was compressed as a whole (zstd, gzip, xz) readable at any offset.</summary>
internal static class PackedFile
{
    private const string Gzip = "gzip";
    private const int StepBytes = 1 << 18;

    private static readonly string[] s_suffixes = [".zst", ".gz", ".xz"];

    private static ReadOnlySpan<byte> ZstdMagic => [0x28, 0xB5, 0x2F, 0xFD];

    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B, 0x08];

    private static ReadOnlySpan<byte> XzMagic => [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00];

    /// <summary>A path without the suffix of a compressor.</summary>
    public static string WithoutSuffix(string path)
    {
        foreach (var suffix in s_suffixes)
        {
            if (path.EndsWith(suffix, StringComparison.Ordinal))
                return path[..^suffix.Length];
        }

        return path;
    }

    /// <summary>The content of a file by the first bytes of which a compressor is known; any other as it is.</summary>
    /// <param name="source">The file; closed where its content takes its place.</param>
    /// <param name="damage">
    /// Where to note damage: a stream that breaks off gives what came before.
    /// </param>
    public static ByteSource Expand(ByteSource source, DamageLog damage)
    {
        Span<byte> magic = stackalloc byte[6];
        magic = magic[..source.Read(magic, 0)];
        if (magic.StartsWith(ZstdMagic))
        {
            using (source)
                return ZstdFile.Expand(source, damage);
        }

        if (magic.StartsWith(GzipMagic))
        {
            using (source)
            {
                return Expand(
                    source,
                    damage,
                    Gzip,
                    static packed => new GZipStream(packed, CompressionMode.Decompress)
                );
            }
        }

        if (magic.StartsWith(XzMagic))
        {
            using (source)
                return Expand(source, damage, "xz", static packed => new XZStream(packed));
        }

        return source;
    }

    private static ByteSource Expand(ByteSource source, DamageLog damage, string kind, Func<SourceStream, Stream> open)
    {
        using var target = new Spool();
        using var packed = new SourceStream(source);
        var limit = Math.Max(ZstdFile.AlwaysAllowed, source.Length * ZstdFile.LargestRatio);
        var buffer = new byte[StepBytes];
        try
        {
            using var stream = open(packed);
            for (int count; (count = stream.Read(buffer)) > 0;)
            {
                target.Write(buffer.AsSpan(0, count));
                if (target.Length <= limit)
                    continue;
                damage.Add(
                    source.Name,
                    packed.Position,
                    $"expected no more than {ZstdFile.LargestRatio} times the compressed size in content"
                );
                break;
            }
        }
        catch (Exception error)
            when (error
                    is InvalidDataException
                        or EndOfStreamException
                        or SharpCompressException
                        or ArgumentException
                        or IndexOutOfRangeException
                        or OverflowException
                        or NotSupportedException
            )
        {
            damage.Add(source.Name, packed.Position, $"expected valid {kind} data up to here");
        }

        if (kind == Gzip && !HoldsAll(source, target.Length))
            damage.Add(source.Name, source.Length, "expected the rest of the gzip data, found the end of the file");
        return target.ToSource(source.Name);
    }

    /// <summary>A gzip file ends with the size of its content (RFC 1952); the runtime does not miss the end.</summary>
    private static bool HoldsAll(ByteSource source, long length)
    {
        var end = source.ReadBytes(source.Length - sizeof(uint), sizeof(uint));
        return end.Length == sizeof(uint) && BinaryPrimitives.ReadUInt32LittleEndian(end) == (uint)length;
    }
}
