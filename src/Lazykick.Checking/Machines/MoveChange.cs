namespace Lazykick.Checking.Machines;

/// <summary>What a move does to the key of a state.</summary>
/// <param name="Change">By exclusive or, without what the notice does.</param>
/// <param name="Notice">What other CPUs get to know; 0 is nothing.</param>
/// <param name="IsFree">Nothing may count on it (M17).</param>
/// <param name="HoldsLocation">The CPU is within an atomic afterwards: together with another it may be in a dead
/// end.</param>
/// <param name="Weight">Moves that it stands for.</param>
internal readonly record struct MoveChange(ulong Change, int Notice, bool IsFree, bool HoldsLocation, byte Weight);
