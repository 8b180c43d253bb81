using Lazykick.Traces.Bytes;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Containers.TraceDat;

/// <summary>
/// trace.dat: the head that versions 6 and 7 share, then the version's own reader. The formats are specified in
/// trace-cmd.dat.v6(5) and trace-cmd.dat.v7(5).
/// </summary>
internal static class TraceDatReader
{
    private static readonly (string System, string Name)[] s_everywhere =
    [
        ("sched", "sched_wakeup"),
        ("signal", "signal_generate"),
        ("task", "task_newtask"),
        ("irq", "softirq_raise"),
    ];

    /// <summary>17 08 44 "tracing".</summary>
    public static ReadOnlySpan<byte> Magic =>
        [0x17, 0x08, 0x44, (byte)'t', (byte)'r', (byte)'a', (byte)'c', (byte)'i', (byte)'n', (byte)'g'];

    /// <exception cref="TraceException">The version, the byte order or the compression is not one that is
    /// read.</exception>
    public static TraceContents Read(ByteSource source, DamageLog damage)
    {
        var at = new SectionCursor(source);
        at.Skip((ulong)Magic.Length);
        var versionPlace = at.Position;
        var version = at.ReadText(8);
        var bigEndian = at.ReadByte();
        _ = at.ReadByte(); // size of a long in the user space that recorded
        var pageSize = at.ReadUInt32();
        if (at.IsBroken)
        {
            throw new TraceException(
                source.Name,
                versionPlace,
                "the head of a trace.dat: version, byte order, page size",
                $"the end of the file at byte {source.Length}"
            );
        }

        if (version is not ("6" or "7"))
            throw new TraceException(source.Name, versionPlace, "trace.dat version 6 or 7", $"version \"{version}\"");
        if (bigEndian != 0)
        {
            throw new TraceException(
                $"{source.Name}: a big-endian machine made this trace; only 64-bit little-endian kernels are read"
            );
        }

        var contents = new TraceContents
        {
            Container = version == "6" ? TraceContainer.TraceDat6 : TraceContainer.TraceDat7,
        };
        contents.Owned.Add(source);
        if (version == "6")
            new TraceDat6Reader(source, contents, damage, pageSize).Read(at);
        else
            new TraceDat7Reader(source, contents, damage, pageSize).Read(at);
        contents.SwitchedOn ??= SelectedEvents(contents.Catalog);
        if (contents.Buffers.Count == 0)
            contents.Buffers.Add(new TraceBuffer("", "", 0, []));
        return contents;
    }

    /// <summary>
    /// trace-cmd record keeps the formats of the events that it was told to switch on (-e), and no others. Files that
    /// were made otherwise have all formats of the kernel, which say nothing of what was on: every kernel has these.
    /// </summary>
    private static HashSet<string>? SelectedEvents(EventCatalog catalog)
    {
        var isSelection = s_everywhere.Any(known => catalog.Find(known.System, known.Name) is null);
        return isSelection && catalog.All.Any(static format => format.System != "ftrace")
            ? [.. catalog.All.Select(static format => $"{format.System}:{format.Name}")]
            : null;
    }
}
