using Lazykick.Traces.Bytes;
using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Tests.Reading;

/// <summary>
/// Real events in every container, damaged in a thousand ways: a reader may refuse to open (TraceException), or must
/// deliver what it can, in bounded memory, and end. LAZYKICK_LONG=1 runs a million.
/// </summary>
public sealed class MutatedTraceTests
{
    private const long MostAllocation = 160L << 20;

    public static TheoryData<string> Forms => ["raw", "6", "none", "zlib", "zstd", "perf", "perf compressed"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_damaged_trace_is_refused_with_a_message_or_read_to_its_end(string form)
    {
        var seed = 20260324 + form.Length;
        var random = new Random(seed);
        var parts = Small();
        var good = form == "raw" ? [] : Build(form, parts);
        var rounds = LongMode.Scale(500, 150_000);
        var (refused, damaged, intact) = (0, 0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var where = $"form {form}, seed {seed}, round {round}";
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var trace =
                    form == "raw"
                        ? TraceFile.Open(Damaged(parts, random))
                        : TraceFile.Open(Mutation.Of(good, random, Hot(form, good, random)), "mutated");
                ReadToEnd(trace, good.Length + 100_000, where);
                if (trace.Damage.Count > 0)
                    damaged++;
                else
                    intact++;
            }
            catch (TraceException error)
            {
                Assert.NotEmpty(error.Message);
                refused++;
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{where}: {error}");
            }

            Assert.True(
                GC.GetAllocatedBytesForCurrentThread() - before < MostAllocation,
                $"{where}: {GC.GetAllocatedBytesForCurrentThread() - before} bytes were allocated"
            );
        }

        // The mutations must reach all three ends, or they test nothing.
        Assert.True(
            refused > 0 && damaged > rounds / 50 && intact > rounds / 50,
            $"{refused} refused, {damaged} damaged, {intact} intact"
        );
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_trace_cut_at_any_place_gives_a_prefix_of_its_events_on_every_CPU(string form)
    {
        if (form == "raw")
            return;
        var parts = Small();
        var good = Build(form, parts);
        using var whole = TraceFile.Open(good, "whole");
        var events = EventList.ReadAll(whole.DefaultBuffer);
        var count = events.Count;
        var expected = events.ToLookup(static entry => entry.Cpu);
        var random = new Random(77);
        var opened = 0;
        for (var round = 0; round < LongMode.Scale(60, 3000); round++)
        {
            try
            {
                using var cut = TraceFile.Open(good.AsMemory(0, random.Next(good.Length)), "cut");
                opened++;
                var left = EventList.ReadAll(cut.DefaultBuffer);
                foreach (var cpu in left.GroupBy(static entry => entry.Cpu))
                    Assert.Equal(expected[cpu.Key].Take(cpu.Count()), cpu);
                // What was cut off may be padding, or belong to the instance behind.
                Assert.True(cut.Damage.Count > 0 || left.Count == count);
            }
            catch (TraceException)
            {
                // Cut in front of what the container cannot do without; perf.data has its formats at the end.
            }
        }

        Assert.True(opened > 0 || form.StartsWith("perf", StringComparison.Ordinal));
    }

    private static void ReadToEnd(TraceFile trace, long mostEvents, string where)
    {
        foreach (var buffer in trace.Buffers)
        {
            long count = 0;
            var reader = buffer.OpenReader(EventDispatch.CreateForAll());
            while (reader.TryRead(out var next))
            {
                count++;
                Assert.True(next.Payload.Length <= 1 << 16, where);
                if (trace.FindById(next.Id) is { } format && count % 16 == 0)
                    ReadFields(format, next.Payload);
            }

            Assert.True(count <= mostEvents, $"{where}: {count} events in {mostEvents} bytes");
        }

        _ = trace.Symbols.Describe(0xffffffff81000104);
        _ = trace.TaskNames.Find(1);
        _ = trace.Statistics.Count;
    }

    private static void ReadFields(EventFormat format, ReadOnlySpan<byte> record)
    {
        foreach (var field in format.Fields)
        {
            _ = field.ReadInt64(record);
            _ = field.ReadText(record);
            foreach (var cpu in field.ReadCpuMask(record))
                Assert.True(cpu >= 0);
        }
    }

    /// <summary>Where decisions are made: the head, the table of CPUs, page headers.</summary>
    private static Range? Hot(string form, byte[] good, Random random)
    {
        if (form.StartsWith("perf", StringComparison.Ordinal))
            return random.Next(3) == 0 ? (..400) : null;
        return random.Next(4) switch
        {
            0 => ..80,
            1 => ^600..,
            2 when form == "6" && good.AsSpan().IndexOf("flyrecord\0"u8) is > 0 and var table => (table - 100)..(
                table + 200
            ),
            _ => null,
        };
    }

    private static MemoryDirectory Damaged(CaptureParts parts, Random random)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["formats/header_page"] = parts.HeaderPage,
            ["formats/header_event"] = parts.HeaderEvent,
            ["kallsyms"] = parts.Kallsyms,
            ["saved_cmdlines"] = parts.CommandLines,
            ["trace_clock.txt"] = "local [mono]"u8.ToArray(),
            ["buffer_stats.txt"] = "cpu0 entries: 12 overrun: 0 commit overrun: 0"u8.ToArray(),
        };
        foreach (var (cpu, pages) in parts.Pages)
            files[$"raw/cpu{cpu}.raw"] = pages;
        foreach (var (system, formats) in parts.Formats)
        {
            for (var i = 0; i < formats.Count; i++)
                files[$"formats/{system}/{i}/format"] = formats[i];
        }

        var names = files.Keys.ToList();
        for (var i = 0; i < 3; i++)
        {
            var name =
                random.Next(3) == 0
                    ? names[random.Next(names.Count)]
                    : $"raw/cpu{parts.Pages.Keys.ElementAt(random.Next(parts.Pages.Count))}.raw";
            files[name] = Mutation.Of(files[name], random);
        }

        return new MemoryDirectory(files);
    }

    private static byte[] Build(string form, CaptureParts parts)
    {
        if (form == "6")
            return TraceDatWriter.Version6(parts, ("truth", parts));
        if (!form.StartsWith("perf", StringComparison.Ordinal))
            return TraceDatWriter.Version7(parts, form, ("truth", parts));
        using var trace = TraceFile.Open(TraceDatWriter.Version6(parts), "events");
        return new PerfDataWriter
        {
            Compress = form == "perf compressed",
            SwapEvery = 7,
            EventsOfRound = 20,
            LostBefore = 5,
        }.Write(parts, EventList.ReadAll(trace.DefaultBuffer));
    }

    /// <summary>Three sub-buffers of each CPU and a few formats, so that a million mutations take minutes.</summary>
    private static CaptureParts Small()
    {
        var all = CaptureParts.Load("arm64-6.12-72cpu-raw", 3 * 4096);
        return new CaptureParts
        {
            HeaderPage = all.HeaderPage,
            HeaderEvent = all.HeaderEvent,
            Formats = all
                .Formats.Where(static pair => pair.Key is "ipi" or "csd")
                .Append(KeyValuePair.Create("ftrace", all.Formats["ftrace"].Take(2).ToList()))
                .ToDictionary(StringComparer.Ordinal),
            Kallsyms = all.Kallsyms,
            CommandLines = all.CommandLines[..200],
            Pages = all.Pages,
        };
    }
}
