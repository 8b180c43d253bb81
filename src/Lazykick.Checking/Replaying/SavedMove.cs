using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Replaying;

/// <summary>A move of a saved execution: enough to find it again among those that can be made.</summary>
/// <param name="Cpu">Who moves.</param>
/// <param name="Path">The path, or the place.</param>
/// <param name="Step">The step as written.</param>
/// <param name="Phase">Which part of it.</param>
/// <param name="Enters">The path that it enters, or null.</param>
/// <param name="Note">What was picked or found, or null.</param>
/// <param name="Changes">By field: the value before and after.</param>
public sealed record SavedMove(
    int Cpu,
    string Path,
    string Step,
    MovePhase Phase,
    string? Enters,
    string? Note,
    IReadOnlyDictionary<string, int[]> Changes
);
