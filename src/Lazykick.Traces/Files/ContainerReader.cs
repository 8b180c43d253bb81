using Lazykick.Traces.Bytes;
using Lazykick.Traces.Bytes.Codecs;
using Lazykick.Traces.Containers;
using Lazykick.Traces.Containers.Perf;
using Lazykick.Traces.Containers.TraceDat;

namespace Lazykick.Traces.Files;

/// <summary>Tells containers apart by their first bytes.</summary>
internal static class ContainerReader
{
    private static ReadOnlySpan<byte> OldPerfMagic => "PERFFILE"u8;

    /// <summary>Reads what stands in front of the events.</summary>
    /// <param name="source">The file; replaced by its decompressed form where it is compressed.</param>
    /// <param name="damage">Where to note damage.</param>
    public static TraceContents Read(ref ByteSource source, DamageLog damage)
    {
        source = PackedFile.Expand(source, damage);
        Span<byte> magic = stackalloc byte[16];
        magic = magic[..source.Read(magic, 0)];

        if (magic.StartsWith(TraceDatReader.Magic))
            return TraceDatReader.Read(source, damage);
        if (magic.StartsWith(PerfDataReader.Magic))
            return PerfDataReader.Read(source, damage);
        if (magic.StartsWith(PerfDataReader.SwappedMagic))
        {
            throw new TraceException(
                $"{source.Name}: a big-endian machine made this perf.data; only 64-bit little-endian kernels are read"
            );
        }

        if (magic.StartsWith(OldPerfMagic))
        {
            throw new TraceException(
                $"{source.Name}: a perf before Linux 2.6.39 made this perf.data (PERFFILE); PERFILE2 is read"
            );
        }

        if (magic.IsEmpty)
            throw new TraceException(source.Name, 0, "a trace.dat or perf.data", "an empty file");
        throw new TraceException(
            source.Name,
            0,
            "a trace.dat (17 08 44 \"tracing\") or perf.data (\"PERFILE2\")",
            Describe(magic)
        );
    }

    private static string Describe(ReadOnlySpan<byte> magic) =>
        $"bytes {Convert.ToHexString(magic[..Math.Min(8, magic.Length)])}";
}
