using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Verdicts;

namespace Lazykick.Cli.Json;

/// <summary>What <c>check</c> found, for programs: docs/reference/json.md.</summary>
/// <param name="Schema">Name and version of the form.</param>
/// <param name="Checks">One for each scheme.</param>
internal sealed record CheckDocument(string Schema, IReadOnlyList<CheckDocument.CheckedConfiguration> Checks)
{
    /// <summary>One scheme with its knobs.</summary>
    internal sealed record CheckedConfiguration
    {
        public required AnswerKind Answer { get; init; }

        public required IReadOnlyList<string> Asked { get; init; }

        public required IReadOnlyList<string> Reasons { get; init; }

        public required string Scheme { get; init; }

        public required string Title { get; init; }

        public required MemoryModel Memory { get; init; }

        public required IReadOnlyList<string> Cpus { get; init; }

        public required IReadOnlyDictionary<string, string> Knobs { get; init; }

        public required SearchEnd End { get; init; }

        public required bool Exhaustive { get; init; }

        public required long States { get; init; }

        public required long Moves { get; init; }

        public required IReadOnlyList<string> Reductions { get; init; }

        public required int Levels { get; init; }

        public required int StateBits { get; init; }

        public required long Bytes { get; init; }

        public required double Seconds { get; init; }

        public int? InFlight { get; init; }

        public bool? InFlightReached { get; init; }

        public required bool KickReturned { get; init; }

        public CheckedReach? Reach { get; init; }

        public required IReadOnlyList<string> Assumptions { get; init; }

        public IReadOnlyList<RaisedCheck>? Raised { get; init; }

        public IReadOnlyList<string>? Differences { get; init; }

        public required IReadOnlyDictionary<string, string> NotChecked { get; init; }

        public required IReadOnlyList<string> NotExplored { get; init; }

        public required IReadOnlyList<string> Remarks { get; init; }

        public required IReadOnlyList<CheckedProperty> Properties { get; init; }

        public IReadOnlyList<CheckedProperty>? Others { get; init; }

        public required IReadOnlyList<PathPosition> Positions { get; init; }
    }

    /// <summary>The same with more accesses in flight.</summary>
    internal sealed record RaisedCheck(
        int InFlight,
        bool InFlightReached,
        AnswerKind Answer,
        SearchEnd End,
        long States
    );

    /// <summary>How many CPUs the verdicts speak of.</summary>
    internal sealed record CheckedReach(
        bool AnyTargets,
        string? Reason,
        IReadOnlyList<ExceptedProperty>? Excepted,
        WiderSpace? Wider
    );

    /// <summary>A property that is not lifted to more targets.</summary>
    internal sealed record ExceptedProperty(string Name, string Reason);

    /// <summary>What more CPUs show.</summary>
    internal sealed record WiderSpace(
        int Cpus,
        long States,
        int Levels,
        bool Exhaustive,
        IReadOnlyList<string> Violated
    );

    /// <summary>The verdict on a property.</summary>
    internal sealed record CheckedProperty(string Name, Verdict Verdict, bool Promised, int? Length, DrawnRace? Race);

    /// <summary>A counterexample.</summary>
    internal sealed record DrawnRace(
        IReadOnlyList<string> Starts,
        IReadOnlyList<RaceStep> Moves,
        OldText? OldText,
        IReadOnlyList<StuckCpu>? Stuck
    );

    /// <summary>Where a CPU stands for good when a kick cannot return.</summary>
    internal sealed record StuckCpu(
        int Cpu,
        string Path,
        string Step,
        string File,
        int Line,
        IReadOnlyList<Awaited> WaitsFor,
        bool Looping,
        IReadOnlyList<string> Pending,
        IReadOnlyList<string> SwitchedOff,
        bool Masked,
        bool MayStay
    );

    /// <summary>
    /// A variable that a CPU waits for, of a lock its holder, and the steps of others that would end the wait.
    /// </summary>
    internal sealed record Awaited(string Variable, string Value, int? Holder, IReadOnlyList<OldText> Setters);

    /// <summary>A move of a counterexample.</summary>
    internal sealed record RaceStep
    {
        public required int Cpu { get; init; }

        public required string Step { get; init; }

        public string? Note { get; init; }

        public string? Enters { get; init; }

        public required string Path { get; init; }

        public required IReadOnlyList<string> Calls { get; init; }

        public required string File { get; init; }

        public required int Line { get; init; }

        public string? Kernel { get; init; }

        public required RaceMoveKind Kind { get; init; }

        public required MovePhase Phase { get; init; }

        public required RaceAccess Access { get; init; }

        /// <summary>What a load finds in memory where its read takes place.</summary>
        public int? ReadValue { get; init; }

        public string? Variable { get; init; }

        public int? Target { get; init; }

        public bool? Skips { get; init; }

        public required IReadOnlyDictionary<string, int[]> Changes { get; init; }
    }

    /// <summary>Where old text may run.</summary>
    internal sealed record OldText(int Cpu, string Path, string Step, string File, int Line);

    /// <summary>A position of a path.</summary>
    internal sealed record PathPosition(
        string Role,
        string Path,
        IReadOnlyList<string> Calls,
        string Step,
        string File,
        int Line,
        bool Visited,
        bool Taken,
        bool MayRunStale,
        bool MayBeInEqs
    );
}
