using Lazykick.Checking.Properties;

namespace Lazykick.Checking.Verdicts;

/// <summary>The verdict on one property.</summary>
/// <param name="Definition">The property.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Length">Length of the shortest counterexample in moves (rule M22); 0 without one.</param>
/// <param name="IsPromised">The scheme claims that it holds.</param>
/// <param name="Race">The counterexample that is shown (rule M23), or null.</param>
public sealed record PropertyVerdict(
    Property Definition,
    Verdict Verdict,
    int Length,
    bool IsPromised,
    Lazy<Race?> Race
)
{
    /// <summary>Why it is not checked, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>Its name: S1, S1.windows, S5a, or one of the scheme's own.</summary>
    public string Property => Definition.Id;
}
