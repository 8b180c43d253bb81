namespace Lazykick.Traces;

/// <summary>A kick on its way: from the queueing on the sender to the run on the target.</summary>
internal sealed class Kick
{
    public ulong QueueTime;
    public ulong Function;
    public ulong CallSite;
    public ulong Csd;
    public int Pid;
    public int Sender;
    public int Target;

    /// <summary>Class of the function in the <see cref="SkipTable"/>.</summary>
    public int SkipClass;
    public Deferrability Deferrability;

    /// <summary>Whether the run shows in an event of its own.</summary>
    public RunTrace RunTrace;

    /// <summary>The interrupt that carries it.</summary>
    public EntryCause Vector;
    public VectorForm Form;

    public CpuState SendState;

    /// <summary>State of the target when the interrupt was sent, a little later.</summary>
    public CpuState InterruptState;

    /// <summary><see cref="CpuLife.Exits"/> of the target at the sending.</summary>
    public long ExitsAtSend;

    /// <summary>The kick was sent within the error of a change of the target's state.</summary>
    public bool Doubtful;

    public KickDelivery Delivery;

    /// <summary>Whether others were queued at the target when this one was.</summary>
    public bool FoundQueued;

    /// <summary>Schemes that do without this kick.</summary>
    public ulong Skip;

    /// <summary>Schemes in which it cannot ride on another one as it did: those would have been skipped.</summary>
    public ulong Alone;

    /// <summary>Scopes that were open at the sending.</summary>
    public ulong Scopes;

    /// <summary>The function ran (or the interrupt without function arrived).</summary>
    public bool Executed;

    /// <summary>It ran in an interrupt, whose entry these are.</summary>
    public bool Arrived;
    public ulong ArrivalTime;
    public CpuState ArrivalState;

    /// <summary>The target left its state between the sending and the arrival.</summary>
    public bool LeftBefore;

    public ulong RunTime;
    public ulong DoneTime;

    /// <summary>An interrupt is on its way that has not been seen to arrive.</summary>
    public bool InFlight;

    public bool Counted;
}
