using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Machines;

/// <summary>What is to be judged wherever a CPU's own part and the shared part meet.</summary>
internal sealed class PairFacts<T>
    where T : unmanaged, IPacked<T>
{
    /// <summary>A bit for each property that one of the moves violates, or that the state itself does.</summary>
    public required uint Violations { get; init; }

    /// <summary>The violations of the state itself (S1, S1.windows), if no CPU has a guess outstanding.</summary>
    public required uint Stale { get; init; }

    /// <summary>Where the CPU stands.</summary>
    public required Position<T> Position { get; init; }

    /// <summary>It is not known yet that <see cref="Stale"/> ever counts.</summary>
    public bool IsOpen { get; set; }
}
