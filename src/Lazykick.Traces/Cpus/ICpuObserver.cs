using Lazykick.Traces.States;

namespace Lazykick.Traces.Cpus;

/// <summary>What a timeline tells to those that count.</summary>
internal interface ICpuObserver
{
    /// <summary>Whether somebody wants to know when this CPU next comes into the kernel.</summary>
    bool IsWaitedFor(CpuTimeline cpu);

    /// <summary>The CPU came into the kernel by its task's own doing, so many times.</summary>
    void CameByItself(CpuTimeline cpu, long times, ulong time);

    /// <summary>The CPU is in the kernel, and no event of its own said when it came.</summary>
    void CameUnseen(CpuTimeline cpu);

    /// <summary>A break has begun.</summary>
    void BreakBegan(CpuTimeline cpu, ulong time);

    /// <summary>The CPU is back outside the kernel.</summary>
    void BreakEnded(CpuTimeline cpu, ulong time);

    /// <summary>The open break was none: the task had come into the kernel by itself.</summary>
    void BreakWithdrawn(CpuTimeline cpu, ulong time);

    /// <summary>The CPU does something besides the interrupts that it serves.</summary>
    void Worked(CpuTimeline cpu);

    /// <summary>A handler begins.</summary>
    void InterruptBegan(CpuTimeline cpu, InterruptFrame frame);

    /// <summary>A handler is over.</summary>
    void InterruptEnded(CpuTimeline cpu, InterruptFrame frame, ulong time);

    /// <summary>A non-maskable interrupt hit a state, while a task ran.</summary>
    void NmiHit(CpuTimeline cpu, CpuState hit, int pid, ulong time);

    /// <summary>Events of this CPU are missing since a time.</summary>
    void EventsLost(CpuTimeline cpu, ulong since, ulong time);
}
