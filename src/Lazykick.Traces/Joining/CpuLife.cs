namespace Lazykick.Traces;

/// <summary>One CPU as the joiner sees it at the moment that it has reached.</summary>
internal sealed class CpuLife(int cpu, CpuLane? lane)
{
    public readonly int Cpu = cpu;

    /// <summary>Its records; null for a CPU that is only known as a target.</summary>
    public readonly CpuLane? Lane = lane;

    public CpuChunk Chunk = null!;
    public int RecordIndex;
    public int StepIndex;
    public bool Finished;

    public CpuState State;
    public ulong Since;
    public readonly ulong[] Times = new ulong[CpuStates.Count];

    /// <summary>Context tracking or RCU tells user mode.</summary>
    public bool Tracked;

    /// <summary>A state event, system call or switch was seen: the state has a source.</summary>
    public TaskMode Mode;
    public int Pid = -1;
    public bool Polling;

    /// <summary>Number of times the CPU left a state outside the kernel.</summary>
    public long Exits;

    // The bracket: from leaving a state outside the kernel until the return to one.
    public bool BracketOpen;
    public CpuState BracketState;
    public EntryCause BracketCause;
    public ulong BracketStart;
    public long BracketExits;
    public int BracketInterrupts;

    /// <summary>The idle loop goes on: the CPU did not merely take an interrupt.</summary>
    public bool BracketLeft;

    /// <summary>Schemes in which nothing of this bracket happens.</summary>
    public ulong BracketAvoided;
    public ulong BracketScopes;
    public SenderKey? BracketSender;

    /// <summary>Schemes in which the CPU has work to catch up with when it comes back.</summary>
    public ulong CatchUp;

    /// <summary>The function that runs.</summary>
    public Kick? Running;

    public readonly List<InterruptFrame> Frames = [];
    public int Depth;

    /// <summary>Queued for this CPU, not yet run; oldest first.</summary>
    public readonly List<Kick> Outstanding = [];

    /// <summary>Interrupts sent to this CPU that have not arrived; oldest first.</summary>
    public readonly List<Kick> InFlight = [];

    /// <summary>Interrupts still to come whose work an earlier one did.</summary>
    public int EmptyExpected;

    /// <summary>Queued by this CPU; whether an interrupt was sent is not known yet.</summary>
    public readonly List<Kick> Undecided = [];

    /// <summary>Interrupts announced by ipi_send_* whose ipi_raise is still to come.</summary>
    public int RaisesToCome;
}
