using Lazykick.Traces.States;

namespace Lazykick.Traces.Kicks;

/// <summary>One kick. Times are in units of the trace clock.</summary>
public readonly record struct KickDetail
{
    /// <summary>When it was asked for.</summary>
    public ulong QueueTime { get; init; }

    /// <summary>The CPU that asked.</summary>
    public int Sender { get; init; }

    /// <summary>The task that asked.</summary>
    public int Pid { get; init; }

    /// <summary>The CPU that was kicked.</summary>
    public int Target { get; init; }

    /// <summary>Address of the function to run there, or 0 where the trace does not tell.</summary>
    public ulong Function { get; init; }

    /// <summary>Address of the call, or 0.</summary>
    public ulong CallSite { get; init; }

    /// <summary>The interrupt that carries it.</summary>
    public EntryCause Vector { get; init; }

    /// <summary>How it got there.</summary>
    public KickDelivery Delivery { get; init; }

    /// <summary>State of the target at <see cref="QueueTime"/>.</summary>
    public CpuState SendState { get; init; }

    /// <summary>State of the target when the interrupt was sent, a little later; null where none was.</summary>
    public CpuState? InterruptState { get; init; }

    /// <summary>What the interrupt hit in which the function ran, or null where it ran in none.</summary>
    public CpuState? ArrivalState { get; init; }

    /// <summary>When that interrupt began.</summary>
    public ulong? ArrivalTime { get; init; }

    /// <summary>When the function began to run.</summary>
    public ulong? RunTime { get; init; }

    /// <summary>How long it ran.</summary>
    public ulong? RunDuration { get; init; }

    /// <summary>Whether it was needed.</summary>
    public KickVerdict Verdict { get; init; }

    /// <summary>
    /// When a lazy kick would have looked at its targets: at the first csd event of the kick, less the time that
    /// looking at as many takes (the median time from one target's csd event to the next one's in this trace).
    /// </summary>
    public ulong SampleTime { get; init; }

    /// <summary>State of the target at <see cref="SampleTime"/>: what a policy decides by.</summary>
    public CpuState SampleState { get; init; }

    /// <summary>
    /// Number of the system call from which the task asked; null for none, for an interrupt, and where nothing tells.
    /// </summary>
    public int? SystemCall { get; init; }

    /// <summary>Call stack of the task that asked, addresses, the innermost frame first; empty for none.</summary>
    public IReadOnlyList<ulong> Stack { get; init; }

    /// <summary>Policies that serve its function, and those that do without it; a bit each and variant.</summary>
    internal (ulong Served, ulong Skip) Policies { get; init; }
}
