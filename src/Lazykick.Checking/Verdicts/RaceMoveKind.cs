namespace Lazykick.Checking.Verdicts;

/// <summary>What a move is to the reader of a race.</summary>
public enum RaceMoveKind
{
    /// <summary>Nothing that the race turns on.</summary>
    Other,

    /// <summary>New text is written.</summary>
    WriteText,

    /// <summary>Caches are maintained for it.</summary>
    MaintainText,

    /// <summary>A context synchronisation event.</summary>
    Synchronise,

    /// <summary>The CPU leaves the EQS.</summary>
    LeaveEqs,

    /// <summary>The CPU enters the EQS.</summary>
    EnterEqs,

    /// <summary>A test of a variable in memory, or a free choice, decides where the CPU goes.</summary>
    Decide,

    /// <summary>A policy is asked about a CPU.</summary>
    Select,

    /// <summary>An interrupt is sent.</summary>
    Send,

    /// <summary>An interrupt is discovered.</summary>
    Discover,

    /// <summary>It concerns an object, a translation, or data that a kick returns for (S2, S3, S9).</summary>
    Obligation,

    /// <summary>A kick begins.</summary>
    KickBegins,

    /// <summary>A kick returns.</summary>
    KickReturns,
}
