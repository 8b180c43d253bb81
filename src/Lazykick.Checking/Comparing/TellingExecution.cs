using Lazykick.Checking.Verdicts;

namespace Lazykick.Checking.Comparing;

/// <summary>An execution that violates in one scheme what holds in another.</summary>
/// <param name="Comparison">The two schemes.</param>
/// <param name="IsOfFirst">It is one of the first scheme.</param>
/// <param name="Property">What it violates.</param>
/// <param name="Verdict">The verdict with the race.</param>
/// <param name="Windows">For old text at a position that is new text in the other: the search that found it.</param>
public sealed record TellingExecution(
    Comparison Comparison,
    bool IsOfFirst,
    string Property,
    PropertyVerdict Verdict,
    CheckResult? Windows
)
{
    /// <summary>The scheme that it is an execution of.</summary>
    public CheckResult Own => IsOfFirst ? Comparison.First : Comparison.Second;

    /// <summary>The other one.</summary>
    public CheckResult Other => IsOfFirst ? Comparison.Second : Comparison.First;

    /// <summary>How far the other scheme can do the same.</summary>
    /// <param name="cancellation">Ends it.</param>
    public Following FollowInOther(CancellationToken cancellation) =>
        Following.Of((Windows ?? Own).ExecutionOf(Property)!, Own.Compiled, Other.Compiled, cancellation);
}
