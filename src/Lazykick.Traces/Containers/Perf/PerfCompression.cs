using System.Buffers.Binary;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Bytes.Codecs;

namespace Lazykick.Traces.Containers.Perf;

/// <summary>
/// perf record -z: COMPRESSED records hold pieces of one zstd stream of records. They are decompressed once, to a file
/// without a name.
/// </summary>
internal static class PerfCompression
{
    public static ByteSource Expand(ByteSource source, PerfSection data, DamageLog damage)
    {
        using var decoder = new ZstdDecoder();
        using var target = new Spool();
        var output = new byte[1 << 18];
        var record = new byte[ushort.MaxValue];
        var end = data.Offset + data.Length;
        // perf's pieces shrink far less than this; more is an attempt to fill the disk.
        var limit = Math.Max(ZstdFile.AlwaysAllowed, data.Length * ZstdFile.LargestRatio);
        for (var at = data.Offset; end - at >= SampleLayout.HeaderBytes;)
        {
            var length = source.Read(record.AsSpan(0, (int)Math.Min(record.Length, end - at)), at);
            var size = BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(6));
            if (size < SampleLayout.HeaderBytes || size > length)
                break; // the index has noted this place
            var type = BinaryPrimitives.ReadUInt32LittleEndian(record);
            var piece = PieceOf(type, record.AsSpan(0, size));
            for (var more = !piece.IsEmpty; more || !piece.IsEmpty;)
            {
                if (!decoder.TryContinue(piece, output, out var consumed, out var written) || target.Length > limit)
                {
                    damage.Add(source.Name, at, "expected a compressed record that continues the zstd stream");
                    return target.ToSource(source.Name);
                }

                target.Write(output.AsSpan(0, written));
                piece = piece[consumed..];
                more = written == output.Length;
            }

            at += size;
            if (type == PerfRecord.AuxTrace && size >= 16)
                at += (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(8)), long.MaxValue / 4);
        }

        return target.ToSource(source.Name);
    }

    /// <summary>
    /// The compressed bytes of a record; COMPRESSED2 (perf 6.15) is padded and says how many there are.
    /// </summary>
    private static ReadOnlySpan<byte> PieceOf(uint type, ReadOnlySpan<byte> record)
    {
        var body = record[SampleLayout.HeaderBytes..];
        if (type == PerfRecord.Compressed)
            return body;
        if (type != PerfRecord.Compressed2 || body.Length < 8)
            return default;
        var length = BinaryPrimitives.ReadUInt64LittleEndian(body);
        body = body[8..];
        return body[..(int)Math.Min(length, (ulong)body.Length)];
    }
}
