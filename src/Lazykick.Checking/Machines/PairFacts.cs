using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Machines;

/// <summary>What is to be judged wherever a CPU's own part and the shared part meet.</summary>
/// <param name="places">The places where there is something to be judged.</param>
internal sealed class PairFacts<T>(JudgedPlace<T>[] places)
    where T : unmanaged, IPacked<T>
{
    /// <summary>Where the CPU is, and where issues that may be delayed lead it.</summary>
    public IReadOnlyList<JudgedPlace<T>> Places => places;

    /// <summary>A bit for each property that one of the moves violates, or that a state itself does.</summary>
    public uint Violations { get; } = places.Aggregate(0u, (all, p) => all | p.Violations);

    /// <summary>At some place text may be old, and it is not known yet that this ever counts.</summary>
    public bool IsOpen { get; private set; } = places.Any(p => p.IsOpen);

    /// <summary>Finds out whether there is still such a place.</summary>
    public void Close() => IsOpen = places.Any(p => p.IsOpen);
}

/// <summary>A place of a CPU with what is to be judged there.</summary>
/// <param name="Violations">A bit for each property that one of the moves violates, or that the state itself
/// does.</param>
/// <param name="Stale">The violations of the state itself (S1, S1.windows), if no CPU has a guess outstanding.</param>
/// <param name="Position">Where the CPU stands.</param>
/// <param name="Node">The pair, and how the CPU gets there.</param>
internal sealed record JudgedPlace<T>(uint Violations, uint Stale, Position<T> Position, PairNode Node)
    where T : unmanaged, IPacked<T>
{
    /// <summary>It is not known yet that the text before the CPU is ever old there.</summary>
    public bool IsOpen => Stale != 0 && !Position.Stale;
}
