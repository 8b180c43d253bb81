using Lazykick.Traces.Containers;
using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;
using Lazykick.Traces.Tests.Captures;

namespace Lazykick.Traces.Tests.Reading;

public sealed class ContainerEquivalenceTests
{
    public static TheoryData<string> RestoredCaptures =>
        [.. SharedTraces.RawCaptures.Where(static name => name != "host-6.18-raw")];

    [Theory]
    [MemberData(nameof(RestoredCaptures))]
    public void A_raw_directory_and_the_trace_dat_made_of_it_give_the_same_events(string capture)
    {
        using var raw = TraceFile.Open(SharedTraces.Path(capture), TestContext.Current.CancellationToken);
        using var restored = TraceFile.Open(
            SharedTraces.Path(capture, "restored.dat.zst"),
            TestContext.Current.CancellationToken
        );

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
        using var trace = TraceFile.Open(
            SharedTraces.Path(capture, "restored.dat.zst"),
            TestContext.Current.CancellationToken
        );
        var merged = EventList
            .ReadAll(trace.DefaultBuffer)
            .GroupBy(static entry => entry.Cpu)
            .ToDictionary(static group => group.Key, static group => group.ToList());

        Assert.Equal(merged.Keys.Order(), trace.DefaultBuffer.Cpus);
        foreach (var cpu in trace.DefaultBuffer.Cpus)
        {
            var cursor = trace.DefaultBuffer.OpenCpu(cpu, EventDispatch.CreateForAll());
            foreach (var expected in merged[cpu])
            {
                Assert.True(cursor.TryRead(out var next));
                Assert.Equal(
                    (expected.Timestamp, expected.Id, expected.Payload),
                    (next.Timestamp, next.Id, Convert.ToHexString(next.Payload))
                );
            }

            Assert.False(cursor.TryRead(out _));
            Assert.False(cursor.TryRead(out _));
        }
    }

    [Theory]
    [InlineData("6", "x86-7.3-raw")]
    [InlineData("none", "x86-7.3-raw")]
    [InlineData("zlib", "x86-7.3-raw")]
    [InlineData("zstd", "x86-7.3-raw")]
    [InlineData("6", "arm64-6.12-72cpu-raw")]
    [InlineData("zlib", "arm64-6.12-72cpu-raw")]
    public void Every_form_of_trace_dat_gives_the_events_of_the_raw_directory_and_of_its_instances(
        string form,
        string capture
    )
    {
        var parts = CaptureParts.Load(capture);
        var instance = CaptureParts.Load("arm64-6.12-raw-b", 65_536);
        var file =
            form == "6"
                ? TraceDatWriter.Version6(parts, ("truth", instance))
                : TraceDatWriter.Version7(parts, form, ("truth", instance));

        using var raw = TraceFile.Open(new MemoryDirectory(UnpackedCut.Files(capture)));
        using var trace = TraceFile.Open(file, "written");

        Assert.Equal(form == "6" ? TraceContainer.TraceDat6 : TraceContainer.TraceDat7, trace.Container);
        Assert.Equal(EventList.ReadAll(raw.DefaultBuffer), EventList.ReadAll(trace.DefaultBuffer));
        Assert.Equal(["", "truth"], trace.Buffers.Select(static buffer => buffer.Name));
        using var rawInstance = TraceFile.Open(new MemoryDirectory(UnpackedCut.Files("arm64-6.12-raw-b")));
        var truth = EventList.ReadAll(trace.Buffers[1]);
        Assert.NotEmpty(truth);
        foreach (var cpu in trace.Buffers[1].Cpus)
        {
            Assert.Equal(
                EventList
                    .ReadAll(rawInstance.DefaultBuffer)
                    .Where(entry => entry.Cpu == cpu)
                    .Take(truth.Count(entry => entry.Cpu == cpu)),
                truth.Where(entry => entry.Cpu == cpu)
            );
        }

        Assert.Equal(("mono", "6.12.1-test", "x86_64"), (trace.Clock, trace.KernelRelease, trace.Machine));
        Assert.Equal(raw.TaskNames.Count, trace.TaskNames.Count);
        Assert.Equal("kick_all_cpus_sync+0x38", trace.Symbols.Describe(0xffffffff81000138));
        Assert.Empty(trace.Damage);
    }

    [Fact]
    public void Version_6_is_what_trace_cmd_converts_version_7_to()
    {
        var seven = Path.GetTempFileName();
        var six = Path.GetTempFileName();
        var packed = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(six, UnpackedCut.Expand(CaptureCut.Of("x86-7.3-raw", "static_key").File));
            Tool.Run("trace-cmd", "convert", "-i", six, "-o", seven, "--file-version", "7", "--compression", "none");
            Tool.Run("trace-cmd", "convert", "-i", seven, "-o", six, "--file-version", "6");
            Tool.Run("trace-cmd", "convert", "-i", seven, "-o", packed, "--file-version", "7", "--compression", "zstd");

            using var of7 = TraceFile.Open(seven, TestContext.Current.CancellationToken);
            using var of6 = TraceFile.Open(six, TestContext.Current.CancellationToken);
            using var ofPacked = TraceFile.Open(packed, TestContext.Current.CancellationToken);
            var expected = EventList.ReadAll(of7.DefaultBuffer);
            Assert.Equal(TraceContainer.TraceDat6, of6.Container);
            Assert.Equal(expected, EventList.ReadAll(of6.DefaultBuffer));
            Assert.Equal(expected, EventList.ReadAll(ofPacked.DefaultBuffer));
            Assert.Equal(of7.Clock, of6.Clock);
            Assert.Empty(of6.Damage);
            Assert.Empty(ofPacked.Damage);
        }
        finally
        {
            File.Delete(seven);
            File.Delete(six);
            File.Delete(packed);
        }
    }
}
