using System.Text.Json.Serialization;
using Lazykick.Checking.Claims;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Json;

/// <summary>Claims and further results, for programs: docs/reference/json.md.</summary>
internal sealed record ClaimsDocument(
    string Schema,
    MemoryModel Memory,
    int? InFlight,
    IReadOnlyList<ClaimsDocument.DecidedClaim> Claims,
    IReadOnlyList<ClaimsDocument.DecidedClaim> Further
)
{
    /// <summary>A claim.</summary>
    internal sealed record DecidedClaim(
        string Id,
        int Number,
        string Claim,
        string Who,
        IReadOnlyList<int> Mails,
        ClaimOutcome Outcome,
        ClaimOutcome? UnderSc,
        bool Provisional,
        long States,
        IReadOnlyList<ClaimPart> Points,
        IReadOnlyList<ClaimExploration> Runs,
        IReadOnlyList<ClaimSource> Lists
    );

    /// <summary>A part of a claim.</summary>
    internal sealed record ClaimPart(
        [property: JsonPropertyName("point")] string Text,
        bool Beyond,
        ClaimOutcome Outcome,
        ClaimOutcome? UnderSc,
        string? DependsOn,
        string? WaitsFor
    );

    /// <summary>An exploration.</summary>
    internal sealed record ClaimExploration(
        string Name,
        string Scheme,
        int Cpus,
        MemoryModel Memory,
        IReadOnlyDictionary<string, string> Knobs,
        long States,
        IReadOnlyDictionary<string, Verdict> Verdicts
    );

    /// <summary>What a claim rests on that is not explored.</summary>
    internal sealed record ClaimSource(string Name, string Source, IReadOnlyList<string> Items);
}
