using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>A move of a pair of parts, of the CPU's own and the shared one.</summary>
/// <param name="Move">The move.</param>
/// <param name="Kind">Whether it may be delayed.</param>
/// <param name="Violations">A bit for each property that the move violates.</param>
/// <param name="IfSettled">Those of them that count only where no CPU has a guess outstanding.</param>
/// <param name="Taken">The steps that are taken for good if no CPU refuses the move.</param>
internal readonly record struct PairMove(
    Move Move,
    StepKind Kind,
    uint Violations,
    uint IfSettled,
    IReadOnlyList<Move> Taken
)
{
    /// <summary>It may be delayed.</summary>
    public bool IsDelayable => Kind is StepKind.DelayableIssue or StepKind.DelayableStep;

    /// <summary>
    /// May it come after these moves that were delayed up to it? An access comes right after its issue; an older one
    /// before all of them.
    /// </summary>
    /// <param name="node">Where they lead.</param>
    public bool Ends(PairNode node) =>
        Kind switch
        {
            StepKind.Other => true,
            StepKind.YoungestAccess => node.Way.Length == 0 || node.IsAfterIssue,
            StepKind.Access => node.Way.Length == 0,
            _ => false,
        };
}
