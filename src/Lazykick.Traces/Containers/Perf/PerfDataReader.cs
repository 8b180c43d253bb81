using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Containers.TraceDat;

namespace Lazykick.Traces.Containers.Perf;

/// <summary>
/// perf.data in its file form (perf's tools/perf/Documentation/perf.data-file-format.txt): a header, the attributes of
/// the events, the records, and feature sections behind them.
/// </summary>
internal static class PerfDataReader
{
    private const int HeaderBytes = 104;
    private const int SmallestAttribute = 64;
    private const int MostAttributes = 1 << 16;

    private const int TracingData = 1,
        BuildId = 2,
        OsRelease = 4,
        Architecture = 6,
        CpuCount = 7,
        ClockData = 29;

    public static ReadOnlySpan<byte> Magic => "PERFILE2"u8;

    /// <summary>The magic as a big-endian machine writes it.</summary>
    public static ReadOnlySpan<byte> SwappedMagic => "2ELIFREP"u8;

    /// <exception cref="TraceException">A form of perf.data that is not read, or one without tracepoints.</exception>
    public static TraceContents Read(ByteSource source, DamageLog damage)
    {
        var at = new SectionCursor(source);
        at.Skip(8);
        var headerSize = at.ReadUInt64();
        if (headerSize == 16)
            return ReadPipe(source, damage);
        if (at.IsBroken || headerSize < HeaderBytes)
            throw new TraceException(source.Name, 8, $"the header size of a perf.data, {HeaderBytes}", $"{headerSize}");
        var attributeSize = at.ReadUInt64();
        var attributes = ReadSection(at);
        var data = ReadSection(at);
        _ = ReadSection(at); // event types, no longer used
        var features = at.ReadBytes(32);
        if (at.IsBroken)
            throw new TraceException(source.Name, at.Position, "the header of a perf.data", "the end of the file");

        var contents = new TraceContents { Container = TraceContainer.PerfData };
        var layouts = new SampleLayouts();
        var kernel = new PerfKernelMap();
        var clock = ReadAttributes(source, attributes, (long)Math.Min(attributeSize, int.MaxValue), layouts, damage);
        if (!layouts.HasTracepoints)
        {
            throw new TraceException(
                $"{source.Name}: no tracepoint with time, CPU and raw data was recorded (perf record -a -e 'ipi:*' -e "
                    + "...)"
            );
        }

        if (data.Length == 0 && source.Length > data.Offset)
        {
            damage.Add(source.Name, 48, "expected the size of the records, found 0: perf record did not end properly");
            data = data with { Length = source.Length - data.Offset };
        }

        var cpus = ReadFeatures(source, contents, features, data.Offset + data.Length, kernel, damage, ref clock);
        if (contents.Catalog.All.Count == 0)
        {
            throw new TraceException(
                $"{source.Name}: the event formats (feature TRACING_DATA) are missing: perf record did not end properly"
            );
        }

        if (data.Length > source.Length - data.Offset)
        {
            damage.Add(
                source.Name,
                source.Length,
                $"expected {data.Length - (source.Length - data.Offset)} more bytes of records, found the end"
            );
            data = data with { Length = Math.Max(0, source.Length - data.Offset) };
        }

        contents.Owned.Add(source);
        AddBuffer(source, contents, data, layouts, kernel, clock, cpus, damage);
        // Tracing data of old recorders holds kallsyms.
        var own = contents.ReadSymbols;
        contents.ReadSymbols = () => own() is { Count: > 0 } symbols ? symbols : PerfSymbols.Read(source.Name, kernel);
        return contents;
    }

