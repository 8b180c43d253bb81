using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Text;
using static Lazykick.Checking.Tests.Naive.Rules.RuleScheme;

namespace Lazykick.Checking.Tests.Naive.Rules;

/// <summary>M28: locks.</summary>
public class LockRuleTests
{
    private const string TwoCpus = """
        message ipi
        private m : irq
        percpu done : bit = 1
        state eqs = off
        role holder
            starts task
            takes hold, irq
        role other
            starts task
            takes wants, irq
        cpus holder other
        path irq on irq from kernel
            exception
            discover m
            done := 1 release when m = ipi
            m := none
            eret
        kick call
            for t in others: done[t] := 0
            for t in others: send ipi to t
            for t in others: wait done[t] = 1 acquire

        """;

    [Theory]
    [InlineData("lock l", "unlock l", 3)] // task, step a, unlock
    [InlineData("lock l irqsave", "unlock l", 4)] // and lock itself, behind irqsave
    public void M28ALockIsOneMoveAndIrqsaveOneMoreBeforeIt(string takes, string gives, int states)
    {
        var result = Check(
            $"""
            shared l : lock
            path p from task
                {takes}
                step a
                {gives}
            """
        );
        Assert.Equal(states, result.States);
    }

    [Fact]
    public void M28OneCpuHoldsIt()
    {
        var result = CheckWhole(
            """
            shared l : lock
            ghost inside : 0..2
            role one
                starts task
                takes p
            cpus one one
            path p from task
                lock l
                inside := inside + 1
                assert inside = 1 for P "alone"
                assert not l = free for Q "held"
                inside := inside - 1
                unlock l
            """,
            3
        );
        Assert.Null(result.Verdicts["P"]);
        Assert.Null(result.Verdicts["Q"]);
    }

    [Theory]
    [InlineData("lock l irqsave", "unmask I", null)] // clear before, clear after: the interrupt is there again
    [InlineData("lock l irqsave", "mask I", "masked")] // masked before, masked after
    [InlineData("lock l", "unmask I", null)]
    public void M28UnlockGivesBackTheMaskThatIrqsaveFound(string takes, string before, string? expected)
    {
        var result = Check(
            $"""
            shared l : lock
            private inside : bit
            ghost after : bit
            path p from task
                {before}
                {takes}
                inside := 1
                inside := 0
                unlock l
                after := 1
                step here
                after := 0
            path irq on irq from kernel
                exception
                assert after = 0 for Q "the interrupt came after the unlock"
                assert inside = 0 for P "the interrupt came in between"
                eret
            """
        );
        Assert.Equal(expected is null, result.Verdicts["Q"] is not null);
        Assert.Equal(takes == "lock l" && before == "unmask I", result.Verdicts["P"] is not null);
    }

    [Fact]
    public void M28LocksOfOneVariableAreSavedEachForItself()
    {
        var result = CheckWhole(
            """
            percpu d : lock
            ghost both : bit
            role one
                starts task
                takes p, irq
            role two
                starts user
            cpus one two
            path p from task
                lock d irqsave
                for t in others: lock d[t] irqsave
                for t in others: unlock d[t]
                both := 1
                both := 0
                unlock d
            path irq on irq from kernel
                exception
                assert both = 0 for P "the inner unlock let interrupts in"
                eret
            """,
            2
        );
        Assert.Null(result.Verdicts["P"]);
    }

    [Fact]
    public void M28ToGiveBackWhatIsNotHeldIsAnError()
    {
        const string Text = """
            scheme test "one rule"
            place task
            shared l : lock
            role one
                starts task
                takes p
            role two
                starts task
                takes q
            cpus one two
            path p from task
                lock l
                unlock l
            path q from task
                unlock l
            """;
        var scheme = SchemeText.Load(Text);
        Assert.Throws<NaiveSchemeException>(() => NaiveChecker.Run(scheme, new Dictionary<string, int>(), 2));
        var diagnostics = new DiagnosticCollection();
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Null(SchemeCheck.Run(scheme, new CheckOptions { Cpus = 2 }, diagnostics, cancellation));
        var error = Assert.Single(diagnostics);
        Assert.Equal("LK0509", error.Code);
        Assert.Equal(15, error.Span.Line);
        Assert.Contains("CPU1 would give back l here", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lock l irqsave", true)] // the holder waits for a CPU that waits for the lock with interrupts off
    [InlineData("lock l", false)]
    public void S8NamesTheHolderOfALock(string waits, bool isViolated)
    {
        var scheme = SchemeText.Load(
            $"""
            scheme test "one rule"
            place task
            shared l : lock
            {TwoCpus}
            path hold from task
                lock l irqsave
                kick call
                unlock l
            path wants from task
                {waits}
                unlock l
            """
        );
        var result = SchemeCheck.Run(
            scheme,
            new CheckOptions { Cpus = 2 },
            new DiagnosticCollection(),
            TestContext.Current.CancellationToken
        )!;
        Assert.Empty(EngineComparison.Differences(scheme, new Dictionary<string, string>(), 2, 100_000)!);
        var verdict = result.Verdicts.Single(v => v.Property == "S8");
        Assert.Equal(isViolated ? Verdict.Violated : Verdict.Holds, verdict.Verdict);
        if (!isViolated)
            return;
        var wait = Assert.Single(verdict.Race.Value!.Standing.Single(s => s.Cpu == 1).WaitsFor);
        Assert.Equal(("l", "held by CPU0", 0), (wait.Variable, wait.Value, wait.Holder));
        var back = Assert.Single(wait.Setters);
        Assert.Equal((0, "hold", "unlock l"), (back.Cpu, back.Path, back.Step));
    }

    [Fact]
    public void S8TellsALockThatTheInterruptedCodeHolds()
    {
        var locked = TwoCpus.Replace(
            "    done := 1 release when m = ipi\n",
            "    lock d\n    done := 1 release when m = ipi\n    unlock d\n",
            StringComparison.Ordinal
        );
        var scheme = SchemeText.Load(
            $"""
            scheme test "one rule"
            place task
            percpu d : lock
            {locked}
            path hold from task
                kick call
            path wants from task
                lock d
                step a
                unlock d
            """
        );
        var result = SchemeCheck.Run(
            scheme,
            new CheckOptions { Cpus = 2 },
            new DiagnosticCollection(),
            TestContext.Current.CancellationToken
        )!;
        var verdict = result.Verdicts.Single(v => v.Property == "S8");
        Assert.Equal(Verdict.Violated, verdict.Verdict);
        var wait = Assert.Single(verdict.Race.Value!.Standing.Single(s => s.Cpu == 1).WaitsFor);
        Assert.Equal(("d[1]", 1), (wait.Variable, wait.Holder));
        Assert.Equal("wants", Assert.Single(wait.Setters).Path);
    }
}
