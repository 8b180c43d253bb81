using System.Text;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>
/// S1 of schemes against the axioms' fetches: a CPU writes text, maintains caches and kicks; another is told by a flag,
/// or is looked at and left alone, and runs the text. S1 is violated if and only if the axioms let the second CPU fetch
/// the old instruction then.
/// </summary>
public class SchemeTextTests
{
    private const int Flag = 0;
    private const int Text = 1;
    private static readonly (string Step, string Fence)[] s_fences =
    [
        ("smp_mb", "DMB SY"),
        ("smp_rmb", "DMB LD"),
        ("smp_wmb", "DMB ST"),
        ("dsb", "DSB SY"),
        ("dsb", "DSB SY"),
    ];

    [Theory]
    [InlineData(false, 5_000_000)]
    [InlineData(true, 6_000_000)]
    public void S1_is_violated_where_the_axioms_fetch_old_text(bool isSampled, int first)
    {
        var count = Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1" ? 20_000 : 150;
        var violated = 0;
        for (var seed = first; seed < first + count; seed++)
        {
            var (program, scheme) = isSampled ? Sampled(new Random(seed)) : Told(new Random(seed));
            var outcomes = new Enumerator(program, MemoryModel.Arm).Run();
            var expected = isSampled
                ? outcomes.Any(o => Has(o, 0, 0, 0) && Has(o, 1, 1, 1))
                : outcomes.Any(o => Has(o, 1, 0, 1) && Has(o, 1, 1, 1));
            var found = IsViolated(scheme);
            Assert.True(
                expected == found,
                $"seed {seed}: the axioms say {expected}, the machine {found}\n{scheme}\n{string.Join('\n', outcomes)}"
            );
            violated += found ? 1 : 0;
        }

        Assert.InRange(violated, count / 20, count - count / 20);
    }

    private static bool Has(string outcome, int thread, int register, int value) =>
        outcome.Split("; ").Contains($"{LitmusWriter.Key(thread, register, true)}={value}");

    /// <summary>The flag is set after the kick has returned; who reads it runs the text.</summary>
    private static (StraightProgram Program, string Scheme) Told(Random random)
    {
        var code = new Code(random);
        code.Maintain();
        code.Take("kick k returns site");
        code.MaybeFence();
        var release = random.Next(2) == 0;
        code.Take(
            $"flag := 1{(release ? " release" : "")}",
            new Op(OpKind.Store)
            {
                Location = Flag,
                Value = 1,
                Release = release,
            }
        );
        var patch = code.Finish();

        code.ReadFlag();
        code.MaybeFence();
        code.Open("when r = 1:", new Op(OpKind.Branch) { DataFrom = 0 });
        code.MaybeSynchronise();
        code.Take("run key", new Op(OpKind.Fetch) { Location = Text, Result = 1 });
        var runs = code.Finish();
        return Assemble(patch, runs);
    }

    /// <summary>
    /// The kick looks at the flag: a CPU that has not set it is left alone, and runs the text when it has.
    /// </summary>
    private static (StraightProgram Program, string Scheme) Sampled(Random random)
    {
        // With barriers at random nearly all are violated: it takes three right ones on each side.
        var code = new Code(random) { IsCareful = true };
        code.Maintain();
        code.ReadFlag();
        code.Open("when r = 0:", new Op(OpKind.Branch) { DataFrom = 0 });
        code.Take("kick k returns site");
        var patch = code.Finish();

        code.SetFlag();
        code.MaybeFence();
        code.MaybeSynchronise();
        code.Take("run key", new Op(OpKind.Fetch) { Location = Text, Result = 1 });
        var runs = code.Finish();
        return Assemble(patch, runs);
    }

    private static (StraightProgram Program, string Scheme) Assemble(
        (List<Op> Ops, string Steps) patch,
        (List<Op> Ops, string Steps) runs
    )
    {
        var scheme = $"""
            scheme random "text that changes"
            text site
            place start
            place away
            percpu idle : bit
            state eqs = idle = 1 or start or away
            shared flag : bit
            private r : bit
            private old : bit
            role first
                starts start
                takes patch
            role second
                starts away
                takes runs
            cpus first second
            kick k
                step nothing
            path patch from start
            {patch.Steps}    repeat: linger "done"
            path runs from away
            {runs.Steps}    repeat: linger "done"

            """;
        return (new StraightProgram(1, [patch.Ops, runs.Ops]) { Texts = [1] }, scheme);
    }

