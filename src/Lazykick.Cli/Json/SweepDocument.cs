using System.Text.Json.Serialization;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Json;

/// <summary>Verdicts over combinations of knobs: docs/reference/json.md.</summary>
internal sealed record SweepDocument
{
    [JsonPropertyOrder(-1)]
    public required string Schema { get; init; }

    public required string Version { get; init; }

    public required string Scheme { get; init; }

    public required string Title { get; init; }

    public required IReadOnlyList<HashedFile> Files { get; init; }

    public required MemoryModel Memory { get; init; }

    public required IReadOnlyList<string> Cpus { get; init; }

    public required int InFlight { get; init; }

    public required IReadOnlyList<string> Promised { get; init; }

    public required IReadOnlyList<string> Asked { get; init; }

    public required IReadOnlyDictionary<string, string> Fixed { get; init; }

    public required IReadOnlyList<SweptKnob> Knobs { get; init; }

    public required long Combinations { get; init; }

    public required bool Complete { get; init; }

    public required IReadOnlyList<SweptCombination> Rows { get; init; }

    /// <summary>A file of the scheme.</summary>
    internal sealed record HashedFile(string Name, string Sha256);

    /// <summary>A knob and its values, in order.</summary>
    internal sealed record SweptKnob(string Name, IReadOnlyList<string> Values);

    /// <summary>What one combination gave.</summary>
    internal sealed record SweptCombination(
        long Index,
        IReadOnlyList<string> Values,
        string? Refused,
        AnswerKind? Answer,
        SearchEnd? End,
        long? States,
        long? Moves,
        int? OldText,
        IReadOnlyList<SweptVerdict>? Properties
    );

    /// <summary>The verdict on a property.</summary>
    internal sealed record SweptVerdict(string Name, Verdict Verdict, int? Length);
}