    /// <summary>
    /// The form that perf record writes into a pipe: a header of 16 bytes, then records; attributes, formats and
    /// features are records too.
    /// </summary>
    private static TraceContents ReadPipe(ByteSource source, DamageLog damage)
    {
        var contents = new TraceContents { Container = TraceContainer.PerfData };
        var layouts = new SampleLayouts();
        var kernel = new PerfKernelMap();
        var clock = "";
        var cpus = 0;
        foreach (var record in PerfPipe.Descriptions(source))
        {
            switch (record.Type)
            {
                case PerfRecord.HeaderAttribute:
                    clock = PerfPipe.ReadAttribute(source, record, layouts) ?? clock;
                    break;
                case PerfRecord.TracingData:
                    ReadTracingData(record.After(source), contents, damage);
                    break;
                case PerfRecord.Feature:
                    var at = record.Body(source);
                    var feature = (int)Math.Min(at.ReadUInt64(), int.MaxValue);
                    ReadFeature(feature, at, contents, kernel, ref cpus, ref clock);
                    break;
            }
        }

        RequireTracepoints(source, contents, layouts);
        contents.Owned.Add(source);
        var data = new PerfSection(PerfPipe.HeaderBytes, source.Length - PerfPipe.HeaderBytes);
        AddBuffer(source, contents, data, layouts, kernel, clock, cpus, damage);
        contents.ReadSymbols = () => PerfSymbols.Read(source.Name, kernel);
        return contents;
    }

    private static void RequireTracepoints(ByteSource source, TraceContents contents, SampleLayouts layouts)
    {
        if (!layouts.HasTracepoints)
        {
            throw new TraceException(
                $"{source.Name}: no tracepoint with time, CPU and raw data was recorded (perf record -a -e 'ipi:*' -e "
                    + "...)"
            );
        }

        if (contents.Catalog.All.Count == 0)
        {
            throw new TraceException(
                $"{source.Name}: the event formats (feature TRACING_DATA) are missing: perf record did not end properly"
            );
        }
    }

    private static void AddBuffer(
        ByteSource source,
        TraceContents contents,
        PerfSection data,
        SampleLayouts layouts,
        PerfKernelMap kernel,
        string clock,
        int cpus,
        DamageLog damage
    )
    {
        contents.SwitchedOn =
        [
            .. contents
                .Catalog.All.Where(format => layouts.Tracepoints.Contains(format.Id))
                .Select(static format => $"{format.System}:{format.Name}"),
        ];
        var layout = contents.Catalog.Layout();
        var index = new PerfIndex(source, layouts, contents.Tasks, kernel, damage);
        index.Scan(data.Offset, data.Offset + data.Length);
        if (index.HasCompressedRecords)
        {
            var expanded = PerfCompression.Expand(source, data, damage);
            contents.Owned.Add(expanded);
            source = expanded;
            index = new PerfIndex(source, layouts, contents.Tasks, kernel, damage);
            index.Scan(0, source.Length);
        }

        var streams = index
            .Cpus.Select(cpu => (CpuStream)new PerfStream(source, cpu, layouts, layout, damage))
            .ToList();
        contents.Buffers.Add(
            new TraceBuffer(
                "",
                clock,
                Math.Max(cpus, streams.Count == 0 ? 0 : streams.Max(static stream => stream.Cpu) + 1),
                streams
            )
        );
    }

    private static PerfSection ReadSection(SectionCursor at) =>
        new((long)Math.Min(at.ReadUInt64(), long.MaxValue / 2), (long)Math.Min(at.ReadUInt64(), long.MaxValue / 2));

    /// <summary>Reads all attributes with the ids of their samples.</summary>
    /// <returns>The clock of the first tracepoint.</returns>
    private static string ReadAttributes(
        ByteSource source,
        PerfSection section,
        long size,
        SampleLayouts layouts,
        DamageLog damage
    )
    {
        string? clock = null;
        if (size < SmallestAttribute + 16)
        {
            throw new TraceException(
                source.Name,
                16,
                $"attributes of at least {SmallestAttribute + 16} bytes",
                $"{size}"
            );
        }

        var count = Math.Min(section.Length / size, MostAttributes);
        long idBytes = 0;
        for (long i = 0; i < count; i++)
        {
            var place = section.Offset + (i * size);
            var bytes = source.ReadBytes(place, Math.Min(size, 4096));
            if (bytes.Length < SmallestAttribute + 16)
            {
                damage.Add(source.Name, place, $"expected {count - i} more attributes of events, found the end");
                break;
            }

            var attribute = PerfAttribute.Parse(bytes.AsSpan(0, bytes.Length - 16));
            var ids = new PerfSection(
                BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(bytes.Length - 16)),
                BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(bytes.Length - 8))
            );
            if (ids.Length < 0 || ids.Length > source.Length - idBytes)
            {
                damage.Add(
                    source.Name,
                    place,
                    $"expected ids of an event that fit into the file, found {ids.Length} bytes"
                );
                break;
            }

