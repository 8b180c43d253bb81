namespace Lazykick.Checking.Verdicts;

/// <summary>A value that a move changed.</summary>
/// <param name="Name">The variable or flag, with its CPU.</param>
/// <param name="Before">Value before.</param>
/// <param name="After">Value after.</param>
public sealed record RaceChange(string Name, int Before, int After);
