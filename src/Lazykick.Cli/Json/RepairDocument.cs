using Lazykick.Checking.Changes;
using Lazykick.Checking.Memory;

namespace Lazykick.Cli.Json;

/// <summary>What <c>repair</c> found, for programs: docs/reference/json.md.</summary>
internal sealed record RepairDocument
{
    public required string Schema { get; init; }

    public required string Scheme { get; init; }

    public required MemoryModel Memory { get; init; }

    public required int Cpus { get; init; }

    public required IReadOnlyDictionary<string, string> Knobs { get; init; }

    public string? Property { get; init; }

    public required bool Complete { get; init; }

    public int? Length { get; init; }

    public int? Candidates { get; init; }

    public int? MostParts { get; init; }

    public IReadOnlyList<MendingSet>? Repairs { get; init; }

    public IReadOnlyList<MendingSet>? Refused { get; init; }

    public IReadOnlyList<string>? Held { get; init; }

    public IReadOnlyList<CheckedPart>? Parts { get; init; }

    public required IReadOnlyList<string> NotExplored { get; init; }

    public required IReadOnlyList<string> Assumptions { get; init; }

    /// <summary>Additions that make the property hold.</summary>
    internal sealed record MendingSet(
        IReadOnlyList<NamedPart> Adds,
        IReadOnlyList<int>? Without,
        long? States,
        string? Breaks
    );

    /// <summary>A part of a scheme.</summary>
    internal sealed record NamedPart(PartKind Kind, string Text, string Block, string File, int Line);

    /// <summary>A part that was taken away.</summary>
    internal sealed record CheckedPart(NamedPart Part, RemovalVerdict Verdict, string Reason);
}
