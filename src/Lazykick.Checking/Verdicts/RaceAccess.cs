namespace Lazykick.Checking.Verdicts;

/// <summary>What a step of a race is to memory.</summary>
public enum RaceAccess
{
    /// <summary>Nothing: it concerns its own CPU.</summary>
    None,

    /// <summary>It reads a variable.</summary>
    Load,

    /// <summary>It writes one.</summary>
    Store,

    /// <summary>It reads and writes one at once.</summary>
    Atomic,

    /// <summary>A barrier.</summary>
    Barrier,

    /// <summary>It writes text, a page-table entry, or maintains caches for them.</summary>
    Maintain,

    /// <summary>A context synchronisation event (M11), with the knobs that were explored.</summary>
    Synchronise,
}
