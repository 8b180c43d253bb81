using System.Globalization;
using System.Text.RegularExpressions;
using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;
using Lazykick.Traces.Tests.Captures;

namespace Lazykick.Traces.Tests.Reading;

public sealed partial class FieldTests
{
    // Cuts with what the kernel printed of their events beside them.
    public static TheoryData<string, string> Texts =>
        new()
        {
            { "x86-7.3-raw", "mprotect" },
            { "arm64-6.12-72cpu-raw", "membarrier_global" },
            { "arm64-6.12-raw-b", "mprotect" },
            { "host-6.18-raw", "wake" },
        };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Fields_symbols_masks_and_texts_read_as_the_kernel_printed_them(string capture, string phase)
    {
        using var trace = TraceFile.Open(CaptureCut.Of(capture, phase).File, TestContext.Current.CancellationToken);
        var dispatch = new EventDispatch();
        foreach (
            var name in new[]
            {
                "ipi_send_cpu",
                "ipi_send_cpumask",
                "ipi_raise",
                "csd_queue_cpu",
                "cpu_idle",
                "sched_switch",
                "print",
            }
        )
        {
            foreach (var format in trace.Formats.Where(format => format.Name == name))
                dispatch.Set(format, 1);
        }

        var reader = trace.OpenReader(dispatch);
        var compared = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in KernelTextLine.ParseAll(CaptureCut.Of(capture, phase).ReadText()))
        {
            var name = line.Event == "tracing_mark_write" ? "print" : line.Event;
            if (trace.Formats.FirstOrDefault(format => format.Name == name) is not { } known || dispatch[known.Id] == 0)
                continue;
            Assert.True(reader.TryRead(out var next));
            Assert.Equal(known.Id, next.Id);
            Assert.Equal(Normal(line.Fields), Print(trace, known, next.Payload));
            compared[name] = compared.GetValueOrDefault(name) + 1;
        }

