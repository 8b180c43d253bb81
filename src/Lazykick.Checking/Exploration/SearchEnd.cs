namespace Lazykick.Checking.Exploration;

/// <summary>Why a search ended.</summary>
public enum SearchEnd
{
    /// <summary>Every reachable state was expanded.</summary>
    Exhausted,

    /// <summary><see cref="SearchLimits.MaxStates"/>.</summary>
    StateLimit,

    /// <summary><see cref="SearchLimits.MaxBytes"/>.</summary>
    MemoryLimit,

    /// <summary><see cref="SearchLimits.Timeout"/>.</summary>
    TimeLimit,

    /// <summary>The caller cancelled it.</summary>
    Cancelled,

    /// <summary>
    /// Nothing was left, but states were told apart by a few bits: some may have been taken for others.
    /// </summary>
    Bitstate,
}
