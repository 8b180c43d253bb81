namespace Lazykick.Traces.Kicks;

/// <summary>What the state of its target and the class of its function say about a kick.</summary>
public enum KickVerdict : byte
{
    /// <summary>The function's class, the state of the target or the kick's arrival is not known.</summary>
    Unknown,

    /// <summary>
    /// Deferrable, and the target was in an extended quiescent state (EQS) from the sending to the arrival: it was
    /// woken or interrupted for nothing.
    /// </summary>
    Needless,

    /// <summary>
    /// Deferrable, and the target was in EQS at the sending but left by itself before the kick arrived: a lazy scheme
    /// would have done the work there.
    /// </summary>
    Raced,

    /// <summary>Deferrable, but the target was not in EQS at the sending.</summary>
    Needed,

    /// <summary>The function can never wait, whatever the state.</summary>
    NeverDeferrable,
}
