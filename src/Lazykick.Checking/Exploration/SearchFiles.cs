namespace Lazykick.Checking.Exploration;

/// <summary>Where a long search keeps what memory should not hold, or should not hold alone.</summary>
/// <param name="Order">A file for the states in the order in which they were found; null: memory.</param>
/// <param name="Checkpoint">A file from which the search goes on; null: none.</param>
/// <param name="BitstateBytes">
/// Memory for one bit or a few of each state instead of the state; 0: states are told apart exactly.
/// </param>
public sealed record SearchFiles(string? Order, string? Checkpoint, long BitstateBytes)
{
    /// <summary>Everything in memory, exactly.</summary>
    public static SearchFiles None { get; } = new(null, null, 0);
}
