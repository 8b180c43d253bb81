using Lazykick.Traces.Bytes;
using Lazykick.Traces.Bytes.Codecs;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Containers.Pages;

/// <summary>Where a trace.dat says that the pages of one CPU lie.</summary>
internal readonly record struct CpuExtent(int Cpu, long Offset, long Length)
{
    /// <summary>Turns a table into streams. Parts beyond the end of the file are noted as damage and cut off.</summary>
    /// <param name="extents">The table.</param>
    /// <param name="source">The file.</param>
    /// <param name="pageSizes">Sizes that the file names, in the order of trust.</param>
    /// <param name="compression">How the pages are compressed, or null.</param>
    /// <param name="layout">Where the common fields of a record lie.</param>
    /// <param name="damage">Where to note damage.</param>
    public static List<CpuStream> ToStreams(
        IReadOnlyList<CpuExtent> extents,
        ByteSource source,
        ReadOnlySpan<int> pageSizes,
        Compression? compression,
        RecordLayout layout,
        DamageLog damage
    )
    {
        var intact = new List<CpuExtent>();
        foreach (var extent in extents)
        {
            if (extent.Length == 0)
                continue;
            if (extent.Offset < 0 || extent.Length < 0 || extent.Offset >= source.Length)
            {
                damage.Add(
                    source.Name,
                    source.Length,
                    $"expected the {extent.Length} bytes of CPU {extent.Cpu} at byte {extent.Offset}, found the end",
                    extent.Cpu
                );
                continue;
            }

            var length = Math.Min(extent.Length, source.Length - extent.Offset);
            if (length < extent.Length)
            {
                damage.Add(
                    source.Name,
                    source.Length,
                    $"expected {extent.Length - length} more bytes of CPU {extent.Cpu}, found the end",
                    extent.Cpu
                );
            }

            var next = StartAfter(extent, extents);
            if (next - extent.Offset < length)
            {
                damage.Add(
                    source.Name,
                    next,
                    $"expected CPUs whose events do not overlap, found {length} bytes of CPU {extent.Cpu} from byte "
                        + $"{extent.Offset} on, and another CPU here",
                    extent.Cpu
                );
                length = next - extent.Offset;
            }

            if (length > 0)
                intact.Add(extent with { Length = length });
        }

        var streams = new List<CpuStream>();
        if (intact.Count == 0)
            return streams;
        var pageSize = PageSizeProbe.Choose(FirstBytes(intact[0], source, compression), pageSizes);
        foreach (var extent in intact)
        {
            streams.Add(
                compression is null
                    ? new PlainPages(extent.Cpu, source, extent.Offset, extent.Length, pageSize, layout, damage)
                    : new ChunkPages(
                        extent.Cpu,
                        source,
                        extent.Offset,
                        extent.Length,
                        pageSize,
                        compression,
                        layout,
                        damage
                    )
            );
        }

        return streams;
    }

    /// <summary>Where the next area of a CPU begins.</summary>
    private static long StartAfter(CpuExtent extent, IReadOnlyList<CpuExtent> all)
    {
        var next = long.MaxValue;
        foreach (var other in all)
        {
            if (other.Cpu == extent.Cpu || other.Length <= 0 || other.Offset < extent.Offset)
                continue;
            // Of two that begin at one place, the first one named has it.
            if (other.Offset > extent.Offset || other.Cpu < extent.Cpu)
                next = Math.Min(next, other.Offset);
        }

        return next;
    }

    private static ReadOnlySpan<byte> FirstBytes(CpuExtent extent, ByteSource source, Compression? compression)
    {
        if (compression is null)
            return source.ReadBytes(extent.Offset, Math.Min(extent.Length, PageSizeProbe.BytesNeeded));
        // The reader is asked for the smallest pages: a block is as good as the bytes that it is made of.
        var reader = new ChunkPageReader(
            source,
            extent.Offset,
            4096,
            PageSizeProbe.BytesNeeded,
            compression,
            extent.Cpu,
            new DamageLog()
        );
        return reader.TryNext(out var block) ? block.ToArray() : [];
    }
}
