namespace Lazykick.Traces.Pricing;

/// <summary>What a scheme does to one CPU under one reading of what the trace does not tell.</summary>
public readonly record struct SchemeOutcome
{
    /// <summary>Kicks asked for of a class that the scheme serves.</summary>
    public long Served { get; init; }

    /// <summary>Interrupts of the trace that they had.</summary>
    public long ServedInterrupts { get; init; }

    /// <summary>Kicks that are deferred instead of run at once.</summary>
    public long Skipped { get; init; }

    /// <summary>Interrupts of the trace that are not sent.</summary>
    public long InterruptsAvoided { get; init; }

    /// <summary>
    /// Interrupts that the trace does not have: work that cannot wait rode on an interrupt that is not sent any more.
    /// </summary>
    public long InterruptsAdded { get; init; }

    /// <summary>Interrupts for kicks that are still sent.</summary>
    public long InterruptsLeft { get; init; }

    /// <summary>
    /// Exits from user mode that do not happen: nothing but avoided interrupts caused and filled them.
    /// </summary>
    public long UserBreaksAvoided { get; init; }

    /// <summary>Wake-ups from idle that do not happen.</summary>
    public long IdleWakesAvoided { get; init; }

    /// <summary>Exits from a guest that do not happen.</summary>
    public long GuestExitsAvoided { get; init; }

    /// <summary>Time of these breaks and wake-ups, in units of the trace clock.</summary>
    public ulong TimeSaved { get; init; }

    /// <summary>Returns to the kernel at which deferred work is done.</summary>
    public long CatchUps { get; init; }

    /// <summary>Deferred kicks that another deferred kick's catch-up does as well.</summary>
    public long Collapsed { get; init; }
}
