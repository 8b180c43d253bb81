using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Json;

/// <summary>What <c>diff</c> found, for programs: docs/reference/json.md.</summary>
internal sealed record DiffDocument
{
    public required string Schema { get; init; }

    public required bool Same { get; init; }

    public required IReadOnlyList<string> Differences { get; init; }

    public required ComparedScheme First { get; init; }

    public required ComparedScheme Second { get; init; }

    public required IReadOnlyList<BothVerdicts> Properties { get; init; }

    public IReadOnlyList<BothPositions>? Positions { get; init; }

    public TellingRace? Telling { get; init; }

    /// <summary>One of the two.</summary>
    internal sealed record ComparedScheme(
        string Scheme,
        MemoryModel Memory,
        IReadOnlyList<string> Cpus,
        IReadOnlyDictionary<string, string> Knobs,
        SearchEnd End,
        bool Exhaustive,
        long States,
        long Moves,
        int? InFlight,
        bool? InFlightReached
    );

    /// <summary>A property in both.</summary>
    internal sealed record BothVerdicts(
        string Name,
        bool Different,
        bool Promised,
        Verdict First,
        int? FirstLength,
        Verdict Second,
        int? SecondLength
    );

    /// <summary>A position that only one has, or that differs.</summary>
    internal sealed record BothPositions(
        string Role,
        string Path,
        IReadOnlyList<string> Calls,
        string Step,
        string File,
        int Line,
        bool? FirstOld,
        bool? SecondOld
    );

    /// <summary>The execution that tells them apart.</summary>
    internal sealed record TellingRace(
        bool OfFirst,
        string Property,
        int Length,
        CheckDocument.DrawnRace? Race,
        int? Followed,
        bool? FollowedWhole
    );
}
