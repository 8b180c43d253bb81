namespace Lazykick.Checking.Exploration;

/// <summary>A path through a space.</summary>
/// <param name="Start">The state in which it begins.</param>
/// <param name="Moves">The moves, each with the state after it.</param>
/// <param name="Target">Number of the last state, or of the one before the last move if that was asked for.</param>
internal sealed record Execution<T, TMove>(T Start, IReadOnlyList<TMove> Moves, int Target);