        Assert.False(reader.TryRead(out _));
        Assert.True(compared["sched_switch"] > 10 && compared["ipi_send_cpu"] > 10 && compared["print"] >= 2);
        if (phase == "membarrier_global")
            Assert.True(compared["ipi_send_cpumask"] > 10);
    }

    [Fact]
    public void Masks_beyond_64_CPUs_are_walked_in_order()
    {
        var field = new EventField("cpumask", "__data_loc cpumask_t", 8, 4, false, EventFieldKind.DataLocation);
        byte[] record = [0, 0, 0, 0, 0, 0, 0, 0, 12, 0, 16, 0, 6, 0, 0, 0, 0, 0, 0, 0x80, 0x40, 0, 0, 0, 0, 0, 0, 0];

        var cpus = new List<int>();
        foreach (var cpu in field.ReadCpuMask(record))
            cpus.Add(cpu);

        Assert.Equal([1, 2, 63, 70], cpus);
        Assert.Equal(4, field.ReadCpuMask(record).Count);
        Assert.True(field.ReadCpuMask(record).Contains(70));
        Assert.False(field.ReadCpuMask(record).Contains(71));
        Assert.False(field.ReadCpuMask(record).Contains(-1) || field.ReadCpuMask(record).Contains(4000));
    }

    [Fact]
    public void Relative_locations_count_from_behind_their_own_word()
    {
        var field = new EventField("comm", "__rel_loc char[]", 8, 4, false, EventFieldKind.RelativeLocation);

        Assert.Equal(
            "kick",
            field.ReadText([0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 5, 0, 9, 9, (byte)'k', (byte)'i', (byte)'c', (byte)'k', 0, 7])
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(15)]
    public void What_a_short_record_does_not_hold_reads_as_nothing(int length)
    {
        var record = new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 12, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8 }[..length];

        Assert.Empty(
            new EventField("m", "__data_loc cpumask_t", 8, 4, false, EventFieldKind.DataLocation)
                .ReadBytes(record)
                .ToArray()
        );
        Assert.Equal(0UL, new EventField("p", "void *", 8, 8, false, EventFieldKind.Scalar).ReadUInt64(record));
        Assert.Equal("", new EventField("t", "char", 16, 4, false, EventFieldKind.Array).ReadText(record));
    }

    [Fact]
    public void Signs_and_sizes_come_from_the_format()
    {
        byte[] record = [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        foreach (var size in new[] { 1, 2, 4, 8 })
        {
            Assert.Equal(-2, new EventField("v", "int", 0, size, true, EventFieldKind.Scalar).ReadInt64(record));
            Assert.Equal(
                size == 8 ? unchecked((ulong)-2L) : (1UL << (8 * size)) - 2,
                new EventField("v", "int", 0, size, false, EventFieldKind.Scalar).ReadUInt64(record)
            );
        }
    }

    private static string Print(TraceFile trace, EventFormat format, ReadOnlySpan<byte> record)
    {
        switch (format.Name)
        {
            case "ipi_send_cpu":
                return $"cpu={Number(format, "cpu", record)} callsite={Symbol(trace, format, "callsite", record)} "
                    + $"callback={Symbol(trace, format, "callback", record)}";
            case "ipi_send_cpumask":
                return $"cpumask={Mask(format.Find("cpumask")!, record)} "
                    + $"callsite={Symbol(trace, format, "callsite", record)} "
                    + $"callback={Symbol(trace, format, "callback", record)}";
            case "ipi_raise":
                return $"target_mask={Mask(format.Find("target_cpus")!, record)} "
                    + $"({trace.ResolveText(format.Find("reason")!.ReadUInt64(record))})";
            case "csd_queue_cpu":
                // %ps: no offset.
                var func = trace.Symbols.ResolveName(format.Find("func")!.ReadUInt64(record));
                return $"cpu={Number(format, "cpu", record)} callsite={Symbol(trace, format, "callsite", record)} "
                    + $"func={func}";
            case "cpu_idle":
                return $"state={Number(format, "state", record)} cpu_id={Number(format, "cpu_id", record)}";
            case "sched_switch":
                return $"prev_comm={format.Find("prev_comm")!.ReadText(record)} "
                    + $"prev_pid={format.Find("prev_pid")!.ReadInt64(record)} "
                    + $"next_comm={format.Find("next_comm")!.ReadText(record)} "
                    + $"next_pid={format.Find("next_pid")!.ReadInt64(record)}";
            default:
                return format.Find("buf")!.ReadText(record).TrimEnd('\n');
        }
    }

    private static ulong Number(EventFormat format, string field, ReadOnlySpan<byte> record) =>
        format.Find(field)!.ReadUInt64(record);

    private static string Symbol(TraceFile trace, EventFormat format, string field, ReadOnlySpan<byte> record)
    {
        var name = trace.Symbols.ResolveName(Number(format, field, record), out var offset);
        return name is null ? "0x0" : $"{name}+0x{offset:x}";
    }

    private static string Mask(EventField field, ReadOnlySpan<byte> record)
    {
        var cpus = new List<int>();
        foreach (var cpu in field.ReadCpuMask(record))
            cpus.Add(cpu);
        return string.Join(',', cpus);
    }

    /// <summary>
    /// Takes out of the kernel's text what the record does not hold (sizes of functions, hashed pointers, priorities),
    /// and turns hexadecimal masks into lists.
    /// </summary>
    private static string Normal(string fields)
    {
        fields = HexMask()
            .Replace(
                fields.Trim(),
                static match => match.Groups["key"].Value + string.Join(',', Cpus(match.Groups["mask"].Value))
            );
        fields = SymbolSize().Replace(fields, "");
        fields = HashedPointer().Replace(fields, "");
        return Priorities().Replace(fields, " ").TrimEnd();
    }

    private static IEnumerable<int> Cpus(string mask)
    {
        var bits = mask.Replace(",", "", StringComparison.Ordinal);
        for (var cpu = 0; cpu < bits.Length * 4; cpu++)
        {
            if (
                (
                    int.Parse(
                        bits.AsSpan(bits.Length - 1 - (cpu / 4), 1),
                        NumberStyles.HexNumber,
                        CultureInfo.InvariantCulture
                    ) & (1 << (cpu % 4))
                ) != 0
            )
            {
                yield return cpu;
            }
        }
    }

    [GeneratedRegex("(?<key>(cpumask|target_mask)=)(?<mask>[0-9a-f,]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HexMask();

    [GeneratedRegex(@"(?<=\+0x[0-9a-f]+)/0x[0-9a-f]+", RegexOptions.None, 1000)]
    private static partial Regex SymbolSize();

    [GeneratedRegex(" csd=[0-9a-f]+", RegexOptions.None, 1000)]
    private static partial Regex HashedPointer();

    [GeneratedRegex(@" prev_prio=\d+ prev_state=\S+ ==> | next_prio=\d+", RegexOptions.None, 1000)]
    private static partial Regex Priorities();
}
