namespace Lazykick;

/// <summary>What a kick had to do.</summary>
public enum KickKind
{
    /// <summary>Every other registered thread was in EQS: nobody was interrupted.</summary>
    Skipped = 0,

    /// <summary>Some thread was active: every CPU that runs a thread of the process was interrupted.</summary>
    Broadcast = 1,
}
