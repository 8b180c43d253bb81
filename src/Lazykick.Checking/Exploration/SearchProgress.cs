namespace Lazykick.Checking.Exploration;

/// <summary>How far a search has come.</summary>
/// <param name="Level">Number of moves from the start.</param>
/// <param name="States">States found.</param>
/// <param name="Waiting">States found and not yet expanded.</param>
/// <param name="Bytes">Bytes held for states.</param>
/// <param name="Elapsed">Time since the search began.</param>
public readonly record struct SearchProgress(int Level, long States, long Waiting, long Bytes, TimeSpan Elapsed);
