using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Lazykick.Traces.Containers;
using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;
using Lazykick.Traces.Tests.Captures;

namespace Lazykick.Traces.Tests.Reading;

public sealed partial class PerfDataTests
{
    public static TheoryData<string> Forms => ["plain", "swapped", "compressed", "callchain", "small rounds", "pipe"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_perf_data_gives_the_events_of_the_raw_directory_whatever_its_form(string form)
    {
        var parts = CaptureParts.Load("x86-7.3-raw");
        using var raw = TraceFile.Open(new MemoryDirectory(UnpackedCut.Files("x86-7.3-raw")));
        var expected = EventList.ReadAll(raw.DefaultBuffer);
        var writer = form switch
        {
            "swapped" => new PerfDataWriter { SwapEvery = 13 },
            "compressed" => new PerfDataWriter { Compress = true },
            "callchain" => new PerfDataWriter
            {
                SampleType =
                    PerfDataWriter.Time
                    | PerfDataWriter.Cpu
                    | PerfDataWriter.Read
                    | PerfDataWriter.CallChain
                    | PerfDataWriter.Raw,
            },
            "pipe" => new PerfDataWriter { Pipe = true },
            "small rounds" => new PerfDataWriter { EventsOfRound = 3, SwapEvery = 2 },
            _ => new PerfDataWriter(),
        };

        using var trace = TraceFile.Open(writer.Write(parts, expected), "written");

        var actual = EventList.ReadAll(trace.DefaultBuffer);
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.StartsWith(expected[i].Payload, actual[i].Payload, StringComparison.Ordinal);
            Assert.Equal(expected[i], actual[i] with { Payload = expected[i].Payload });
        }

        Assert.Equal(
            (TraceContainer.PerfData, "mono", "6.12.1-test", "x86_64"),
            (trace.Container, trace.Clock, trace.KernelRelease, trace.Machine)
        );
        Assert.Equal(form == "pipe" ? null : 1_799_999_999_999_999_000, trace.WallClockOffset);
        Assert.Equal(("spinner", 17), (trace.TaskNames.Find(4711), trace.TaskNames.FindGroup(4711)));
        Assert.Equal(4, trace.DefaultBuffer.CpuCount);
        Assert.Empty(trace.Damage);
        var cursor = trace.DefaultBuffer.OpenCpu(1, EventDispatch.CreateForAll());
        while (cursor.MoveNext())
        {
            Assert.Equal(
                form == "callchain" ? [unchecked((ulong)-128L), 0xffffffff81000010] : [],
                cursor.CallChain.ToArray()
            );
        }
    }

    [Fact]
    public void Lost_records_are_counted_and_mark_the_next_event_of_their_CPU()
    {
        var parts = CaptureParts.Load("x86-7.3-raw", 65_536);
        using var raw = TraceFile.Open(TraceDatWriter.Version6(parts), "raw");
        var events = EventList.ReadAll(raw.DefaultBuffer);
        using var trace = TraceFile.Open(new PerfDataWriter { LostBefore = 100 }.Write(parts, events), "written");

        var cursor = trace.DefaultBuffer.OpenCpu(0, EventDispatch.CreateForAll());
        for (var i = 0; cursor.MoveNext(); i++)
            Assert.Equal(i == 100, cursor.LostBefore);

        Assert.Equal(7, cursor.LostEvents);
        Assert.False(cursor.HasUncountedLoss);
    }

    [Fact]
    public void A_live_recording_gives_what_perf_script_prints()
    {
        var file = Path.GetTempFileName();
        try
        {
            var (status, _, error) = Tool.TryRun(
                "perf",
                "record",
                "-q",
                "-a",
                "-k",
                "CLOCK_MONOTONIC",
                "-o",
                file,
                "-e",
                "ipi:*,sched:sched_switch,raw_syscalls:sys_enter",
                "--",
                "sleep",
                "0.2"
            );
            if (status != 0)
                Assert.Skip($"perf cannot record here: {error.Trim()}");
            using var trace = TraceFile.Open(file, TestContext.Current.CancellationToken);
            var expected = PerfLine()
                .Matches(
                    Encoding.UTF8.GetString(Tool.Run("perf", "script", "--ns", "-i", file, "-F", "tid,cpu,time,event"))
                );
            var actual = EventList.ReadAll(trace.DefaultBuffer);

            Assert.True(actual.Count > 50);
            Assert.Equal(expected.Count, actual.Count);
            // Events of one nanosecond on two CPUs may stand either way. Of a task that is exiting perf says tid -1;
            // the event itself says who it is.
            var printed = expected
                .Select(static line =>
                    (
                        Time: ParseTime(line),
                        Cpu: Number(line, "cpu"),
                        Event: line.Groups["event"].Value,
                        Tid: Number(line, "tid")
                    )
                )
                .Order()
                .ToList();
            var read = actual
                .Select(entry =>
                    (
                        Time: entry.Timestamp,
                        entry.Cpu,
                        Event: $"{trace.FindById(entry.Id)!.System}:{trace.FindById(entry.Id)!.Name}",
                        Tid: entry.Pid
                    )
                )
                .Order()
                .ToList();
            Assert.Equal(printed, read.Select((entry, i) => printed[i].Tid == -1 ? entry with { Tid = -1 } : entry));
            Assert.Equal("mono", trace.Clock);
            Assert.NotNull(trace.KernelRelease);
            Assert.Empty(trace.Damage);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_recording_with_compression_is_read_like_one_without()
    {
        var file = Path.GetTempFileName();
        try
        {
            var (status, _, error) = Tool.TryRun(
                "perf",
                "record",
                "-q",
                "-z",
                "-a",
                "-k",
                "CLOCK_MONOTONIC",
                "-o",
                file,
                "-e",
                "raw_syscalls:sys_enter,sched:sched_switch",
                "--",
                "sleep",
                "0.2"
            );
            if (status != 0)
                Assert.Skip($"perf cannot record with compression here: {error.Trim()}");
            using var trace = TraceFile.Open(file, TestContext.Current.CancellationToken);
            var expected = PerfLine()
                .Matches(
                    Encoding.UTF8.GetString(Tool.Run("perf", "script", "--ns", "-i", file, "-F", "tid,cpu,time,event"))
                );

            Assert.True(expected.Count > 10);
            Assert.Equal(expected.Count, EventList.ReadAll(trace.DefaultBuffer).Count);
            Assert.Empty(trace.Damage);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ulong ParseTime(Match line) =>
        (ulong.Parse(line.Groups["s"].ValueSpan, CultureInfo.InvariantCulture) * 1_000_000_000)
        + ulong.Parse(line.Groups["ns"].ValueSpan, CultureInfo.InvariantCulture);

    private static int Number(Match line, string group) =>
        int.Parse(line.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^ *(?<tid>-?\d+) +\[(?<cpu>\d+)\] +(?<s>\d+)\.(?<ns>\d{9}): +(?<event>\w+:\w+):?",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        10_000
    )]
    private static partial Regex PerfLine();
}
