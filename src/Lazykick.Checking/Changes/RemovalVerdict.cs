namespace Lazykick.Checking.Changes;

/// <summary>What a scheme is without one of its parts.</summary>
public enum RemovalVerdict
{
    /// <summary>Something that holds with the part is violated without it.</summary>
    Needed,

    /// <summary>No verdict changes.</summary>
    Redundant,

    /// <summary>Nothing breaks, and some verdict is another one: something that was violated holds.</summary>
    Changes,

    /// <summary>Without it the scheme cannot be checked, so that nothing is said.</summary>
    Undecided,
}