            idBytes += ids.Length;
            layouts.Add(attribute, MemoryMarshal.Cast<byte, ulong>(source.ReadBytes(ids.Offset, ids.Length)));
            if (attribute.IsTracepoint)
                clock ??= attribute.Clock;
        }

        return clock ?? "";
    }

    /// <summary>
    /// Feature sections lie behind the records: one place for each bit that is set, in the order of the bits.
    /// </summary>
    /// <returns>The number of CPUs, 0 where it is not told.</returns>
    private static int ReadFeatures(
        ByteSource source,
        TraceContents contents,
        byte[] features,
        long tableOffset,
        PerfKernelMap kernel,
        DamageLog damage,
        ref string clock
    )
    {
        var cpus = 0;
        var table = new SectionCursor(source, tableOffset, source.Length);
        for (var feature = 0; feature < features.Length * 8 && !table.IsBroken; feature++)
        {
            if ((features[feature / 8] & (1 << (feature % 8))) == 0)
                continue;
            var section = ReadSection(table);
            if (table.IsBroken)
            {
                damage.Add(source.Name, table.Position, $"expected the place of feature {feature}, found the end");
                break;
            }

            var at = new SectionCursor(source, section.Offset, section.Offset + section.Length);
            if (feature == TracingData)
                ReadTracingData(at, contents, damage);
            else
                ReadFeature(feature, at, contents, kernel, ref cpus, ref clock);
            if (at.IsBroken && feature != TracingData)
                damage.Add(source.Name, at.Position, $"expected the content of feature {feature}, found the end");
        }

        return cpus;
    }

    private static void ReadFeature(
        int feature,
        SectionCursor at,
        TraceContents contents,
        PerfKernelMap kernel,
        ref int cpus,
        ref string clock
    )
    {
        switch (feature)
        {
            case BuildId:
                kernel.TakeBuildIds(at);
                break;
            case OsRelease:
                contents.KernelRelease = Encoding.UTF8.GetString(at.ReadBytes(at.ReadUInt32())).TrimEnd('\0');
                break;
            case Architecture:
                contents.Machine = Encoding.UTF8.GetString(at.ReadBytes(at.ReadUInt32())).TrimEnd('\0');
                break;
            case CpuCount:
                cpus = (int)Math.Min(at.ReadUInt32(), ushort.MaxValue);
                break;
            case ClockData:
                _ = at.ReadUInt32(); // version
                var clockId = (int)at.ReadUInt32();
                var wall = at.ReadUInt64();
                var own = at.ReadUInt64();
                if (!at.IsBroken)
                    (contents.WallClockOffset, clock) = ((long)(wall - own), PerfAttribute.NameOf(clockId));
                break;
        }
    }

    /// <summary>The same parts as in front of the events of a trace.dat 6.</summary>
    private static void ReadTracingData(SectionCursor at, TraceContents contents, DamageLog damage)
    {
        var metadata = new Metadata(contents, damage);
        var start = at.Position;
        if (!at.ReadBytes((ulong)TraceDatReader.Magic.Length).AsSpan().SequenceEqual(TraceDatReader.Magic))
        {
            damage.Add(at.Source.Name, start, "expected tracing data (17 08 44 \"tracing\")");
            return;
        }

        _ = at.ReadText(16); // version
        if (at.ReadByte() != 0)
        {
            throw new TraceException(
                $"{at.Source.Name}: a big-endian machine made this trace; only 64-bit little-endian kernels are read"
            );
        }

        at.Skip(1 + 4); // long of the user space, page size
        metadata.ReadHeaderInfo(at);
        metadata.ReadFtraceFormats(at);
        metadata.ReadEventFormats(at);
        metadata.ReadSymbols(at);
        metadata.ReadTexts(at);
        if (at.Left > 8)
            metadata.ReadCommandLines(at);
    }
}
