using static Lazykick.Checking.Tests.Naive.Rules.RuleScheme;

namespace Lazykick.Checking.Tests.Naive.Rules;

/// <summary>M1 to M6: what a state holds. Counts are worked out by hand beside each test.</summary>
public class StateRuleTests
{
    [Fact]
    public void M1TheSearchBeginsInEveryCombinationOfStarts()
    {
        const string Scheme = """
            role first
                starts task
            role second
                starts task, user
            cpus first second
            """;
        Assert.Equal(2, CheckWhole(Scheme, 2).States);
        Assert.Equal(4, CheckWhole(Scheme, 3).States);
    }

    [Fact]
    public void M1APlaceHoldsOfACpuThatIsInNoPath()
    {
        // The assertion is the second move: the CPU is in its path then, not at the place.
        var result = Check(
            """
            path p from task
                step a
                assert task for P "at the place"
            """
        );
        Assert.Equal(2, result.Verdicts["P"]);
    }

    [Fact]
    public void M2AFlagInAnInitialValueIsThatOfTheCpuThatHasTheVariable()
    {
        var result = CheckWhole(
            """
            percpu x : bit = lazy
            role first
                starts task
                takes p
            role second
                is lazy
                starts user
            cpus first second
            path p from task
                assert x = 0 for P "its own"
                for t in others: assert x[t] = 1 for Q "theirs"
            """,
            3
        );
        Assert.Null(result.Verdicts["P"]);
        Assert.Null(result.Verdicts["Q"]);
    }

    [Fact]
    public void M2AGhostIsWrittenByAMoveOfItsOwn()
    {
        // task,0 -> assert,1 -> task,1 -> assert,1.
        var result = Check(
            """
            ghost g : bit
            path p from task
                g := 1
                assert g = 0 for P "seen"
            """
        );
        Assert.Equal(3, result.States);
        Assert.Equal(2, result.Verdicts["P"]);
    }

    [Fact]
    public void M4AMessageSentTwiceIsPendingOnce()
    {
        // task -> one pending -> still one -> taken, m = ipi -> m = none, which is the start again.
        var result = Check(
            """
            message ipi
            private m : irq
            path p from task
                send ipi to self
                send ipi to self
                discover m
                discover m
            """
        );
        Assert.Equal(4, result.States);
    }

    [Theory]
    [InlineData("A", 5)] // task, mask, b, and c with and without A
    [InlineData("F", 4)] // F is not modelled: one c
    public void M5MasksAreDAndAAndI(string mask, int states)
    {
        var result = Check(
            $"""
            path p from task
                either: mask {mask}
                or: step b
                step c
            """
        );
        Assert.Equal(states, result.States);
    }

    [Theory]
    [InlineData("clobber x0-x3", 3)]
    [InlineData("call \"c_code\" clobbers x0-x18", 3)]
    [InlineData("step other", null)]
    [InlineData("clobber x2-x9", null)]
    public void M6AUseOfALostRegisterViolatesS7(string step, int? length)
    {
        var result = CheckFromUser(
            $"""
            path svc from user
                exception
                {step}
                use x0 x1
                eret
            """
        );
        Assert.Equal(length, result.Verdicts["S7"]);
    }

    [Theory]
    [InlineData("save")]
    [InlineData("restore")]
    public void M6SaveAndRestoreMakeRegistersGood(string step)
    {
        var result = CheckFromUser(
            $"""
            path svc from user
                exception
                clobber x0
                {step} x0
                use x0
                eret
            """
        );
        Assert.Null(result.Verdicts["S7"]);
    }

    [Fact]
    public void M6NestedHandlersSaveAndRestoreAll()
    {
        const string Nmi = """
            path nmi on nmi from PLACE
                exception
                clobber x0
                use x0
                eret
            """;
        const string Svc = """

            path svc from user
                exception
                step a
                use x0
                eret
            """;
        Assert.Null(CheckFromUser(Nmi.Replace("PLACE", "kernel", StringComparison.Ordinal) + Svc).Verdicts["S7"]);
        Assert.Null(Check(Nmi.Replace("PLACE", "kernel", StringComparison.Ordinal) + Svc).Verdicts["S7"]);
        Assert.Equal(3, Check(Nmi.Replace("PLACE", "task", StringComparison.Ordinal) + Svc).Verdicts["S7"]);
    }

    [Theory]
    [InlineData("", 4)] // task, clobber, b, c
    [InlineData("routine never_called\n    use x0", 5)] // c with x0 lost and not
    public void M6ARegisterIsTrackedIfAnyUseStepNamesIt(string more, int states)
    {
        var result = Check(
            $"""
            path p from task
                either: clobber x0
                or: step b
                step c
            {more}
            """
        );
        Assert.Equal(states, result.States);
    }
}
