using static Lazykick.Checking.Tests.Naive.Rules.RuleScheme;

namespace Lazykick.Checking.Tests.Naive.Rules;

/// <summary>M7 to M9: steps and moves. Counts are worked out by hand beside each test.</summary>
public class StepRuleTests
{
    [Theory]
    [InlineData("private x : bit", 1)] // decided on arrival: the move is step a, and back
    [InlineData("shared x : bit", 2)] // the read is a move of its own
    [InlineData("knob x = off", 1)]
    public void M7OnlyATestThatReadsMemoryIsAMove(string x, int states)
    {
        var result = Check(
            $"""
            {x}
            path p from task
                when x = 0: step a
            """
        );
        Assert.Equal(states, result.States);
    }

    [Fact]
    public void M7ATestIsDecidedWithTheValuesOnArrival()
    {
        // x := 0, step a, which arrives at the test; then the NMI: exception, x := 1, eret; then the assertion of the
        // branch.
        var result = Check(
            """
            private x : bit
            path p from task
                x := 0
                step a
                when x = 1: step c
                else: assert x = 0 for P "still as on arrival"
            path nmi on nmi from kernel
                exception
                x := 1
                eret
            """
        );
        Assert.Equal(6, result.Verdicts["P"]);
    }

    [Theory]
    [InlineData("call r", 2)] // task, b: step a is taken with the path
    [InlineData("call r clobbers x0", 3)] // task, a, b
    [InlineData("call r uses rcu", 3)]
    [InlineData("call \"c_code\"", 2)] // task, b
    public void M7ACallIsAMoveIfItHasClauses(string call, int states)
    {
        var result = Check(
            $"""
            routine r
                step a
            path p from task
                {call}
                step b
            """
        );
        Assert.Equal(states, result.States);
    }

    [Fact]
    public void M7ALoopThatComesRoundWithoutAMoveIsAnError()
    {
        var error = Assert.Throws<NaiveSchemeException>(() =>
            Check(
                """
                private x : bit
                path p from task
                    step a
                    repeat:
                        when x = 1: break
                """
            )
        );
        Assert.Contains("without a move", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void M7TheSameRoutineAtTwoCallsIsTwoPositions()
    {
        // task -> (call 1, b) -> (call 2, a) -> (call 2, b) -> task.
        var result = Check(
            """
            routine r
                step a
                step b
            path p from task
                call r
                call r
            """
        );
        Assert.Equal(4, result.States);
        Assert.Equal(4, result.Positions.Count);
    }

    [Fact]
    public void M7StepsThatHappenTogetherTakeEffectInTheOrderWritten()
    {
        var result = Check(
            """
            private x : 0..3
            path p from task
                together:
                    x := 1
                    x := x + 1
                assert x = 2 for P "in order"
            """
        );
        Assert.Equal(3, result.States); // task with 0 and 2, the assertion with 2
        Assert.Null(result.Verdicts["P"]);
    }

    [Fact]
    public void M19ATogetherIsJudgedByTheStateBeforeIt()
    {
        var result = Check(
            """
            private x : 0..3
            path p from task
                together:
                    x := 1
                    assert x = 0 for P "before"
                    x := 0
            """
        );
        Assert.Null(result.Verdicts["P"]);
    }

    [Fact]
    public void M8EitherIsOneMoveThatPicks()
    {
        // task -> a or b -> task.
        Assert.Equal(3, Check("path p from task\n    either: step a\n    or: step b").States);
    }

    [Fact]
    public void M8EachTurnAndTheEndOfALoopInAnyOrderAreMoves()
    {
        // task; at a: CPU0 first, CPU1 first; choosing with CPU0 or CPU1 done; at a for the other: 2; choosing with
        // both done.
        Assert.Equal(8, Check("path p from task\n    for t in all any order: step a", 2).States);
        // task, and at a for CPU1: the turn of CPU0 is the move that takes the path.
        Assert.Equal(2, Check("path p from task\n    for t in all: step a", 2).States);
    }

    [Fact]
    public void M8MembershipIsTestedWhenTheTurnComes()
    {
        // {0}: t = 0 sets {1}, so 1 has a turn too: task {0} -> t = 1 {1} -> task {1}, which goes straight to t = 1.
        var result = Check(
            """
            private mask : set = {self}
            path p from task
                for t in mask: mask := others
            """,
            2
        );
        Assert.Equal(3, result.States);
    }

    [Fact]
    public void M9AWaitMovesOnlyWhenItsConditionHolds()
    {
        var result = Check(
            """
            shared x : bit
            path p from task
                step a
                wait x = 1
                step b
            """
        );
        Assert.Equal(2, result.States);
        Assert.Equal(["test.kick:12:5", "test.kick:13:5"], result.NeverTaken.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void M9AtomicsReadAndWriteAtOnce()
    {
        // x,old: 0,0 -> 1,0 -> 0,1 -> 1,0.
        Assert.Equal(
            3,
            Check("shared x : bit\nprivate old : bit\npath p from task\n    rmw old := x := 1 - x full").States
        );
        // x,ok: 0,0 -> 1,1 -> 1,0.
        Assert.Equal(
            3,
            Check("shared x : bit\nprivate ok : bit\npath p from task\n    cas ok := x : 0 -> 1 full").States
        );
    }

    [Fact]
    public void M9AVariableIndexedByACpuIsThatCpus()
    {
        var result = Check(
            """
            percpu x : bit
            pairwise y : bit
            path p from task
                for t in others: x[t] := 1
                for t in others: y[self, t] := 1
                assert x = 0 for P "not the own one"
                for t in others: assert x[t] = 1 and y[self, t] = 1 and y[t, self] = 0 for Q "the other's"
            """,
            2
        );
        Assert.Null(result.Verdicts["P"]);
        Assert.Null(result.Verdicts["Q"]);
    }

    [Fact]
    public void M9AValueOutOfRangeIsAnErrorThatNamesTheStep()
    {
        var error = Assert.Throws<NaiveSchemeException>(() =>
            Check("shared x : bit\npath p from task\n    rmw x := x + 1 full")
        );
        Assert.StartsWith("test.kick:11:", error.Message, StringComparison.Ordinal);
    }
}
