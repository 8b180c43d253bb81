using Lazykick.Checking.Claims;

namespace Lazykick.Checking.Tests.Claims;

/// <summary>Outcomes as docs/thread/claims.md words them.</summary>
internal static class ClaimText
{
    public static string Name(ClaimPointResult point) =>
        $"{(point.Point.IsBeyond ? "beyond the claim: " : "")}"
            + $"{(point.Point.Text.Length > 0 ? point.Point.Text + ": " : "")}";

    public static string Sentence(ClaimPointResult point) =>
        point.Outcome switch
        {
            ClaimOutcome.Depends => $"depends on {point.Reason}",
            ClaimOutcome.NotExplored => $"not explored yet: {point.Reason}",
            var outcome => Outcome(outcome),
        };

    public static string Outcome(ClaimOutcome outcome) =>
        outcome switch
        {
            ClaimOutcome.Partly => "in part",
            ClaimOutcome.NotExplored => "not explored",
            _ => outcome.ToString().ToLowerInvariant(),
        };
}
