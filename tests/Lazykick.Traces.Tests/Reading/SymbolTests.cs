using System.Text;
using Lazykick.Traces.Containers.Perf;
using Lazykick.Traces.Files;
using Lazykick.Traces.Names;

namespace Lazykick.Traces.Tests.Reading;

public sealed class SymbolTests
{
    private const string Kallsyms = """
        0000000000000000 A fixed_percpu_data
        ffffffff81000000 T _text
        ffffffff81000000 T _stext
        ffffffff81000100 t kick_all_cpus_sync
        ffffffff81000100 t alias_of_it
        ffffffff81000150 d some_data
        ffffffff81000200 W weak_one
        ffffffff81000210 t $x.12
        ffffffffc0000040 t probe	[usbcore]
        ffffffffc0000000 t init_mod	[usbcore]
        """;

    [Theory]
    [InlineData(0xffffffff81000100, "kick_all_cpus_sync")]
    [InlineData(0xffffffff81000138, "kick_all_cpus_sync+0x38")]
    [InlineData(0xffffffff81000220, "weak_one+0x20")]
    [InlineData(0xffffffff81000000, "_text")]
    [InlineData(0xffffffffc0000041, "probe [usbcore]+0x1")]
    [InlineData(0xffffffffc0000000, "init_mod [usbcore]")]
    [InlineData(0xffffffff80ffffff, "0xffffffff80ffffff")]
    [InlineData(0xffffffffffffffff, "0xffffffffffffffff")]
    [InlineData(0UL, "0x0")]
    public void An_address_belongs_to_the_first_function_at_or_below_it(ulong address, string expected) =>
        Assert.Equal(expected, SymbolTable.Parse(Encoding.UTF8.GetBytes(Kallsyms)).Describe(address));

    /// <summary>
    /// A page of zeros in the text would give the functions that stood there the name of the one before.
    /// </summary>
    [Theory]
    [InlineData("kick_all_cpus_sync", 0xffffffff81000000, "_text")]
    [InlineData("kick_all_cpus_sync", 0xffffffff81000008, "0xffffffff81000008")]
    [InlineData("kick_all_cpus_sync", 0xffffffff81000100, "0xffffffff81000100")]
    [InlineData("kick_all_cpus_sync", 0xffffffff81000220, "weak_one+0x20")]
    [InlineData("init_mod", 0xffffffffc0000041, "0xffffffffc0000041")]
    public void What_stood_in_a_hole_has_no_name(string lost, ulong address, string expected)
    {
        var text = Encoding.UTF8.GetBytes(Kallsyms);
        var at = Kallsyms.IndexOf(lost, StringComparison.Ordinal);
        var end = lost == "init_mod" ? text.Length : Kallsyms.IndexOf("some_data", StringComparison.Ordinal);
        text.AsSpan(at, end - at).Clear();

        var symbols = SymbolTable.Parse(text);
        Assert.Equal(at, symbols.HoleAt);
        Assert.Equal(expected, symbols.Describe(address));
    }

    [Fact]
    public void Zero_bytes_that_fill_up_a_word_are_no_hole()
    {
        var symbols = SymbolTable.Parse(Encoding.UTF8.GetBytes(Kallsyms + "\0\0\0"));
        Assert.Equal(-1, symbols.HoleAt);
        Assert.Equal("init_mod [usbcore]", symbols.Describe(0xffffffffc0000000));
    }

    [Fact]
    public void Hidden_addresses_make_no_table()
    {
        var hidden = SymbolTable.Parse("0000000000000000 T _text\n0000000000000000 T schedule\n"u8.ToArray());

        Assert.Equal(0, hidden.Count);
        Assert.Null(hidden.ResolveName(0xffffffff81000100));
    }

    [Fact]
    public void A_kernel_that_lay_elsewhere_is_moved_and_its_modules_are_unknown()
    {
        var text = Encoding.UTF8.GetBytes(Kallsyms);

        Assert.Equal(0xffffffff81000000, SymbolTable.FindAddress(text, "_text"));
        var moved = SymbolTable.Parse(text, 0x1000);
        Assert.Equal("kick_all_cpus_sync+0x8", moved.Describe(0xffffffff81001108));
        Assert.Null(moved.ResolveName(0xffffffffc0001041));
    }

    [Fact]
    public void A_perf_data_takes_its_symbols_from_a_file_beside_it()
    {
        var directory = Directory.CreateTempSubdirectory("lazykick-symbols").FullName;
        try
        {
            var parts = CaptureParts.Load("x86-7.3-raw", 4096);
            using var raw = TraceFile.Open(TraceDatWriter.Version6(parts), "raw");
            // The recorder's own table is empty, as perf writes it.
            var bare = new CaptureParts
            {
                HeaderPage = parts.HeaderPage,
                HeaderEvent = parts.HeaderEvent,
                Formats = parts.Formats,
                Pages = parts.Pages,
            };
            var path = Path.Combine(directory, "perf.data");
            File.WriteAllBytes(path, new PerfDataWriter().Write(bare, EventList.ReadAll(raw.DefaultBuffer)));
            using (var without = TraceFile.Open(path, TestContext.Current.CancellationToken))
                Assert.Equal(0, without.Symbols.Count);
            File.WriteAllText(path + ".kallsyms", Kallsyms);
            using var with = TraceFile.Open(path, TestContext.Current.CancellationToken);
            Assert.Equal("kick_all_cpus_sync", with.Symbols.ResolveName(0xffffffff81000101));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void The_build_id_is_found_among_the_notes_of_a_kernel()
    {
        byte[] other =
        [
            6,
            0,
            0,
            0,
            4,
            0,
            0,
            0,
            1,
            1,
            0,
            0,
            (byte)'L',
            (byte)'i',
            (byte)'n',
            (byte)'u',
            (byte)'x',
            0,
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        byte[] id = [4, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, (byte)'G', (byte)'N', (byte)'U', 0, 7, 8, 9, 0];

        Assert.Equal([7, 8, 9], PerfSymbols.RunningBuildId([.. other, .. id]));
        Assert.Empty(PerfSymbols.RunningBuildId(other));
        Assert.Empty(PerfSymbols.RunningBuildId([255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0]));
    }

    [Fact]
    public void A_live_perf_recording_finds_the_symbols_of_the_running_kernel()
    {
        if (
            !File.Exists("/sys/kernel/notes")
            || SymbolTable.Parse(File.ReadAllBytes("/proc/kallsyms")) is not { Count: > 0 } running
        )
        {
            Assert.Skip("this machine does not show its kernel's symbols");
            return;
        }

        var file = Path.GetTempFileName();
        try
        {
            var (status, _, error) = Tool.TryRun(
                "perf",
                "record",
                "-q",
                "-a",
                "-o",
                file,
                "-e",
                "sched:sched_switch",
                "--",
                "sleep",
                "0.1"
            );
            if (status != 0)
                Assert.Skip($"perf cannot record here: {error.Trim()}");
            using var trace = TraceFile.Open(file, TestContext.Current.CancellationToken);
            var address = SymbolTable.FindAddress(File.ReadAllBytes("/proc/kallsyms"), "schedule")!.Value;
            Assert.Equal(running.ResolveName(address), trace.Symbols.ResolveName(address));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
