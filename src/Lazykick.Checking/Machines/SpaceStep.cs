using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>A step between two states of a space: one move, or several of one CPU.</summary>
/// <param name="Move">The last move.</param>
/// <param name="Violations">A bit for each property that it violates.</param>
/// <param name="Next">Key of the state after it.</param>
/// <param name="Moves">All its moves, as <see cref="PairMemo{T}"/> counts.</param>
internal readonly record struct SpaceStep(Move Move, uint Violations, ulong Next, int[] Moves) : IStep
{
    /// <summary>A kick returns, and what its CPU has decided still rests on a read that is to come.</summary>
    public bool ReturnsEarly { get; init; }

    /// <summary>The instruction after the step may run old text, and that is what is shown; else null.</summary>
    public Instruction? OldText { get; init; }

    int IStep.Disorder => ReturnsEarly ? 1 : 0;

    public int Cpu => Move.Instruction.Cpu;

    public int Weight => Moves.Length;

    /// <summary>
    /// An access in flight takes place before the next step is issued: program order, as far as the race allows.
    /// </summary>
    public int Rank => Weight == 1 && Move.Phase is MovePhase.Read or MovePhase.Write ? 0 : 1;
}
