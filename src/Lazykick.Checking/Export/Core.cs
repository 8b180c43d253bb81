using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Export;

/// <summary>
/// What a test keeps of a race: accesses, reads whose values make the outcome, and the fetch of old text.
/// </summary>
internal sealed record Core
{
    /// <summary>The accesses, text writes and maintenance that are kept.</summary>
    public required IReadOnlySet<RaceEvent> Kept { get; init; }

    /// <summary>Reads whose value is part of the outcome.</summary>
    public required IReadOnlySet<RaceEvent> Pinned { get; init; }

    /// <summary>Variables whose final value is part of the outcome: two writes, one before the other.</summary>
    public IReadOnlySet<string> FinalValues { get; init; } = new HashSet<string>();

    /// <summary>The patched location of which the old instruction runs, or null for a race about data.</summary>
    public TextFields? Text { get; init; }

    /// <summary>On which CPU the old instruction runs.</summary>
    public int Victim { get; init; } = -1;

    /// <summary>The CPU that vouches for the new text.</summary>
    public int Kicker { get; init; } = -1;

    /// <summary>
    /// Nothing that the victim does in memory tells that it fetches after the return: the kicker then says so in a
    /// variable of its own, and the victim reads that.
    /// </summary>
    public bool HasWitness { get; init; }

    /// <summary>There is something to ask about.</summary>
    public bool HasOutcome => Text is not null || Pinned.Count > 0 || FinalValues.Count > 0;

    /// <summary>The core without one access.</summary>
    public Core Without(RaceEvent step)
    {
        var kept = Kept.Where(k => k != step).ToHashSet();
        return this with
        {
            Kept = kept,
            Pinned = Pinned.Where(k => k != step).ToHashSet(),
            FinalValues = FinalValues.Where(v => kept.Any(k => k.IsWrite && k.Location == v)).ToHashSet(),
        };
    }
}
