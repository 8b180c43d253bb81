using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Axiomatic;

public class DifferentialTests
{
    private static int Count(int ordinary) =>
        Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1" ? 100_000 : ordinary;

    [Fact]
    public void The_machine_and_Arms_axioms_allow_the_same_final_states_of_random_programs() =>
        Compare(MemoryModel.Arm, Count(2000), 1_000_000, Arm);

    [Theory]
    [InlineData(CacheType.None)]
    [InlineData(CacheType.Idc)]
    [InlineData(CacheType.Dic)]
    public void The_machine_and_Arms_axioms_allow_the_same_final_states_of_programs_that_change_text(CacheType cache) =>
        Compare(
            MemoryModel.Arm,
            Count(1500) / 3,
            7_000_000 + ((int)cache * 1_000_000),
            seed => LitmusWriter.Arm(Text(seed), cache: cache),
            Text,
            cache
        );

    [Fact]
    public void The_machine_and_Arms_axioms_allow_the_same_final_states_of_programs_that_take_exceptions() =>
        Compare(
            MemoryModel.Arm,
            Count(1500) / 3,
            10_000_000,
            seed => LitmusWriter.Arm(new RandomExceptionProgram(seed)),
            seed => new RandomExceptionProgram(seed),
            default
        );

    /// <summary>Else the comparison above would show nothing of what an exception does.</summary>
    [Fact]
    public void What_an_exception_synchronises_shows_in_the_final_states_of_random_programs()
    {
        var seeds = Enumerable.Range(10_000_000, 200).ToList();

        Assert.InRange(seeds.Count(s => Differ(s, entry: (true, false), exit: (false, false))), 10, 200);
        Assert.InRange(seeds.Count(s => Differ(s, entry: (false, false), exit: (true, false))), 10, 200);

        static bool Differ(int seed, (bool First, bool Second) entry, (bool First, bool Second) exit) =>
            !Outcomes(seed, entry.First, exit.First).SetEquals(Outcomes(seed, entry.Second, exit.Second));

        static SortedSet<string> Outcomes(int seed, bool entry, bool exit) =>
            new Enumerator(
                new RandomExceptionProgram(seed) { EntrySynchronises = entry, ReturnSynchronises = exit },
                MemoryModel.Arm
            ).Run();
    }

    [Fact]
    public void The_machine_and_the_axioms_of_TSO_allow_the_same_final_states_of_random_programs() =>
        Compare(MemoryModel.Tso, Count(2000), 2_000_000, X86);

    [Fact]
    public void The_machine_under_sc_and_sequential_consistency_allow_the_same_final_states_of_random_programs() =>
        Compare(MemoryModel.Sc, Count(500) / 2, 3_000_000, X86);

    private static RandomTextProgram Text(int seed) => new(seed);

    private static string Arm(int seed) => LitmusWriter.Arm(new RandomProgram(seed, arm: true));

    private static string X86(int seed) => LitmusWriter.X86(new RandomProgram(seed, arm: false));

    private static void Compare(MemoryModel model, int count, int firstSeed, Func<int, string> write) =>
        Compare(model, count, firstSeed, write, seed => new RandomProgram(seed, model == MemoryModel.Arm), default);

    private static void Compare(
        MemoryModel model,
        int count,
        int firstSeed,
        Func<int, string> write,
        Func<int, StraightProgram> make,
        CacheType cache
    )
    {
        for (var seed = firstSeed; seed < firstSeed + count; seed++)
        {
            var text = write(seed);
            var expected = new Enumerator(make(seed), model, cache).Run();
            var answer = LitmusRunner.Run(LitmusReader.Read(text), new LitmusOptions { Model = model });
            var found = new SortedSet<string>(
                answer.FinalStates.Select(s => string.Join("; ", s.Values.Select(v => $"{v.Key}={v.Value}"))),
                StringComparer.Ordinal
            );
            if (found.SetEquals(expected))
                continue;
            Assert.Fail(
                $"seed {seed} under {model}\n{text}\nonly the machine:\n  "
                    + $"{string.Join("\n  ", found.Except(expected))}\n"
                    + $"only the axioms:\n  {string.Join("\n  ", expected.Except(found))}"
            );
        }
    }
}
