namespace Lazykick.Checking.Cutoff;

/// <summary>Whose a field is, as the theorem sorts them. CPU1 and CPU2 are themselves.</summary>
internal enum Owner
{
    /// <summary>
    /// CPU0, the kicker: its program counter, masks, private variables, its instances of per-CPU ones.
    /// </summary>
    Kicker = 0,

    /// <summary>CPU1, with all that CPU0 keeps about it.</summary>
    First = 1,

    /// <summary>CPU2, with all that CPU0 keeps about it.</summary>
    Second = 2,

    /// <summary>Nobody's: shared variables, ghosts, what all CPUs have in common of text and translations.</summary>
    Common,

    /// <summary>Pairwise between two targets.</summary>
    Targets,

    /// <summary>The books of properties, which no step reads.</summary>
    Record,

    /// <summary>How a loop over CPUs counts its turns.</summary>
    Turns,
}
