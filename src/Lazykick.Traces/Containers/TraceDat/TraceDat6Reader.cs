using System.Text;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Containers.Pages;

namespace Lazykick.Traces.Containers.TraceDat;

/// <summary>Version 6: everything in a fixed order, then a table of where each CPU's pages lie.</summary>
internal sealed class TraceDat6Reader(ByteSource source, TraceContents contents, DamageLog damage, uint pageSize)
{
    // Instances are few; more than this is a loop of offsets.
    private const int MostBuffers = 1024;

    private readonly Metadata _metadata = new(contents, damage);

    public void Read(SectionCursor at)
    {
        var options = new TraceOptions(contents, _metadata);
        var instances = new List<(string Name, long Offset)>();
        _metadata.ReadHeaderInfo(at);
        _metadata.ReadFtraceFormats(at);
        _metadata.ReadEventFormats(at);
        _metadata.ReadSymbols(at);
        _metadata.ReadTexts(at);
        _metadata.ReadCommandLines(at);
        var cpus = (int)Math.Min(at.ReadUInt32(), ushort.MaxValue);

        var clock = "";
        if (ReadTable(at, cpus, options, instances) is { } streams)
        {
            // The text follows the table only where the clock option is there, empty in older files.
            if (options.Clock is "" or null)
            {
                clock =
                    at.Left > 8
                        ? TraceClock.Selected(Encoding.UTF8.GetString(at.ReadBytes(Math.Min(at.ReadUInt64(), 4096))))
                        : "";
            }
            else
            {
                clock = options.Clock;
            }

            contents.Buffers.Add(new TraceBuffer("", clock, cpus, streams));
        }

        foreach (var (name, offset) in instances)
        {
            if (ReadTable(new SectionCursor(source, offset, source.Length), cpus, null, null) is { } of)
                contents.Buffers.Add(new TraceBuffer(name, clock, cpus, of));
        }

        options.Finish();
    }

    /// <summary>Reads tagged parts up to the table of CPUs, and the table.</summary>
    private List<CpuStream>? ReadTable(
        SectionCursor at,
        int cpus,
        TraceOptions? options,
        List<(string Name, long Offset)>? instances
    )
    {
        while (!at.IsBroken)
        {
            var place = at.Position;
            switch (at.ReadText(10))
            {
                case "options  ":
                    ReadOptions(at, options, instances);
                    break;
                case "flyrecord":
                    return ReadCpus(at, cpus);
                case "latency  ":
                    throw new TraceException(
                        $"{source.Name}: at byte {place}: this trace.dat holds the text of a latency tracer, no events"
                    );
                default:
                    damage.Add(
                        source.Name,
                        place,
                        "expected \"options\" or \"flyrecord\", the table of the CPUs' events"
                    );
                    return null;
            }
        }

        _metadata.Note(at, "the table of the CPUs' events, found the end");
        return null;
    }

    private static void ReadOptions(
        SectionCursor at,
        TraceOptions? options,
        List<(string Name, long Offset)>? instances
    )
    {
        while (!at.IsBroken)
        {
            var option = (TraceOption)at.ReadUInt16();
            if (option == TraceOption.Done)
                return;
            var data = at.ReadBytes(at.ReadUInt32());
            if (option == TraceOption.Buffer && data.Length > 8)
            {
                if (instances is { Count: < MostBuffers })
                    instances.Add((Encoding.UTF8.GetString(data.AsSpan(8)).TrimEnd('\0'), BitConverter.ToInt64(data)));
            }
            else
            {
                options?.Take(option, data);
            }
        }
    }

    private List<CpuStream> ReadCpus(SectionCursor at, int cpus)
    {
        var extents = new List<CpuExtent>();
        for (var cpu = 0; cpu < cpus && !at.IsBroken; cpu++)
            extents.Add(new CpuExtent(cpu, (long)at.ReadUInt64(), (long)at.ReadUInt64()));
        if (at.IsBroken)
            _metadata.Note(at, $"places of the events of {cpus} CPUs");
        return CpuExtent.ToStreams(
            extents,
            source,
            [_metadata.PageSize, (int)pageSize],
            null,
            contents.Catalog.Layout(),
            damage
        );
    }
}
