using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>A move of a pair of parts, of the CPU's own and the shared one.</summary>
/// <param name="Move">The move.</param>
/// <param name="Own">Number of the CPU's own part afterwards.</param>
/// <param name="Shared">Number of the shared part afterwards.</param>
/// <param name="Violations">A bit for each property that the move violates.</param>
/// <param name="IfSettled">Those of them that count only where no CPU has a guess outstanding.</param>
/// <param name="Taken">The steps that are taken for good if no CPU refuses the move.</param>
internal readonly record struct PairMove(
    Move Move,
    int Own,
    int Shared,
    uint Violations,
    uint IfSettled,
    IReadOnlyList<Move> Taken
);
