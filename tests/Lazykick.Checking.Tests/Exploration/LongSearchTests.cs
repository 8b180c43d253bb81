using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Exploration;

/// <summary>
/// Several workers, an order in a file, a search that goes on from a checkpoint: every answer is that of one worker in
/// memory in one go. Bits instead of states: what is found is real, and nothing is claimed to hold.
/// </summary>
public sealed class LongSearchTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lazykick-test-").FullName;

    /// <summary>Schemes with levels that are wide enough for several workers.</summary>
    public static TheoryData<string, MemoryModel, int, bool> Spaces { get; } =
        new()
        {
            { "v1", MemoryModel.Arm, 2, false },
            { "kernel-tlb", MemoryModel.Tso, 3, false },
            { "runtime-kick", MemoryModel.Sc, 3, true },
        };

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Several_workers_find_what_one_finds(string name, MemoryModel memory, int cpus, bool isExact)
    {
        var options = new CheckOptions { Memory = memory, Cpus = cpus, Exact = isExact };
        var one = Check(name, options);
        Same(one, Check(name, options with { Workers = 2 }));
        Same(one, Check(name, options with { Workers = 3 }));
        Assert.InRange(one.States, 50_000, 1_000_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Several_workers_end_at_the_same_state_as_one(int workers)
    {
        var options = new CheckOptions
        {
            Memory = MemoryModel.Arm,
            Limits = SearchLimits.Default with { MaxStates = 70_000 },
        };
        var one = Check("v1", options);
        var other = Check("v1", options with { Workers = workers });
        Assert.Equal((one.End, one.States, one.Transitions), (other.End, other.States, other.Transitions));
        Assert.Equal(SearchEnd.StateLimit, other.End);
    }

    [Fact]
    public void The_order_may_be_in_a_file()
    {
        var options = new CheckOptions { Memory = MemoryModel.Arm };
        var file = Path.Combine(_directory, "order");
        var memory = Check("v1", options);
        var found = Check("v1", options with { Files = new SearchFiles(file, null, 0) });
        Same(memory, found);
        Assert.True(found.Bytes < memory.Bytes - 7 * memory.States, $"{found.Bytes} of {memory.Bytes} bytes");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Theory]
    [InlineData("v1", MemoryModel.Arm, 2)]
    [InlineData("kernel-tlb", MemoryModel.Tso, 3)]
    [InlineData("v2", MemoryModel.Sc, 2)]
    public void A_search_goes_on_from_its_checkpoint(string name, MemoryModel memory, int cpus)
    {
        var options = new CheckOptions { Memory = memory, Cpus = cpus };
        var whole = Check(name, options);
        var file = Path.Combine(_directory, "checkpoint");
        var saved = options with { Files = new SearchFiles(null, file, 0), Workers = 2 };
        for (var part = 1; part < 4; part++)
        {
            var limits = SearchLimits.Default with { MaxStates = whole.States * part / 4 };
            Assert.Equal(SearchEnd.StateLimit, Check(name, saved with { Limits = limits }).End);
            Assert.True(File.Exists(file));
        }

        // Interrupted before it does anything: what was saved stays.
        var interrupted = SchemeCheck.Run(
            SchemeLoader.FromCatalogue(name)!,
            saved,
            new DiagnosticCollection(),
            new CancellationToken(true)
        );
        Assert.Equal(SearchEnd.Cancelled, interrupted!.End);
        Same(whole, Check(name, saved));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public void A_checkpoint_of_another_search_is_refused_and_stays()
    {
        var file = Path.Combine(_directory, "checkpoint");
        var options = new CheckOptions
        {
            Files = new SearchFiles(null, file, 0),
            Limits = SearchLimits.Default with { MaxStates = 5_000 },
        };
        Check("v2", options);
        var before = File.ReadAllBytes(file);
        var other = options with { Knobs = new Dictionary<string, string> { ["patch4"] = "off" } };
        Assert.Contains(
            "another search",
            Assert.Throws<InvalidDataException>(() => Check("v2", other)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "another search",
            Assert.Throws<InvalidDataException>(() => Check("v1", options)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(before, File.ReadAllBytes(file));
        File.WriteAllBytes(file, before[..(before.Length / 2)]);
        Assert.Contains(
            "cut off",
            Assert.Throws<InvalidDataException>(() => Check("v2", options)).Message,
            StringComparison.Ordinal
        );
        for (var at = 40; at < before.Length; at += before.Length / 7)
        {
            var damaged = before.ToArray();
            damaged[at] ^= 0x40;
            File.WriteAllBytes(file, damaged);
            Assert.Throws<InvalidDataException>(() => Check("v2", options));
        }
    }

    [Theory]
    [InlineData("v1", MemoryModel.Arm)]
    [InlineData("v2", MemoryModel.Arm)]
    [InlineData("v2", MemoryModel.Sc)]
    public void Bits_instead_of_states_find_real_violations_and_show_nothing(string name, MemoryModel memory)
    {
        var options = new CheckOptions { Memory = memory };
        var exact = Check(name, options);
        var found = Check(name, options with { Files = new SearchFiles(null, null, 1 << 24) });
        Assert.Equal(SearchEnd.Bitstate, found.End);
        Assert.InRange(found.States, exact.States * 99 / 100, exact.States);
        Assert.InRange(found.Missed, 1e-12, 0.01);
        foreach (var verdict in found.Verdicts)
        {
            var same = exact[verdict.Property];
            Assert.NotEqual(Verdict.Holds, verdict.Verdict);
            if (verdict.Property != "S8")
                Assert.Equal(same.Verdict == Verdict.Violated, verdict.Verdict == Verdict.Violated);
            if (verdict.Verdict != Verdict.Violated)
                continue;
            Assert.True(verdict.Length >= same.Length, $"{verdict.Property}: {verdict.Length} < {same.Length}");
            var race = verdict.Race.Value!;
            Assert.Equal(verdict.Length, race.Moves.Count + (race.OldText is null ? 0 : 1));
        }
    }

    [Fact]
    public void Too_few_bits_miss_states_and_say_so()
    {
        var options = new CheckOptions { Memory = MemoryModel.Arm, Files = new SearchFiles(null, null, 1 << 12) };
        var found = Check("v2", options);
        Assert.True(found.States < Check("v2", options with { Files = SearchFiles.None }).States);
        Assert.InRange(found.Missed, 0.01, 1);
        var answer = found.AnswerOn(["S5a"]);
        Assert.Equal(AnswerKind.NotShown, answer.Kind);
        Assert.Contains("missed with a chance of at most", answer.Reasons[0], StringComparison.Ordinal);
        Assert.Contains("S8 was not looked at", answer.Reasons[0], StringComparison.Ordinal);
    }

    private static void Same(CheckResult one, CheckResult other)
    {
        Assert.Equal(
            (one.End, one.States, one.Transitions, one.Levels),
            (other.End, other.States, other.Transitions, other.Levels)
        );
        Assert.Empty(ReductionTest.Differences(one, other));
        Assert.Equal(one.Verdicts.Select(v => v.Length), other.Verdicts.Select(v => v.Length));
        Assert.Equal(one.Verdicts.Select(Moves), other.Verdicts.Select(Moves));

        static string Moves(PropertyVerdict verdict) =>
            verdict.Race.Value is { } race ? string.Join('\n', race.Moves.Select(m => $"{m.Cpu} {m.Step}")) : "";
    }

    private static CheckResult Check(string name, CheckOptions options)
    {
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.FromCatalogue(name)!;
        var result = SchemeCheck.Run(scheme, options, diagnostics, TestContext.Current.CancellationToken);
        Assert.Empty(diagnostics);
        return result!;
    }
}
