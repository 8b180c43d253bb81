using Lazykick.Checking.Comparing;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Verdicts;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Comparing;

/// <summary>What <c>diff</c> found.</summary>
/// <param name="Comparison">The two checks.</param>
/// <param name="Telling">The execution that tells them apart, or null.</param>
/// <param name="Following">How far the other scheme can do the same; null without one, or if that was given up.</param>
internal sealed record ComparisonAnswer(Comparison Comparison, TellingExecution? Telling, Following? Following)
{
    /// <summary>A difference that was found stays one however far the searches got.</summary>
    public int Status =>
        Comparison.HasDifference ? ExitStatus.Violated
        : !Comparison.IsWhole ? ExitStatus.GaveUp
        : Comparison.Properties.Any(p => IsJudged(p.First) && IsJudged(p.Second)) ? ExitStatus.Done
        : ExitStatus.CannotTell;

    /// <summary>What differs, in words.</summary>
    public IReadOnlyList<string> Differences =>
        [
            .. Comparison.Different.Select(p => p.Property),
            .. Comparison.DifferentWindows.Any() ? ["windows"] : (string[])[],
        ];

    /// <summary>Why nothing can be said; null if both spaces were searched as a whole.</summary>
    public SearchEnd? Limit =>
        Comparison.First.End != SearchEnd.Exhausted ? Comparison.First.End
        : Comparison.Second.End != SearchEnd.Exhausted ? Comparison.Second.End
        : null;

    private static bool IsJudged(PropertyVerdict? verdict) => verdict is { Verdict: not Verdict.NotChecked };
}
