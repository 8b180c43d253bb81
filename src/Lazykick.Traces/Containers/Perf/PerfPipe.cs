using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Lazykick.Traces.Bytes;

namespace Lazykick.Traces.Containers.Perf;

/// <summary>The records of a perf.data in pipe form that describe the others.</summary>
internal static class PerfPipe
{
    /// <summary>The magic and the size of the header.</summary>
    public const int HeaderBytes = 16;

    /// <summary>A record of tracing data: header and u32 size; the data comes after the record.</summary>
    public const int TracingDataBytes = 12;

    /// <summary>Tracing data is padded to 8 bytes.</summary>
    public static long BytesAfter(uint size) => ((long)size + 7) & ~7L;

    /// <summary>All descriptions, up to the first place at which the records cannot be followed.</summary>
    public static IEnumerable<Description> Descriptions(ByteSource source)
    {
        var header = new byte[TracingDataBytes];
        for (long at = HeaderBytes; source.Read(header, at) >= SampleLayout.HeaderBytes;)
        {
            var type = BinaryPrimitives.ReadUInt32LittleEndian(header);
            var size = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(6));
            if (size < SampleLayout.HeaderBytes)
                yield break;
            var after =
                type == PerfRecord.TracingData && size >= TracingDataBytes
                    ? BytesAfter(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(SampleLayout.HeaderBytes)))
                    : 0;
            if (type >= PerfRecord.HeaderAttribute)
                yield return new Description(type, at, size, after);
            at += size + after;
        }
    }

    /// <summary>An attribute, the size of which it says itself, and the ids of its samples.</summary>
    /// <returns>The clock, of a tracepoint; otherwise null.</returns>
    public static string? ReadAttribute(ByteSource source, Description record, SampleLayouts layouts)
    {
        const int sizeOffset = 4;
        const int smallest = 64;
        var body = source.ReadBytes(record.Offset + SampleLayout.HeaderBytes, record.Size - SampleLayout.HeaderBytes);
        if (body.Length < smallest)
            return null;
        var size = (int)
            Math.Clamp(BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(sizeOffset)), smallest, (uint)body.Length);
        var attribute = PerfAttribute.Parse(body.AsSpan(0, size));
        var ids = body.AsSpan(size);
        layouts.Add(attribute, MemoryMarshal.Cast<byte, ulong>(ids[..(ids.Length & ~7)]));
        return attribute.IsTracepoint ? attribute.Clock : null;
    }

    /// <summary>One of these records.</summary>
    /// <param name="Type">Its type.</param>
    /// <param name="Offset">Its place.</param>
    /// <param name="Size">Its size with its header.</param>
    /// <param name="BytesAfter">Bytes after it that belong to it.</param>
    internal readonly record struct Description(uint Type, long Offset, int Size, long BytesAfter)
    {
        public SectionCursor Body(ByteSource source) => new(source, Offset + SampleLayout.HeaderBytes, Offset + Size);

        public SectionCursor After(ByteSource source) => new(source, Offset + Size, Offset + Size + BytesAfter);
    }
}
