using System.Text;
using Lazykick.Traces.Containers;
using Lazykick.Traces.Tests.Captures;

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

    /// <summary>Loads the cut of a capture; at most so many bytes of each CPU, 0 = all.</summary>
    public static CaptureParts Load(string capture, int bytesOfEachCpu = 0)
    {
        var files = UnpackedCut.Files(capture);
        var formats = new Dictionary<string, List<byte[]>>(StringComparer.Ordinal);
        var pages = new Dictionary<int, byte[]>();
        foreach (var (path, bytes) in files.OrderBy(static file => file.Key, StringComparer.Ordinal))
        {
            switch (path.Split('/'))
            {
                case ["formats", var system, _, "format"]:
                    if (!formats.TryGetValue(system, out var list))
                        formats.Add(system, list = []);
                    list.Add(bytes);
                    break;
                case ["raw", var name] when bytes.Length > 0:
                    var cpu = int.Parse(name.AsSpan("cpu".Length, name.Length - "cpu.raw".Length), provider: null);
                    pages.Add(cpu, bytesOfEachCpu == 0 ? bytes : bytes[..Math.Min(bytesOfEachCpu, bytes.Length)]);
                    break;
            }
        }

        return new CaptureParts
        {
            HeaderPage = files["formats/header_page"],
            HeaderEvent = files["formats/header_event"],
            Formats = formats,
            Kallsyms = Encoding.UTF8.GetBytes("ffffffff81000000 T _stext\nffffffff81000100 t kick_all_cpus_sync\n"),
            CommandLines = files["saved_cmdlines"],
            Clock = TraceClock.Selected(Encoding.UTF8.GetString(files["trace_clock.txt"])),
            Pages = pages,
        };
    }
}
