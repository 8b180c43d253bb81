using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>
/// The schemes' machine against the axioms, which share nothing with it, on random straight-line programs.
/// </summary>
public class SchemeDifferentialTests
{
    private static int Count(int ordinary) =>
        Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1" ? 100_000 : ordinary;

    [Fact]
    public void Schemes_under_arm_have_the_outcomes_that_the_axioms_allow() =>
        Compare(MemoryModel.Arm, Count(1200), 4_000_000, isLazy: false);

    [Fact]
    public void Schemes_under_arm_have_them_when_issues_are_delayed() =>
        Compare(MemoryModel.Arm, Count(600), 4_000_000, isLazy: true);

    [Fact]
    public void Schemes_under_tso_have_them_when_issues_are_delayed() =>
        Compare(MemoryModel.Tso, Count(600), 5_000_000, isLazy: true);

    [Fact]
    public void Schemes_under_tso_have_the_outcomes_that_the_axioms_allow() =>
        Compare(MemoryModel.Tso, Count(1000), 5_000_000, isLazy: false);

    [Fact]
    public void Schemes_under_sc_have_the_outcomes_that_the_axioms_allow() =>
        Compare(MemoryModel.Sc, Count(1000), 6_000_000, isLazy: false);

    [Theory]
    [InlineData(OrderingRules.A1)]
    [InlineData(OrderingRules.A6)]
    [InlineData(OrderingRules.A9)]
    [InlineData(OrderingRules.A10)]
    [InlineData(OrderingRules.A19)]
    public void A_machine_without_one_of_the_rules_is_found_out(int rule)
    {
        Assert.Contains(
            Enumerable.Range(4_000_000, 5000),
            seed => Difference(SchemeProgram.Random(seed), MemoryModel.Arm, isLazy: seed % 2 == 0, rule) is not null
        );
    }

    private static void Compare(MemoryModel model, int count, int firstSeed, bool isLazy)
    {
        for (var seed = firstSeed; seed < firstSeed + count; seed++)
        {
            var program = SchemeProgram.Random(seed);
            if (Difference(program, model, isLazy) is null)
                continue;
            program = Shrunk(program, model, isLazy);
            Assert.Fail(
                $"seed {seed} under {model}\n{SchemeWriter.Write(program)}\n{Difference(program, model, isLazy)}"
            );
        }
    }

    private static string? Difference(StraightProgram program, MemoryModel model, bool isLazy, int leftOut = 0)
    {
        var expected = new Enumerator(program, model).Run();
        var found = SchemeOutcomes.Of(program, SchemeWriter.Write(program), model, leftOut, isLazy);
        return found.SetEquals(expected)
            ? null
            : $"only the machine:\n  {string.Join("\n  ", found.Except(expected))}\nonly the axioms:\n  "
                + $"{string.Join("\n  ", expected.Except(found))}";
    }

    /// <summary>Leaves out instructions as long as the difference stays.</summary>
    private static StraightProgram Shrunk(StraightProgram program, MemoryModel model, bool isLazy)
    {
        for (var thread = 0; thread < program.Threads.Count; thread++)
        {
            for (var i = 0; i < program.Threads[thread].Count; i++)
            {
                foreach (var simpler in Simpler(program.Threads[thread][i]))
                {
                    var threads = program.Threads.Select(t => t.ToList()).ToList();
                    threads[thread][i] = simpler;
                    var smaller = new StraightProgram(program.Locations, threads);
                    if (Difference(smaller, model, isLazy) is null)
                        continue;
                    program = smaller;
                    break;
                }
            }
        }

        return program;
    }

    private static IEnumerable<Op> Simpler(Op op)
    {
        if (op.IsPartOfAtomic || (op.LlSc && op.IsFull))
            yield break;
        if (op.Kind != OpKind.Nothing)
            yield return new Op(OpKind.Nothing);
        if (op.When >= 0)
        {
            yield return op with
            {
                When = -1,
            };
        }
    }
}
