namespace Lazykick.Tests.Exploration;

/// <summary>One ordering taken away from the seam: the code that ships, with a weaker instruction under it.</summary>
internal enum Mutation
{
    None,

    /// <summary>EQS is left by a release store instead of an exchange.</summary>
    LeaveEqsByPlainStore,

    /// <summary>EQS is entered, and quiescent states announced, by a relaxed store.</summary>
    EnterEqsRelaxed,

    /// <summary>Slots are read without acquire.</summary>
    ScanRelaxed,

    /// <summary>The number of the grace period is read without acquire.</summary>
    SeenRelaxed,

    /// <summary>A grace period begins by an increment that is no full barrier.</summary>
    BeginWithoutBarrier,

    /// <summary>A kick reads the slots without a full barrier before.</summary>
    KickWithoutBarrier,

    /// <summary>A kick that finds an active thread does not interrupt it.</summary>
    NoBroadcast,

    /// <summary>The number of slots is published by a relaxed store.</summary>
    CountRelaxed,

    /// <summary>The table of slots is published by a relaxed store.</summary>
    TableRelaxed,

    /// <summary>A place of the queue is marked as filled by a relaxed store.</summary>
    FilledRelaxed,

    /// <summary>The control word of a map's bucket is published by a relaxed store.</summary>
    ControlRelaxed,

    /// <summary>Locks exclude nobody.</summary>
    NoLocks,

    /// <summary>A wake-up is lost.</summary>
    NoPulse,

    /// <summary>Every thread counts as ended.</summary>
    ReapTheLiving,
}
