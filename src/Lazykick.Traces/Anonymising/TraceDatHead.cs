using System.Text;
using Lazykick.Traces.Containers.TraceDat;
using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Anonymising;

/// <summary>What a trace.dat version 6 has before its sub-buffers (man trace-cmd.dat.v6).</summary>
internal static class TraceDatHead
{
    private const string HeaderPage =
        "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
        + "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
        + "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
        + "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n";

    private const string HeaderEvent =
        "# compressed entry header\n\ttype_len    :    5 bits\n\ttime_delta  :   27 bits\n\tarray       :   32 bits\n\n"
        + "\tpadding     : type == 29\n\ttime_extend : type == 30\n\ttime_stamp : type == 31\n"
        + "\tdata max type_len  == 28\n";

    /// <summary>The head; sub-buffers begin at the next multiple of their size after it.</summary>
    /// <param name="trace">The trace that is copied.</param>
    /// <param name="formats">Formats of the copy.</param>
    /// <param name="recorded">Those of events that were recorded, whether there was one or not.</param>
    /// <param name="addresses">Other addresses.</param>
    /// <param name="tasks">Other names.</param>
    /// <param name="lengths">Bytes of each CPU.</param>
    public static byte[] Of(
        TraceFile trace,
        IReadOnlyList<EventFormat> formats,
        IReadOnlyList<EventFormat> recorded,
        AddressMap addresses,
        TaskPseudonyms tasks,
        IReadOnlyList<long> lengths
    )
    {
        using var stream = new MemoryStream();
        using var head = new BinaryWriter(stream);
        head.Write("\u0017\u0008\u0044tracing6\0"u8);
        head.Write((byte)0);
        head.Write((byte)8);
        head.Write(PageWriter.PageSize);
        head.Write("header_page\0"u8);
        Long(Encoding.UTF8.GetBytes(HeaderPage));
        head.Write("header_event\0"u8);
        Long(Encoding.UTF8.GetBytes(HeaderEvent));
        var systems = formats.ToLookup(static format => format.System);
        Formats(systems["ftrace"].ToList());
        var others = systems.Where(static system => system.Key != "ftrace").ToList();
        head.Write(others.Count);
        foreach (var system in others)
        {
            head.Write(Encoding.UTF8.GetBytes(system.Key + "\0"));
            Formats([.. system]);
        }

        Short(addresses.Kallsyms());
        Short(addresses.PrintkFormats());
        Long(tasks.SavedCommandLines());
        head.Write(lengths.Count);
        head.Write("options  \0"u8);
        var clock = Encoding.UTF8.GetBytes($"[{trace.Clock}]\0");
        Option(4, clock);
        Option(5, Encoding.UTF8.GetBytes($"Linux host {trace.KernelRelease ?? "unknown"} {trace.Machine ?? ""}\0"));
        Note(TraceOptions.EventsOn, recorded.Select(static format => $"{format.System}:{format.Name}"));
        if (trace.HasNoContextTracking)
            Note<string>(TraceOptions.AllFormats, []);
        if (trace.RecorderTasks.Count > 0)
            Note(TraceOptions.RecorderIs, trace.RecorderTasks);
        var cpus = Enumerable.Range(0, lengths.Count).Where(trace.IsRecorded).ToList();
        if (cpus.Count < lengths.Count)
            Note(TraceOptions.CpusAre, cpus);
        head.Write((ushort)0);
        head.Write("flyrecord\0"u8);
        var table = stream.Position + (16 * lengths.Count) + 8 + clock.Length;
        var offset = (table + PageWriter.PageSize - 1) / PageWriter.PageSize * PageWriter.PageSize;
        foreach (var length in lengths)
        {
            head.Write(offset);
            head.Write(length);
            offset += length;
        }

        Long(clock);
        while (stream.Position % PageWriter.PageSize != 0)
            head.Write((byte)0);
        return stream.ToArray();

        void Long(byte[] bytes)
        {
            head.Write((long)bytes.Length);
            head.Write(bytes);
        }

        void Short(byte[] bytes)
        {
            head.Write(bytes.Length);
            head.Write(bytes);
        }

        void Formats(List<EventFormat> of)
        {
            head.Write(of.Count);
            foreach (var format in of)
                Long(Encoding.UTF8.GetBytes(format.Text));
        }

        void Note<T>(string kind, IEnumerable<T> words) =>
            Option((ushort)TraceOption.CpuStatistics, Encoding.UTF8.GetBytes($"{kind}{string.Join(' ', words)}\0"));

        void Option(ushort number, byte[] bytes)
        {
            head.Write(number);
            Short(bytes);
        }
    }
}
