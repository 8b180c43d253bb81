using Lazykick.Checking.Memory;

namespace Lazykick.Cli.Json;

/// <summary>What <c>check --at</c> found, for programs: docs/reference/json.md.</summary>
/// <param name="Schema">Name and version of the form.</param>
/// <param name="Answers">One for each scheme.</param>
internal sealed record PositionDocument(string Schema, IReadOnlyList<PositionDocument.AskedPositions> Answers)
{
    /// <summary>The answer for one scheme.</summary>
    internal sealed record AskedPositions
    {
        public required string Scheme { get; init; }

        public required MemoryModel Memory { get; init; }

        public required IReadOnlyList<string> Cpus { get; init; }

        public required IReadOnlyDictionary<string, string> Knobs { get; init; }

        public required bool OldText { get; init; }

        public string? NotShown { get; init; }

        public required IReadOnlyList<CheckDocument.PathPosition> Positions { get; init; }

        public string? Property { get; init; }

        public int? Length { get; init; }

        public CheckDocument.DrawnRace? Race { get; init; }

        public required IReadOnlyList<string> Assumptions { get; init; }

        public required IReadOnlyList<string> NotExplored { get; init; }

        public required bool Exhaustive { get; init; }

        public required long States { get; init; }
    }
}
