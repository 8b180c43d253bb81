using Lazykick.Traces.States;

namespace Lazykick.Traces.Timelines;

/// <summary>A break of user mode or of a guest by an interrupt. Times are in units of the trace clock.</summary>
public readonly record struct BreakSpan
{
    /// <summary>The CPU.</summary>
    public required int Cpu { get; init; }

    /// <summary>The state that ended.</summary>
    public required CpuState Of { get; init; }

    /// <summary>The interrupt that came first.</summary>
    public required EntryCause Cause { get; init; }

    /// <summary>Number of a device's interrupt, or -1.</summary>
    public required int Irq { get; init; }

    /// <summary>When it began.</summary>
    public required ulong Start { get; init; }

    /// <summary>Time until the CPU was back.</summary>
    public required ulong Duration { get; init; }

    /// <summary>
    /// Address of the function of the kick that is charged with it; 0 for none, or where it is not known.
    /// </summary>
    public required ulong Function { get; init; }

    /// <summary>Address of the call that sent this kick, or 0.</summary>
    public required ulong CallSite { get; init; }

    /// <summary>The task that sent it, or -1.</summary>
    public required int Sender { get; init; }
}
