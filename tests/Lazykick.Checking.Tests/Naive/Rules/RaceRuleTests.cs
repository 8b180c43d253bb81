using static Lazykick.Checking.Tests.Naive.Rules.RuleScheme;

namespace Lazykick.Checking.Tests.Naive.Rules;

/// <summary>M22 and M23: how long a counterexample is, and which of the shortest is shown.</summary>
public class RaceRuleTests
{
    /// <summary>
    /// Two CPUs that each take two steps; the assertion needs both to have taken one, and is made by CPU0.
    /// </summary>
    private const string TwoSteps = """
        shared x : 0..2
        shared y : 0..2
        role first
            starts task
            takes p
        role second
            starts task
            takes q
        cpus first second
        path p from task
            step a
            x := 1
            assert y != 1 for P "both"
        path q from task
            step b
            y := 1
            y := 2

        """;

    [Fact]
    public void M22TheLengthIsTheNumberOfMoves()
    {
        // step a, x := 1 and the assertion of CPU0; step b and y := 1 of CPU1.
        Assert.Equal(5, CheckWhole(TwoSteps, 2).Verdicts["P"]);
    }

    [Fact]
    public void M23TheRaceWithTheFewestSwitchesIsShown()
    {
        // CPU1's two moves in one go, anywhere before the assertion: first of all, since that is one switch.
        Assert.Equal([1, 1, 0, 0, 0], CheckWhole(TwoSteps, 2).Races["P"]);
    }

    [Fact]
    public void M23AmongThoseTheLowestCpuMovesFirst()
    {
        // Either order has one switch.
        var result = CheckWhole(
            TwoSteps
                .Replace("    assert y != 1 for P \"both\"\n", "", StringComparison.Ordinal)
                .Replace("    y := 2\n", "    assert x != 1 for P \"both\"\n", StringComparison.Ordinal),
            2
        );
        Assert.Equal([0, 0, 1, 1, 1], result.Races["P"]);
    }

    [Fact]
    public void M23TheLowestCpuMovesFirstAlsoAmongDifferentStarts()
    {
        // CPU1 and CPU2 start at either place: one move of CPU1 is the race, whichever start is numbered first.
        var scheme = SchemeText.Load(
            """
            scheme starts "two places to start from"
            place task
            state eqs = task
            role first
                starts user
            role second
                starts user
                starts task
                takes loop
            cpus first second
            path loop from task
                body
            """
        );
        Assert.Equal([1], NaiveChecker.Run(scheme, new Dictionary<string, int>(), 3).Races["S6"]);
        Assert.Equal("", EngineComparison.Differences(scheme, new Dictionary<string, string>(), 3, 1_000));
    }
}
