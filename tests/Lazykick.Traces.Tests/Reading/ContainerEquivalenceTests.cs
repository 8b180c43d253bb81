namespace Lazykick.Traces.Tests.Reading;

public sealed class ContainerEquivalenceTests
{
    public static TheoryData<string> RestoredCaptures => [.. SharedTraces.RawCaptures.Where(static name => name != "host-6.18-raw")];

    [Theory]
    [MemberData(nameof(RestoredCaptures))]
    public void A_raw_directory_and_the_trace_dat_made_of_it_give_the_same_events(string capture)
    {
        using var raw = TraceFile.Open(SharedTraces.Path(capture));
        using var restored = TraceFile.Open(SharedTraces.Path(capture, "restored.dat.zst"));

        Assert.Equal(TraceContainer.TraceDat7, restored.Container);
        var expected = EventList.ReadAll(raw.DefaultBuffer);
        var actual = EventList.ReadAll(restored.DefaultBuffer);
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i], actual[i]);
        Assert.Equal(raw.DefaultBuffer.CpuCount, restored.DefaultBuffer.CpuCount);
        Assert.Empty(raw.Damage);
        Assert.Empty(restored.Damage);
        foreach (var format in raw.Formats)
            Assert.Equal(format.Fields, restored.Find(format.System, format.Name)?.Fields ?? []);
    }

    [Theory]
    [MemberData(nameof(RestoredCaptures))]
    public void Reading_each_CPU_alone_gives_what_the_merged_reader_gives_for_it(string capture)
    {
        using var trace = TraceFile.Open(SharedTraces.Path(capture, "restored.dat.zst"));
        var merged = EventList.ReadAll(trace.DefaultBuffer).GroupBy(static entry => entry.Cpu).ToDictionary(static group => group.Key, static group => group.ToList());

        Assert.Equal(merged.Keys.Order(), trace.DefaultBuffer.Cpus);
        foreach (var cpu in trace.DefaultBuffer.Cpus)
        {
            var cursor = trace.DefaultBuffer.OpenCpu(cpu, EventDispatch.CreateForAll());
            foreach (var expected in merged[cpu])
            {
                Assert.True(cursor.TryRead(out var next));
                Assert.Equal((expected.Timestamp, expected.Id, expected.Payload), (next.Timestamp, next.Id, Convert.ToHexString(next.Payload)));
            }

            Assert.False(cursor.TryRead(out _));
            Assert.False(cursor.TryRead(out _));
        }
    }
}
