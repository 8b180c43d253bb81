using System.Buffers.Binary;
using System.Text;
using Lazykick.Traces.Containers.TraceDat;

namespace Lazykick.Traces.Recording;

/// <summary>
/// Writes a trace.dat of version 7 (trace-cmd.dat.v7(5)), uncompressed: what the kernel says about its events, then the
/// pages of each CPU as the kernel wrote them.
/// </summary>
internal sealed class TraceDatFile : IDisposable
{
    private const int PageAlignment = 4096;
    private const ushort OptionsSection = 0;
    private const ushort BufferOption = 3;
    private const ushort ClockOption = 4;
    private const ushort UnameOption = 5;
    private const ushort CpuCountOption = 8;
    private const ushort StatisticsOption = 2;
    private const ushort HeaderInfo = 16;
    private const ushort FtraceFormats = 17;
    private const ushort EventFormats = 18;
    private const ushort Symbols = 19;
    private const ushort Texts = 20;
    private const ushort CommandLines = 21;

    private readonly FileStream _file;
    private readonly List<(ushort Id, byte[] Data)> _options = [];
    private readonly long _firstOptions;
    private readonly string _cgroups = TraceSession.Cgroups();
    private readonly HashSet<string> _ownTasks = new(StringComparer.Ordinal);

    public TraceDatFile(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        Write([0x17, 0x08, 0x44]);
        Write("tracing"u8);
        Write("7\0"u8);
        Write([0, 8]);
        Write(U32(PageAlignment));
        Write("none\0"u8);
        Write("\0"u8);
        _firstOptions = _file.Position;
        Write(U64(0));
    }

    public long Length => _file.Length;

    /// <summary>Copies what the kernel says about the layout of its records.</summary>
    /// <param name="tracefs">Where.</param>
    /// <param name="probeGroup">The group of our own kprobes, or null: those of other recorders are left out.</param>
    public void WriteFormats(Tracefs tracefs, string? probeGroup)
    {
        Section(
            HeaderInfo,
            s =>
            {
                foreach (var name in (string[])["header_page", "header_event"])
                {
                    var text = File.ReadAllBytes(Path.Combine(tracefs.Events, name));
                    s.Write(Encoding.ASCII.GetBytes(name + "\0"));
                    s.Write(U64(text.Length));
                    s.Write(text);
                }
            }
        );
        Section(FtraceFormats, s => WriteFormats(s, Path.Combine(tracefs.Events, "ftrace")));
        var systems = Directory
            .GetDirectories(tracefs.Events)
            .Where(d =>
                Path.GetFileName(d) is var name
                && name != "ftrace"
                && (name == probeGroup || !name.StartsWith(KprobeSenders.Prefix, StringComparison.Ordinal))
            )
            .Order(StringComparer.Ordinal)
            .ToList();
        Section(
            EventFormats,
            s =>
            {
                s.Write(U32(systems.Count));
                foreach (var system in systems)
                {
                    s.Write(Encoding.ASCII.GetBytes(Path.GetFileName(system) + "\0"));
                    WriteFormats(s, system);
                }
            }
        );
        Sized(Symbols, File.ReadAllBytes("/proc/kallsyms"), U32);
        Sized(Texts, tracefs.ReadOrNothing("printk_formats"), U32);
    }

    /// <summary>
    /// Notes the recorder's own tasks, whose kicks are marked; now and then, since threads end while it records.
    /// </summary>
    public void NoteOwnTasks() =>
        _ownTasks.UnionWith(Directory.GetDirectories("/proc/self/task").Select(static task => Path.GetFileName(task)));

