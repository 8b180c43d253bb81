using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Machine;
using Lazykick.Checking.Memory;

namespace Lazykick.Cli.Json;

/// <summary>Answers to litmus tests, for programs: docs/reference/json.md.</summary>
internal sealed record LitmusDocument(string Schema, IReadOnlyList<LitmusDocument.LitmusAnswer> Tests)
{
    /// <summary>A test: its answer, or why it has none.</summary>
    internal sealed record LitmusAnswer
    {
        public required string File { get; init; }

        public string? Name { get; init; }

        public MemoryModel? Memory { get; init; }

        public int? InFlight { get; init; }

        public LitmusObservation? Observation { get; init; }

        public string? Kind { get; init; }

        public bool? Holds { get; init; }

        public int? Positive { get; init; }

        public int? Negative { get; init; }

        public string? Condition { get; init; }

        public int? Explored { get; init; }

        public IReadOnlyList<FinalState>? States { get; init; }

        public IReadOnlyList<ExecutionStep>? Execution { get; init; }

        public string? Expected { get; init; }

        public string? Error { get; init; }

        public int? Line { get; init; }

        public int? Column { get; init; }

        public string? MissingFeature { get; init; }
    }

    /// <summary>A final state.</summary>
    internal sealed record FinalState(bool Satisfies, IReadOnlyDictionary<string, string> Values);

    /// <summary>A step of an execution.</summary>
    internal sealed record ExecutionStep(
        int Cpu,
        LitmusEventKind Kind,
        string Instruction,
        string Location,
        string Value,
        bool Local
    );
}