    private static bool IsViolated(string text)
    {
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("random.kick", text), Catalogue.Instance, diagnostics);
        Assert.True(diagnostics.Count == 0, string.Concat(diagnostics.Select(d => d.Render())));
        var options = new CheckOptions { Memory = MemoryModel.Arm, InFlight = 8 };
        var result = SchemeCheck.Run(scheme!, options, diagnostics, TestContext.Current.CancellationToken)!;
        Assert.False(result.InFlightReached);
        return result["S1"].Verdict == Verdict.Violated;
    }

    /// <summary>The same code as instructions for the axioms and as steps.</summary>
    private sealed class Code(Random random)
    {
        private readonly StringBuilder _steps = new();
        private List<Op> _ops = [];
        private int _depth = 1;

        /// <summary>Most barriers are the strongest, and few steps are left out.</summary>
        public bool IsCareful { get; init; }

        private bool Mostly => random.Next(IsCareful ? 12 : 5) > 0;

        public void Take(string step, Op? op = null)
        {
            _steps.Append(' ', 4 * _depth).Append(step).Append('\n');
            if (op is not null)
                _ops.Add(op);
        }

        public void Open(string test, Op op)
        {
            Take(test, op);
            _depth++;
        }

        public (List<Op> Ops, string Steps) Finish()
        {
            var done = (_ops, _steps.ToString());
            _ops = [];
            _steps.Clear();
            _depth = 1;
            return done;
        }

        public void MaybeFence()
        {
            if (!Mostly)
                return;
            var (step, fence) = IsCareful && random.Next(5) > 0 ? s_fences[^1] : s_fences[random.Next(s_fences.Length)];
            Take(step, new Op(OpKind.Fence) { Fence = fence });
        }

        /// <summary>The text is written and made coherent, some of it left out.</summary>
        public void Maintain()
        {
            Take("write site", new Op(OpKind.Store) { Location = Text, Value = 1 });
            if (random.Next(5) == 0)
                MaybeFence();
            if (Mostly)
                Take("dc site", new Op(OpKind.Clean) { Location = Text });
            MaybeFence();
            if (Mostly)
                Take("ic site", new Op(OpKind.Invalidate) { Location = Text });
            MaybeFence();
        }

        public void MaybeSynchronise()
        {
            if (random.Next(4) == 0)
                MaybeFence();
            if (Mostly)
            {
                Take(
                    random.Next(3) switch
                    {
                        0 => "isb",
                        1 => "exception",
                        _ => "eret",
                    },
                    new Op(OpKind.Isb)
                );
            }
        }

        /// <summary>Reads the flag, with acquire or without.</summary>
        public void ReadFlag()
        {
            var acquire = random.Next(2) == 0;
            Take(
                $"r := flag{(acquire ? " acquire" : "")}",
                new Op(OpKind.Load)
                {
                    Location = Flag,
                    Result = 0,
                    Acquire = acquire,
                }
            );
        }

        /// <summary>As a CPU that leaves the EQS does: by a store or by an atomic.</summary>
        public void SetFlag()
        {
            switch (random.Next(5))
            {
                case 0:
                    Take("flag := 1", new Op(OpKind.Store) { Location = Flag, Value = 1 });
                    break;
                case 1:
                    Take(
                        "rmw old := flag := 1 relaxed via lse",
                        new Op(OpKind.Swap)
                        {
                            Location = Flag,
                            Value = 1,
                            Result = 0,
                        }
                    );
                    break;
                case 2:
                    Take(
                        "rmw old := flag := 1 full via lse",
                        new Op(OpKind.Swap)
                        {
                            Location = Flag,
                            Value = 1,
                            Result = 0,
                            Acquire = true,
                            Release = true,
                            IsFull = true,
                        }
                    );
                    break;
                case 3:
                    Take(
                        "rmw old := flag := 1 acquire via llsc",
                        new Op(OpKind.Swap)
                        {
                            Location = Flag,
                            Value = 1,
                            Result = 0,
                            Acquire = true,
                            LlSc = true,
                        }
                    );
                    break;
                default:
                    // The LL/SC form of a fully ordered atomic: a release, and a barrier after it.
                    Take(
                        "rmw old := flag := 1 full via llsc",
                        new Op(OpKind.Swap)
                        {
                            Location = Flag,
                            Value = 1,
                            Result = 0,
                            Release = true,
                            IsFull = true,
                            LlSc = true,
                        }
                    );
                    _ops.Add(new Op(OpKind.Fence) { Fence = "DMB SY", IsPartOfAtomic = true });
                    break;
            }
        }
    }
}
