using Lazykick.Checking.Claims;
using Lazykick.Checking.Memory;
using Lazykick.Cli.Json;

namespace Lazykick.Cli.Claims;

/// <summary>Claims for programs: docs/reference/json.md.</summary>
internal static class ClaimJsonReport
{
    public static ClaimsDocument Of(ClaimAnswers answers) =>
        new(
            "lazykick.claims/2",
            answers.Memory,
            answers.Memory == MemoryModel.Sc ? null : answers.Explorations.InFlight,
            [.. Claims(answers, false)],
            [.. Claims(answers, true)]
        );

    private static IEnumerable<ClaimsDocument.DecidedClaim> Claims(ClaimAnswers answers, bool isFurther) =>
        Enumerable
            .Range(0, answers.Results.Count)
            .Where(i => answers.Results[i].Claim.IsFurther == isFurther)
            .Select(i => Claim(answers.Results[i], answers.UnderSc?[i]));

    private static ClaimsDocument.DecidedClaim Claim(ClaimResult result, ClaimResult? underSc) =>
        new(
            result.Claim.Id,
            result.Claim.Number,
            result.Claim.Title,
            result.Claim.Who,
            result.Claim.Mails,
            result.Outcome,
            underSc?.Outcome,
            result.IsProvisional,
            result.States,
            [.. result.Points.Select((p, i) => Part(p, underSc?.Points[i]))],
            [.. result.Runs.Select(Exploration)],
            [.. result.Claim.Lists.Select(l => new ClaimsDocument.ClaimSource(l.Name, l.Source, [.. l.Items]))]
        );

    private static ClaimsDocument.ClaimPart Part(ClaimPointResult point, ClaimPointResult? underSc)
    {
        var waits = point.Outcome == ClaimOutcome.NotExplored;
        return new(
            point.Point.Text,
            point.Point.IsBeyond,
            point.Outcome,
            underSc?.Outcome,
            waits ? null : point.Reason,
            waits ? point.Reason : null
        );
    }

    private static ClaimsDocument.ClaimExploration Exploration(ClaimRunResult run) =>
        new(
            run.Run.Name,
            run.Run.Scheme.Name,
            run.Run.Cpus,
            run.Run.Memory,
            new SortedDictionary<string, string>(run.Run.Knobs.ToDictionary(), StringComparer.Ordinal),
            run.Check.States,
            run.Check.Verdicts.ToDictionary(v => v.Property, v => v.Verdict, StringComparer.Ordinal)
        );
}
