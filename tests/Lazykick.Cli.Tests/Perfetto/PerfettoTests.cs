using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Perfetto;

/// <summary>The Perfetto trace of a report, read by protoc, beside what <c>report --json</c> writes.</summary>
public sealed class PerfettoTests
{
    // Numbers of Perfetto's schema: packets, track descriptors, events and their parts.
    private const string Track = "60";
    private const string Event = "11";

    [Fact]
    public void Its_tracks_slices_flows_and_counters_are_those_of_the_document()
    {
        var packets = Decode(Written());
        var report = JsonDocument
            .Parse(LazykickProcess.Run("report", "--json").Output)
            .RootElement.GetProperty("reports")[0];
        var tracks = packets.SelectMany(static p => p.All(Track)).ToList();
        var groups = tracks
            .Where(static t => t.Value("5") is null)
            .ToDictionary(static t => t.Value("1")!, static t => t.Text("2"));
        var cpus = report.GetProperty("selection").GetProperty("cpus").EnumerateArray().ToList();
        Assert.Equal(
            cpus.Select(static c => $"CPU {c.GetProperty("cpu").GetInt32()}").Order(StringComparer.Ordinal),
            groups.Values.Order(StringComparer.Ordinal)
        );
        Assert.All(tracks, t => Assert.True(t.Value("5") is null || groups.ContainsKey(t.Value("5")!)));

        var names = packets
            .SelectMany(static p => p.All("12"))
            .SelectMany(static d => d.All("2"))
            .ToDictionary(static n => n.Value("1")!, static n => n.Text("2"));
        foreach (var cpu in cpus)
        {
            var number = cpu.GetProperty("cpu").GetInt32();
            string TrackOf(string name) =>
                tracks
                    .Single(t => t.Value("5") is { } parent && groups[parent] == $"CPU {number}" && t.Text("2") == name)
                    .Value("1")!;
            List<(long Time, Node Event)> EventsOf(string name)
            {
                var uuid = TrackOf(name);
                return
                [
                    .. packets
                        .Where(p => p.All(Event).Any(e => e.Value("11") == uuid))
                        .Select(static p =>
                            (long.Parse(p.Value("8")!, CultureInfo.InvariantCulture), p.All(Event).Single())
                        ),
                ];
            }

            // Slices of states follow each other: each begins where the one before has ended.
            var times = new Dictionary<string, long>();
            (long Time, Node Event)? open = null;
            foreach (var one in EventsOf("state"))
            {
                if (one.Event.Value("9") == "1")
                {
                    Assert.Null(open);
                    open = one;
                    continue;
                }

                Assert.Equal("2", one.Event.Value("9"));
                var name = names[open!.Value.Event.Value("10")!];
                times[name] = times.GetValueOrDefault(name) + one.Time - open.Value.Time;
                open = null;
            }

            foreach (
                var (state, name) in new[]
                {
                    ("userEqs", "user (EQS)"),
                    ("user", "user"),
                    ("idle", "idle"),
                    ("kernel", "kernel"),
                }
            )
            {
                Assert.Equal(cpu.GetProperty("time").GetProperty(state).GetInt64(), times.GetValueOrDefault(name));
            }

            var kicks = cpu.GetProperty("kicks");
            var received = EventsOf("kicks received");
            Assert.Equal(
                kicks.GetProperty("verdicts").GetProperty("needless").GetInt64(),
                received.Count(static e =>
                    e.Event.All("4").Any(static a => a.Text("10") == "verdict" && a.Text("6") == "needless")
                )
            );
            Assert.Equal(
                kicks.GetProperty("verdicts").GetProperty("needless").GetInt64(),
                EventsOf("needless kicks")
                    .Select(static e => long.Parse(e.Event.Value("30")!, CultureInfo.InvariantCulture))
                    .DefaultIfEmpty(0)
                    .Max()
            );
        }

        var begun = packets
            .SelectMany(static p => p.All(Event))
            .SelectMany(static e => e.All("47").Select(static f => f.Content))
            .ToList();
        var ended = packets
            .SelectMany(static p => p.All(Event))
            .SelectMany(static e => e.All("48").Select(static f => f.Content))
            .ToList();
        Assert.Equal(cpus.Sum(static c => c.GetProperty("kicks").GetProperty("asked").GetInt64()), begun.Count);
        Assert.Equal(begun.Count, begun.Distinct().Count());
        Assert.Subset(begun.ToHashSet(), ended.ToHashSet());
        Assert.NotEmpty(ended);
    }

    private static byte[] Written()
    {
        var file = Path.GetTempFileName();
        try
        {
            Assert.Equal(0, LazykickProcess.Run("report", "--perfetto", file).Status);
            return File.ReadAllBytes(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static List<Node> Decode(byte[] bytes)
    {
        Process process;
        try
        {
            process = Process.Start(
                new ProcessStartInfo("protoc", "--decode_raw")
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    UseShellExecute = false,
                }
            )!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("protoc is not installed (eng/install-oracles)");
            return [];
        }

        using (process)
        {
            var text = process.StandardOutput.ReadToEndAsync();
            process.StandardInput.BaseStream.Write(bytes);
            process.StandardInput.Close();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return [.. Node.Parse(text.Result).All("1")];
        }
    }

    /// <summary>A message as protoc prints it.</summary>
    private sealed class Node(string content)
    {
        private readonly List<(string Field, Node Value)> _fields = [];

        public string Content => content;

        public static Node Parse(string text)
        {
            var stack = new Stack<Node>();
            stack.Push(new Node(""));
            foreach (var line in text.Split('\n').Select(static l => l.Trim()).Where(static l => l.Length > 0))
            {
                if (line == "}")
                {
                    stack.Pop();
                    continue;
                }

                var opens = line.EndsWith(" {", StringComparison.Ordinal);
                var at = opens ? line.Length - 2 : line.IndexOf(": ", StringComparison.Ordinal);
                var node = new Node(opens ? "" : line[(at + 2)..]);
                stack.Peek()._fields.Add((line[..at], node));
                if (opens)
                    stack.Push(node);
            }

            return stack.Single();
        }

        public IEnumerable<Node> All(string field) => _fields.Where(f => f.Field == field).Select(static f => f.Value);

        public string? Value(string field) => All(field).SingleOrDefault()?.Content;

        /// <summary>A text; protoc takes some for messages and others for bytes.</summary>
        public string Text(string field) => All(field).Single().Content.Trim('"');
    }
}
