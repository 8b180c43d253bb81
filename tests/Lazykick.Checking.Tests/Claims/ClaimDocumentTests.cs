using System.Text;
using Lazykick.Checking.Claims;
using Lazykick.Checking.Tests.Documents;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Checking.Tests.Claims;

/// <summary>
/// The list in docs/thread/claims.md is what the exploration says. LAZYKICK_UPDATE=schemes rewrites it (the path of
/// <c>schemes/</c>).
/// </summary>
public sealed class ClaimDocumentTests
{
    [Fact]
    public void The_document_lists_every_claim_with_its_computed_outcome()
    {
        var results = SharedClaims.Evaluator.Decide(
            SharedClaims.All,
            cancellation: TestContext.Current.CancellationToken
        );
        GeneratedList.Check(
            "thread/claims.md",
            "written by ClaimDocumentTests",
            string.Concat(results.Where(r => !r.Claim.IsFurther).Select(Entry))
        );
        GeneratedList.Check(
            "thread/claims.md",
            "further results, written by ClaimDocumentTests",
            string.Concat(results.Where(r => r.Claim.IsFurther).Select(Entry))
        );
    }

    private static string Entry(ClaimResult result)
    {
        var claim = result.Claim;
        var text = new StringBuilder();
        text.Append(
            $"**{claim.Id}. {claim.Title}**{(claim.IsFurther ? "" : $" ({claim.Who}, {claim.Cited})")}: "
                + $"**{ClaimText.Outcome(result.Outcome)}{(result.IsProvisional ? " so far" : "")}**\n\n"
        );
        foreach (var point in result.Points.Where(p => p.Point.Text.Length > 0 || p.Reason is not null))
            text.Append($"- {ClaimText.Name(point)}{ClaimText.Sentence(point)}\n");
        foreach (var run in result.Runs)
            text.Append($"- `{run.Run.Describe()}`: {Found(claim, run)}\n");
        foreach (var list in claim.Lists)
            text.Append($"- list `{list.Name}`, not explored: {list.Source}; {list.Items.Count} items\n");
        return text.Append('\n').ToString();
    }

    private static string Found(Claim claim, ClaimRunResult run)
    {
        var formulas = claim.Points.SelectMany(p => p.Clauses).SelectMany(c => c.When.All()).ToList();
        var facts = formulas
            .OfType<VerdictFormula>()
            .Where(f => f.Run == run.Run.Name)
            .Select(f => f.Property)
            .Distinct()
            .Select(p => (Name: p, Verdict: run.Check.Verdicts.FirstOrDefault(v => v.Property == p)?.Verdict))
            .Select(p => $"{p.Name} {p.Verdict?.ToString().ToLowerInvariant() ?? "not asserted"}")
            .ToList();
        facts.AddRange(
            formulas
                .OfType<PositionFormula>()
                .Where(f => f.Run == run.Run.Name)
                .Select(f => Said(f, run.Check))
                .Distinct()
        );
        return facts.Count == 0 ? "compared with another run" : string.Join(", ", facts);
    }

    private static string Said(PositionFormula formula, CheckResult check)
    {
        var meant = check.Positions.Where(formula.Pattern.Matches).ToList();
        var count = meant.Count(p =>
            formula.Fact switch
            {
                PositionFact.Window => p.MayRunStale,
                PositionFact.Eqs => p.MayBeInEqs,
                _ => p.IsTaken && p.IsVisited,
            }
        );
        var where = string.Join(" in ", formula.Pattern.Blocks.Reverse());
        return $"{formula.Fact.ToString().ToLowerInvariant()} {(count == 0 ? "never" : "sometimes")} in "
            + $"{where}{(formula.Pattern.Step is null ? "" : $" at `{formula.Pattern.Step}`")}";
    }
}
