namespace Lazykick.Checking.Replaying;

/// <summary>A value that a move changed, as people write it.</summary>
/// <param name="Name">The variable, with its CPU.</param>
/// <param name="Before">Value before.</param>
/// <param name="After">Value after.</param>
public sealed record ValueChange(string Name, string Before, string After);
