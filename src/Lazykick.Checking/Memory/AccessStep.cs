namespace Lazykick.Checking.Memory;

/// <summary>
/// The one thing that an instance wants to do next; ordering rules are about steps, not instructions.
/// </summary>
public enum AccessStep : byte
{
    /// <summary>Satisfy the read of a load or RMW.</summary>
    Read,

    /// <summary>Make the write of a store or RMW visible to every CPU.</summary>
    Write,

    /// <summary>Perform a DC CVAU.</summary>
    Clean,

    /// <summary>Perform an IC IVAU.</summary>
    Invalidate,

    /// <summary>Synchronise the context; nothing younger is fetched before.</summary>
    Synchronise,

    /// <summary>A fence counts as complete.</summary>
    Complete,
}
