using System.Text;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Bytes.Codecs;
using Lazykick.Traces.Containers;

namespace Lazykick.Traces.Tests.Reading;

/// <summary>What a container is made of, in memory.</summary>
internal sealed class CaptureParts
{
    public required byte[] HeaderPage { get; init; }

    public required byte[] HeaderEvent { get; init; }

    /// <summary>Format files by subsystem.</summary>
    public required Dictionary<string, List<byte[]>> Formats { get; init; }

    public byte[] Kallsyms { get; init; } = [];

    public byte[] CommandLines { get; init; } = [];

    public string Clock { get; init; } = "mono";

    /// <summary>Pages of each CPU.</summary>
    public required Dictionary<int, byte[]> Pages { get; init; }

    /// <summary>Loads a raw capture; at most so many bytes of each CPU, 0 = all.</summary>
    public static CaptureParts Load(string capture, int bytesOfEachCpu = 0)
    {
        var formats = new Dictionary<string, List<byte[]>>(StringComparer.Ordinal);
        foreach (
            var file in Directory
                .EnumerateFiles(SharedTraces.Path(capture, "formats"), "format", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
        )
        {
            var system = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(file)))!;
            if (!formats.TryGetValue(system, out var list))
                formats.Add(system, list = []);
            list.Add(File.ReadAllBytes(file));
        }

        var pages = new Dictionary<int, byte[]>();
        foreach (var file in Directory.EnumerateFiles(SharedTraces.Path(capture, "raw")))
        {
            using var compressed = new FileSource(file, File.OpenHandle(file));
            using var expanded = ZstdFile.Expand(compressed, new DamageLog());
            if (expanded.Length > 0)
            {
                pages.Add(
                    int.Parse(
                        Path.GetFileName(file)
                            .AsSpan(3, Path.GetFileName(file).IndexOf('.', StringComparison.Ordinal) - 3),
                        provider: null
                    ),
                    expanded.ReadBytes(0, bytesOfEachCpu == 0 ? expanded.Length : bytesOfEachCpu)
                );
            }
        }

        return new CaptureParts
        {
            HeaderPage = File.ReadAllBytes(SharedTraces.Path(capture, "formats", "header_page")),
            HeaderEvent = File.ReadAllBytes(SharedTraces.Path(capture, "formats", "header_event")),
            Formats = formats,
            Kallsyms = Encoding.UTF8.GetBytes("ffffffff81000000 T _stext\nffffffff81000100 t kick_all_cpus_sync\n"),
            CommandLines = File.ReadAllBytes(SharedTraces.Path(capture, "saved_cmdlines")),
            Clock = TraceClock.Selected(File.ReadAllText(SharedTraces.Path(capture, "trace_clock.txt"))),
            Pages = pages,
        };
    }
}
