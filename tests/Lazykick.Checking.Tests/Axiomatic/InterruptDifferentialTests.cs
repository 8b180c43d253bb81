using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>
/// Schemes whose code is interrupted, under Arm's model, against the axioms, which know exceptions only where a program
/// has them: an interrupt comes between any two instructions, so a scheme has the outcomes of all programs in which its
/// handler stands at one place, and of the one without it. Whatever EIS and EOS are, the machine takes an interrupt,
/// and returns, only when older branches are settled (docs/reference/memory.md, "The in-order restriction that is
/// left"): of data the axioms therefore allow what they allow where both synchronise. Of text
/// <see cref="SchemeTextTests"/> compares EIS and EOS.
/// </summary>
public class InterruptDifferentialTests
{
    // The handler's registers, its mark, and its copy of a register of the code that it interrupts.
    private const int OfHandler = 20;
    private const int Mark = 40;
    private const int Copy = 41;

    [Fact]
    public void Interrupted_schemes_under_arm_have_the_outcomes_that_the_axioms_allow()
    {
        var count = Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1" ? 20_000 : 150;
        for (var seed = 7_000_000; seed < 7_000_000 + count; seed++)
        {
            var (program, handler) = Random(seed);
            var difference = Difference(program, handler, isOrdered: true, isLazy: seed % 2 == 0);
            Assert.True(difference is null, $"seed {seed}\n{SchemeWriter.Write(program, handler, 1)}\n{difference}");
        }
    }

    /// <summary>A test of the test: what the door orders can be seen.</summary>
    [Fact]
    public void Axioms_whose_doors_order_nothing_allow_more() =>
        Assert.Contains(
            Enumerable.Range(7_000_000, 150).Select(Random),
            one => Difference(one.Program, one.Handler, isOrdered: false, isLazy: false) is not null
        );

    /// <summary>What only the axioms, or only the machine, allow.</summary>
    private static string? Difference(StraightProgram program, List<Op> handler, bool isOrdered, bool isLazy)
    {
        var code = program.Threads[1];
        // An atomic and the fence that belongs to it are one step of a scheme. A step and the test of a register after
        // it are one move, so that no interrupt comes before that branch (M9, W2).
        var expected = Enumerable
            .Range(0, code.Count + 1)
            .Where(place => place == code.Count || !code[place].IsPartOfAtomic)
            .SelectMany(place =>
                Outcomes(
                    [
                        .. code.Take(place),
                        .. place < code.Count && code[place].When >= 0
                            ? [new Op(OpKind.Branch) { DataFrom = code[place].When }]
                            : Array.Empty<Op>(),
                        new Op(OpKind.Enter),
                        .. handler,
                        new Op(OpKind.Leave),
                        .. code.Skip(place),
                    ]
                )
            )
            .Concat(Outcomes(code))
            .ToHashSet(StringComparer.Ordinal);
        var found = SchemeOutcomes
            .Of(
                new StraightProgram(program.Locations, [program.Threads[0], [.. code, .. handler]]),
                SchemeWriter.Write(program, handler, 1),
                MemoryModel.Arm,
                leftOut: 0,
                isLazy
            )
            .Select(Canonical)
            .ToHashSet(StringComparer.Ordinal);
        return found.SetEquals(expected)
            ? null
            : $"only the machine:\n  {string.Join("\n  ", found.Except(expected).Order(StringComparer.Ordinal))}\n"
                + $"only the axioms:\n  {string.Join("\n  ", expected.Except(found).Order(StringComparer.Ordinal))}";

        IEnumerable<string> Outcomes(List<Op> interrupted) =>
            new Enumerator(
                new StraightProgram(program.Locations, [program.Threads[0], interrupted])
                {
                    EntrySynchronises = isOrdered,
                    ReturnSynchronises = isOrdered,
                },
                MemoryModel.Arm
            )
                .Run()
                .Select(Canonical);
    }

    /// <summary>Sorted, and without registers that are 0, as those are of a handler that did not run.</summary>
    private static string Canonical(string outcome) =>
        string.Join(
            "; ",
            outcome
                .Split("; ")
                .Where(part => !part.EndsWith("=0", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );

    private static (StraightProgram Program, List<Op> Handler) Random(int seed)
    {
        var random = new Random(seed);
        var program = random.Next(2) == 0 ? Passing(random) : Small(random);
        program = new StraightProgram(program.Locations, program.Threads)
        {
            EntrySynchronises = random.Next(3) > 0,
            ReturnSynchronises = random.Next(3) > 0,
        };
        List<Op> handler = [];
        // A tested load is two steps of a scheme, and its register is not yet there between them.
        var registers = program.Threads[1].Where(o => o is { Result: >= 0, Tests: < 0 }).Select(o => o.Result).ToList();
        if (registers.Count > 0)
            handler.Add(new Op(OpKind.Move) { Result = Copy, DataFrom = registers[random.Next(registers.Count)] });
        handler.AddRange(
            SchemeProgram
                .Random(random.Next())
                .Threads[0].Where(o => o.Awaits < 0 && !o.IsPartOfAtomic && !o.IsFull)
                .Take(random.Next(1, 3))
                .Select(o => OfTheHandler(o, program.Locations))
        );
        handler.Add(new Op(OpKind.Move) { Result = Mark, Value = 1 });
        return (program, handler);
    }

    private static StraightProgram Small(Random random)
    {
        while (true)
        {
            var program = SchemeProgram.Random(random.Next());
            if (program.Threads.Count == 2 && program.Threads.Sum(t => t.Count(o => o.Location >= 0)) is > 1 and < 5)
                return program;
        }
    }

    /// <summary>
    /// One thread publishes data and then a flag; the other reads the flag, branches on it, and reads the data.
    /// </summary>
    private static StraightProgram Passing(Random random)
    {
        var isTested = random.Next(3) > 0;
        List<Op> writer =
        [
            new Op(OpKind.Store) { Location = 1, Value = 1 },
            new Op(OpKind.Fence) { Fence = random.Next(2) == 0 ? "DMB ST" : "DSB SY" },
            new Op(OpKind.Store) { Location = 0, Value = 1 },
        ];
        List<Op> reader =
        [
            new Op(OpKind.Load)
            {
                Location = 0,
                Result = 0,
                Tests = isTested ? 1 : -1,
            },
            new Op(OpKind.Move) { DataFrom = 0, Result = 1 },
            new Op(OpKind.Load) { Location = 1, Result = 2 },
        ];
        return new StraightProgram(2, [writer, reader]);
    }

    private static Op OfTheHandler(Op op, int locations) =>
        op with
        {
            Location = op.Location < 0 ? -1 : op.Location % locations,
            Result = op.Result < 0 ? -1 : op.Result + OfHandler,
            DataFrom = op.DataFrom < 0 ? -1 : op.DataFrom + OfHandler,
            When = op.When < 0 ? -1 : op.When + OfHandler,
        };
}
