using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;
using Lazykick.Traces.Tests.Captures;

namespace Lazykick.Traces.Tests.Reading;

public sealed class RawDirectoryTests
{
    public static TheoryData<string> Captures => [.. SharedTraces.RawCaptures];

    [Theory]
    [MemberData(nameof(Captures))]
    public void Every_CPU_delivers_as_many_events_as_the_kernel_counted(string capture)
    {
        using var trace = TraceFile.Open(SharedTraces.Path(capture), TestContext.Current.CancellationToken);

        Assert.NotEmpty(trace.Statistics);
        foreach (var statistics in trace.Statistics)
        {
            var count = 0;
            if (trace.DefaultBuffer.Cpus.Contains(statistics.Cpu))
            {
                var cursor = trace.DefaultBuffer.OpenCpu(statistics.Cpu, EventDispatch.CreateForAll());
                while (cursor.MoveNext())
                    count++;
                Assert.Equal(count, cursor.EventCount);
                Assert.Equal(0, cursor.LostEvents);
            }

            Assert.Equal((statistics.Cpu, statistics.Entries), (statistics.Cpu, count));
        }

        Assert.Empty(trace.Damage);
    }

    [Theory]
    [MemberData(nameof(FieldTests.Texts), MemberType = typeof(FieldTests))]
    public void The_merged_events_are_those_of_the_kernels_own_text_in_its_order(string capture, string phase)
    {
        using var trace = TraceFile.Open(CaptureCut.Of(capture, phase).File, TestContext.Current.CancellationToken);
        var reader = trace.OpenReader(EventDispatch.CreateForAll());
        var lines = 0;
        ulong last = 0;
        foreach (var line in KernelTextLine.ParseAll(CaptureCut.Of(capture, phase).ReadText()))
        {
            Assert.True(reader.TryRead(out var next), $"the text has more than {lines} lines");
            lines++;
            Assert.Equal(
                (line.Pid, line.Cpu, line.Micros, Name(trace, next.Id, line)),
                (next.Pid, next.Cpu, (next.Timestamp + 500) / 1000, line.Event)
            );
            Assert.True(next.Timestamp >= last);
            last = next.Timestamp;
        }

        Assert.False(reader.TryRead(out _));
        Assert.True(lines > 1_000);
        Assert.Equal(lines, reader.EventCount);
    }

    // System call events print as "sys_xxx(...)" and "sys_xxx -> ..."; marks as "tracing_mark_write".
    private static string Name(TraceFile trace, ushort id, KernelTextLine line) =>
        trace.FindById(id)?.Name switch
        {
            "print" => "tracing_mark_write",
            null => $"event {id} without a format; the text says {line.Event}",
            var name => name,
        };
}
