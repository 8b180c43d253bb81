namespace Lazykick.Checking.Changes;

/// <summary>What a part of a scheme is that can be taken away or added.</summary>
public enum PartKind
{
    /// <summary>A memory barrier.</summary>
    Barrier,

    /// <summary>A context synchronisation: <c>isb</c>, <c>serialize</c>.</summary>
    Synchronisation,

    /// <summary>The ordering of an access: acquire, release, full.</summary>
    Order,

    /// <summary>Exceptions that are masked.</summary>
    Mask,

    /// <summary>A wait, or how it waits.</summary>
    Wait,

    /// <summary>A condition of a policy.</summary>
    Policy,

    /// <summary>Cache maintenance for text, or invalidation of a translation.</summary>
    Maintenance,
}
