using Lazykick.Checking.Litmus;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Axiomatic;

public class DifferentialTests
{
    private static int Count(int ordinary) =>
        Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1" ? 100_000 : ordinary;

    [Fact]
    public void The_machine_and_Arms_axioms_allow_the_same_final_states_of_random_programs() =>
        Compare(MemoryModel.Arm, arm: true, Count(3000), firstSeed: 1_000_000);

    [Fact]
    public void The_machine_and_the_axioms_of_TSO_allow_the_same_final_states_of_random_programs() =>
        Compare(MemoryModel.Tso, arm: false, Count(2000), firstSeed: 2_000_000);

    [Fact]
    public void The_machine_under_sc_and_sequential_consistency_allow_the_same_final_states_of_random_programs() =>
        Compare(MemoryModel.Sc, arm: false, Count(500) / 2, firstSeed: 3_000_000);

    private static void Compare(MemoryModel model, bool arm, int count, int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + count; seed++)
        {
            var program = new RandomProgram(seed, arm);
            var text = arm ? LitmusWriter.Arm(program) : LitmusWriter.X86(program);
            var expected = new Enumerator(program, model).Run();
            var answer = LitmusRunner.Run(LitmusReader.Read(text), new LitmusOptions { Model = model });
            var found = new SortedSet<string>(
                answer.FinalStates.Select(s => string.Join("; ", s.Values.Select(v => $"{v.Key}={v.Value}"))),
                StringComparer.Ordinal
            );
            if (found.SetEquals(expected))
                continue;
            Assert.Fail(
                $"seed {seed} under {model}\n{text}\nonly the machine:\n  {string.Join("\n  ", found.Except(expected))}\n"
                    + $"only the axioms:\n  {string.Join("\n  ", expected.Except(found))}"
            );
        }
    }
}
