using Lazykick.Traces.Events;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Cpus;

/// <summary>An interrupt handler that runs.</summary>
internal sealed class InterruptFrame(int depth)
{
    /// <summary>Handlers that this one interrupted.</summary>
    public int Depth { get; } = depth;

    public EntryCause Cause { get; set; }

    public VectorForm Form { get; set; }

    /// <summary>Number of the device's interrupt, or -1.</summary>
    public int Irq { get; set; }

    /// <summary>Of a tick: what kept it going, a bit each, + 1; otherwise 0.</summary>
    public int TickKeptBy { get; set; }

    public ulong Entry { get; set; }

    /// <summary>What it interrupted.</summary>
    public CpuState Hit { get; set; }

    /// <summary>State of the CPU to go back to, where no break says otherwise.</summary>
    public CpuState Before { get; set; }

    /// <summary><see cref="CpuTimeline.Exits"/> before this interrupt.</summary>
    public long ExitsBefore { get; set; }

    /// <summary>It opened the break.</summary>
    public bool OpenedBreak { get; set; }

    /// <summary>The state that the break ended in which this interrupt came later; null for any other.</summary>
    public CpuState? Further { get; set; }

    /// <summary>The parts of the trace that were open at its begin, a bit each.</summary>
    public ulong Scopes { get; set; }
}
