using System.Globalization;
using Lazykick.Checking.Claims;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Claims;

/// <summary>What a reader sees of claims.</summary>
internal static class ClaimWords
{
    public static string Of(ClaimOutcome outcome) =>
        outcome switch
        {
            ClaimOutcome.Confirmed => "confirmed",
            ClaimOutcome.Refuted => "refuted",
            ClaimOutcome.Depends => "depends",
            ClaimOutcome.Partly => "in part",
            ClaimOutcome.NotExplored => "not explored",
            _ => "open",
        };

    public static string Of(ClaimResult result) => Of(result.Outcome) + (result.IsProvisional ? " so far" : "");

    /// <summary>The sentence that goes with an outcome and its reason.</summary>
    public static string Sentence(ClaimPointResult point) =>
        point.Outcome switch
        {
            ClaimOutcome.Depends => $"depends on {point.Reason}",
            ClaimOutcome.NotExplored => $"not explored yet: {point.Reason}",
            ClaimOutcome.Open => "open: no clause of the claim fits the verdicts",
            var outcome => Of(outcome),
        };

    /// <summary>Who says so, and where.</summary>
    public static string Source(Claim claim) =>
        claim.Who.Length == 0 && claim.Mails.Count == 0
            ? "not in the thread"
            : string.Join(", ", new[] { claim.Who, claim.Cited }.Where(t => t.Length > 0));

    /// <summary>What a run found, as far as the claim asks for it.</summary>
    public static string Found(Claim claim, ClaimRunResult run)
    {
        var asked = claim.Points.SelectMany(p => p.Clauses).SelectMany(c => c.When.All()).ToList();
        var properties = asked
            .OfType<VerdictFormula>()
            .Where(f => f.Run == run.Run.Name)
            .Select(f => f.Property)
            .Distinct();
        var facts = properties.Select(p => Found(run.Check, p)).ToList();
        var isLocal = asked.Any(f =>
            f is PositionFormula p && p.Run == run.Run.Name
            || f is WindowsFormula w && (w.Left == run.Run.Name || w.Right == run.Run.Name)
        );
        if (isLocal)
        {
            facts.Add(
                $"{run.Check.Windows.Count()} of {run.Check.Positions.Count(p => p.IsVisited)} positions in the window"
            );
        }

        facts.Add(string.Create(CultureInfo.InvariantCulture, $"{run.Check.States:N0} states"));
        return string.Join(", ", facts);
    }

    private static string Found(CheckResult check, string property)
    {
        if (check.Verdicts.FirstOrDefault(v => v.Property == property) is not { } found)
            return $"{property} not asserted";
        return found.Verdict switch
        {
            Verdict.Violated => $"{property} violated in {found.Length} moves",
            Verdict.Holds => $"{property} holds",
            Verdict.NotChecked => $"{property} not checked ({found.Reason})",
            _ => $"{property} undecided",
        };
    }
}
