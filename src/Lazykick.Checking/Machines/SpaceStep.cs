using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>A move between two states of a space.</summary>
/// <param name="Move">The move.</param>
/// <param name="Violations">A bit for each property that it violates.</param>
/// <param name="Next">Key of the state after it.</param>
internal readonly record struct SpaceStep(Move Move, uint Violations, ulong Next) : IStep
{
    /// <summary>A kick returns, and what its CPU has decided still rests on a read that is to come.</summary>
    public bool ReturnsEarly { get; init; }

    int IStep.Disorder => ReturnsEarly ? 1 : 0;

    public int Cpu => Move.Instruction.Cpu;

    /// <summary>
    /// An access in flight takes place before the next step is issued: program order, as far as the race allows.
    /// </summary>
    public int Rank => Move.Phase is MovePhase.Read or MovePhase.Write ? 0 : 1;
}
