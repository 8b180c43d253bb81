using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Replaying;

namespace Lazykick.Cli.Json;

/// <summary>An execution with the state after each move: docs/reference/json.md.</summary>
internal sealed record ReplayDocument(
    string Schema,
    string Scheme,
    MemoryModel Memory,
    IReadOnlyList<string> Cpus,
    IReadOnlyDictionary<string, string> Knobs,
    string Property,
    bool Shown,
    ReplayDocument.ReplayedState Start,
    IReadOnlyList<ReplayDocument.ReplayedMove> Moves
)
{
    /// <summary>A move, and what it leads to.</summary>
    internal sealed record ReplayedMove(
        int Cpu,
        string Path,
        string Step,
        string? Enters,
        string? Note,
        MovePhase Phase,
        string File,
        int Line,
        IReadOnlyList<ValueChange> Changes,
        ReplayedState After
    );

    /// <summary>A state.</summary>
    internal sealed record ReplayedState(IReadOnlyList<ReplayedCpu> Cpus, IReadOnlyList<NamedValue> Values);

    /// <summary>A CPU in a state.</summary>
    internal sealed record ReplayedCpu(
        IReadOnlyList<string> Frames,
        string Next,
        bool InEqs,
        bool InKick,
        string Masked,
        IReadOnlyList<string> Pending,
        IReadOnlyList<FlyingAccess> InFlight
    );

    /// <summary>An access that is not complete.</summary>
    internal sealed record FlyingAccess(string Step, Progress Progress, string? Reads, string? Writes);
}
