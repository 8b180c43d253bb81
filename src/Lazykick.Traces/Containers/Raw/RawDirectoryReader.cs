using System.Globalization;
using System.Text;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Bytes.Codecs;
using Lazykick.Traces.Containers.Pages;
using Lazykick.Traces.Formats;
using Lazykick.Traces.Names;

namespace Lazykick.Traces.Containers.Raw;

/// <summary>
/// A directory of raw pages: <c>raw/cpuN.raw</c> (what trace_pipe_raw gave), <c>formats/SYSTEM/EVENT/format</c> and
/// <c>formats/header_page</c> as in tracefs' events directory, and where present kallsyms, saved_cmdlines, saved_tgids,
/// trace_clock.txt, buffer_stats.txt, uname.txt. Any file may carry <c>.zst</c>.
/// </summary>
internal static class RawDirectoryReader
{
    // Text that is read whole. kallsyms of a kernel with many modules has some 15 MB; a format file 2 KB.
    private const long LongestText = 64 << 20;

    public static TraceContents Read(TraceDirectory directory, DamageLog damage)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in directory.Files)
            files[PackedFile.WithoutSuffix(file)] = file;

        var contents = new TraceContents { Container = TraceContainer.RawDirectory };
        var pageSize = ReadPageSize(directory, files, damage);
        foreach (var (path, file) in files)
        {
            var parts = path.Split('/');
            if (parts is ["formats" or "events", var system, _, "format"])
                contents.Catalog.Add(system, ReadText(directory, file, damage));
        }

        if (contents.Catalog.All.Count == 0)
        {
            throw new TraceException(
                $"{directory.Name}: expected format files formats/SYSTEM/EVENT/format beside the raw pages, found none"
            );
        }

        var layout = contents.Catalog.Layout();

        var streams = new List<CpuStream>();
        var cpuCount = 0;
        var empty = new HashSet<int>();
        foreach (var (path, file) in files)
        {
            if (CpuOf(path) is not { } cpu)
                continue;
            cpuCount = Math.Max(cpuCount, cpu + 1);
            var source = Expand(directory.Open(file), file, damage);
            if (source.Length == 0)
            {
                empty.Add(cpu);
                source.Dispose();
                continue;
            }

            contents.Owned.Add(source);
            streams.Add(new PlainPages(cpu, source, 0, source.Length, pageSize, layout, damage));
        }

        if (cpuCount == 0)
            throw new TraceException($"{directory.Name}: expected raw pages raw/cpuN.raw, found none");
        var clock = Text("trace_clock.txt") is { } clocks ? TraceClock.Selected(clocks) : "";
        contents.Buffers.Add(new TraceBuffer("", clock, cpuCount, streams) { EmptyCpus = empty });

        if (Bytes("saved_cmdlines") is { } commandLines)
            contents.Tasks.AddCommandLines(commandLines);
        if (Bytes("printk_formats") is { } texts)
            contents.Texts.Add(texts);
        if (Bytes("saved_tgids") is { } groups)
            contents.Tasks.AddGroups(groups);
        if (Bytes("cgroups.txt") is { } cgroups)
            contents.Cgroups.AddLines(cgroups);
        if (Bytes("buffer_stats.txt") is { } statistics)
            contents.Statistics = CpuStatisticsParser.Parse(statistics);
        if (Text("uname.txt") is { } uname)
            (contents.KernelRelease, contents.Machine) = KernelIdentity.Parse(uname);
        // What tracefs' set_event said while it was recorded.
        if (Text("set_event") is { } switchedOn)
            contents.SwitchedOn = [.. switchedOn.Split('\n', StringSplitOptions.TrimEntries)];
        else if (Text("events_enabled.txt") is { } enabled)
            contents.SwitchedOn = EnabledIn(enabled, contents.Catalog);
        contents.ReadSymbols = () =>
            Bytes("kallsyms") is { } kallsyms ? SymbolTable.Parse(kallsyms) : SymbolTable.Empty;
        return contents;

        byte[]? Bytes(string path) => files.TryGetValue(path, out var file) ? ReadText(directory, file, damage) : null;

        string? Text(string path) => Bytes(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
    }

    /// <summary>
    /// Lines of what was written to <c>events/.../enable</c>: <c>irq/irq_handler_entry</c>, or <c>irq</c>.
    /// </summary>
    private static HashSet<string> EnabledIn(string text, EventCatalog catalog)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var systems = lines
            .Where(static line => !line.Contains('/', StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. lines.Select(static line => line.Replace('/', ':')),
            .. catalog
                .All.Where(format => systems.Contains(format.System))
                .Select(static format => $"{format.System}:{format.Name}"),
        ];
    }

    private static int ReadPageSize(TraceDirectory directory, Dictionary<string, string> files, DamageLog damage)
    {
        if (
            !files.TryGetValue("formats/header_page", out var file)
            && !files.TryGetValue("events/header_page", out file)
        )
        {
            throw new TraceException(
                $"{directory.Name}: a directory, and no trace: raw pages come with formats/header_page, which is not "
                    + "in it"
            );
        }

        return PageHeader.Parse(ReadText(directory, file, damage), file).PageSize;
    }

    private static int? CpuOf(string path)
    {
        var name = path.StartsWith("raw/cpu", StringComparison.Ordinal) ? path["raw/cpu".Length..] : "";
        return
            name.EndsWith(".raw", StringComparison.Ordinal)
            && int.TryParse(
                name.AsSpan(0, name.Length - 4),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var cpu
            )
            && cpu < 1 << 16
            ? cpu
            : null;
    }

    private static byte[] ReadText(TraceDirectory directory, string file, DamageLog damage)
    {
        using var source = Expand(directory.Open(file), file, damage);
        return source.ReadBytes(0, Math.Min(source.Length, LongestText));
    }

    private static ByteSource Expand(ByteSource source, string file, DamageLog damage) =>
        PackedFile.WithoutSuffix(file) == file ? source : PackedFile.Expand(source, damage);
}