    /// <summary>
    /// Writes what a session knows at its end: counters, events that were on, task names, clock, machine.
    /// </summary>
    public void Describe(Tracefs tracefs, TraceSession session)
    {
        foreach (var cpu in session.Cpus)
            Option(StatisticsOption, $"CPU: {cpu}\n{session.Instance.Read($"per_cpu/cpu{cpu}/stats")}\0");
        // Text that trace-cmd shows and does not read: which events were on, whether they happened or not.
        Option(
            StatisticsOption,
            TraceOptions.EventsOn + string.Join(' ', session.Plan.Events.Select(e => e.FullName)) + "\0"
        );
        // The last word of a task counts: of those that ended meanwhile the first look tells.
        Option(StatisticsOption, TraceOptions.CgroupsOf + _cgroups + TraceSession.Cgroups() + "\0");
        NoteOwnTasks();
        Option(StatisticsOption, TraceOptions.RecorderIs + string.Join(' ', _ownTasks) + "\0");
        if (session.RecordedCpus is { } cpus)
            Option(StatisticsOption, TraceOptions.CpusAre + string.Join(' ', cpus) + "\0");
        Sized(CommandLines, session.CommandLines(), U64);
        Option(ClockOption, session.Instance.Read("trace_clock").Trim() + "\0");
        Option(UnameOption, Uname() + "\0");
        _options.Add((CpuCountOption, U32(tracefs.PossibleCpus)));
    }

    /// <summary>Appends the pages of each CPU.</summary>
    public void WriteBuffer(string clock, int pageSize, IReadOnlyList<IPageStore> cpus)
    {
        var section = _file.Position;
        SectionHead(BufferOption, 0);
        using var option = new MemoryStream();
        option.Write(U64(section));
        option.Write("\0"u8);
        option.Write(Encoding.ASCII.GetBytes(clock + "\0"));
        option.Write(U32(pageSize));
        option.Write(U32(cpus.Count));
        foreach (var cpu in cpus)
        {
            var padding = (int)((PageAlignment - (_file.Position % PageAlignment)) % PageAlignment);
            Write(new byte[padding]);
            option.Write(U32(cpu.Cpu));
            option.Write(U64(_file.Position));
            option.Write(U64(cpu.Bytes));
            cpu.MoveTo(_file);
        }

        var end = _file.Position;
        Patch(section + 8, U64(end - section - 16));
        _options.Add((BufferOption, option.ToArray()));
    }

    /// <summary>Writes the options, which lead to everything else.</summary>
    public void Finish()
    {
        var place = _file.Position;
        Patch(_firstOptions, U64(place));
        using var content = new MemoryStream();
        foreach (var (id, data) in _options)
        {
            content.Write(U16(id));
            content.Write(U32(data.Length));
            content.Write(data);
        }

        content.Write(U16(0));
        content.Write(U32(8));
        content.Write(U64(0));
        SectionHead(OptionsSection, content.Length);
        Write(content.ToArray());
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    private static void WriteFormats(Stream target, string system)
    {
        var formats = Directory
            .GetDirectories(system)
            .Select(d => Path.Combine(d, "format"))
            .Where(File.Exists)
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes)
            .ToList();
        target.Write(U32(formats.Count));
        foreach (var format in formats)
        {
            target.Write(U64(format.Length));
            target.Write(format);
        }
    }

    private void Sized(ushort id, byte[] content, Func<long, byte[]> size)
    {
        if (content.Length == 0)
            return;
        Section(
            id,
            s =>
            {
                s.Write(size(content.Length));
                s.Write(content);
            }
        );
    }

    private void Section(ushort id, Action<Stream> write)
    {
        using var content = new MemoryStream();
        write(content);
        _options.Add((id, U64(_file.Position)));
        SectionHead(id, content.Length);
        content.Position = 0;
        content.CopyTo(_file);
    }

    private void SectionHead(ushort id, long size)
    {
        Write(U16(id));
        Write(U16(0));
        Write(U32(0));
        Write(U64(size));
    }

    private void Option(ushort id, string text) => _options.Add((id, Encoding.UTF8.GetBytes(text)));

    private void Patch(long place, byte[] bytes)
    {
        var end = _file.Position;
        _file.Position = place;
        Write(bytes);
        _file.Position = end;
    }

    private void Write(ReadOnlySpan<byte> bytes) => _file.Write(bytes);

    private static byte[] U16(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return bytes;
    }

    private static byte[] U32(long value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value);
        return bytes;
    }

    private static byte[] U64(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static string Uname()
    {
        static string Of(string file) => File.ReadAllText($"/proc/sys/kernel/{file}").Trim();
        var machine = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "x86_64",
            System.Runtime.InteropServices.Architecture.Arm64 => "aarch64",
            var other => other.ToString().ToLowerInvariant(),
        };
        return $"Linux {Of("hostname")} {Of("osrelease")} {Of("version")} {machine}";
    }
}
