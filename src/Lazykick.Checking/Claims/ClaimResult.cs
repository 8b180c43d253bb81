using Lazykick.Checking.Verdicts;

namespace Lazykick.Checking.Claims;

/// <summary>How a claim came out.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Outcome">Of all points together.</param>
/// <param name="Points">Of each.</param>
/// <param name="Runs">What was explored, in the order of the claim's runs.</param>
public sealed record ClaimResult(
    Claim Claim,
    ClaimOutcome Outcome,
    IReadOnlyList<ClaimPointResult> Points,
    IReadOnlyList<ClaimRunResult> Runs
)
{
    /// <summary>Some points wait for what this version does not have: the outcome is that of the others.</summary>
    public bool IsProvisional =>
        Outcome != ClaimOutcome.NotExplored
        && Points.Any(p => p is { Outcome: ClaimOutcome.NotExplored, Point.IsBeyond: false });

    /// <summary>It was interrupted, or a search of it ended at a limit: nothing is decided.</summary>
    public bool IsCutShort { get; init; }

    /// <summary>States explored for it; an exploration that two runs share counts once.</summary>
    public long States => Runs.DistinctBy(r => r.Run.Describe()).Sum(r => r.Check.States);

    /// <summary>
    /// True if the claim or one of its points comes out otherwise, or for another reason, than in another result of the
    /// same claim.
    /// </summary>
    /// <param name="other">The claim decided under another memory model.</param>
    public bool DiffersFrom(ClaimResult other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Outcome != other.Outcome || Points.Zip(other.Points).Any(p => p.First.DiffersFrom(p.Second));
    }

    /// <summary>The exploration of a run by its name.</summary>
    public CheckResult this[string run] => Runs.First(r => r.Run.Name == run).Check;
}

/// <summary>How one point of a claim came out.</summary>
/// <param name="Point">The point.</param>
/// <param name="Outcome">Its outcome.</param>
/// <param name="Reason">What it depends on, or waits for; else null.</param>
public sealed record ClaimPointResult(ClaimPoint Point, ClaimOutcome Outcome, string? Reason)
{
    /// <summary>True if the point comes out otherwise, or for another reason, than in another result.</summary>
    public bool DiffersFrom(ClaimPointResult other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Outcome != other.Outcome || Reason != other.Reason;
    }
}

/// <summary>One exploration.</summary>
/// <param name="Run">What was asked.</param>
/// <param name="Check">What was found.</param>
public sealed record ClaimRunResult(ClaimRun Run, CheckResult Check);
