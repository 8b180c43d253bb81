namespace Lazykick.Traces.Reports;

/// <summary>What figures are made of: classes of events, names, and that nothing of them is missing.</summary>
[Flags]
public enum Evidence
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>ipi_send_cpu and ipi_send_cpumask, or ipi_raise.</summary>
    Senders = 1 << 0,

    /// <summary>csd_queue_cpu.</summary>
    Queueing = 1 << 1,

    /// <summary>csd_function_entry.</summary>
    Runs = 1 << 2,

    /// <summary>Entries of function-call interrupts.</summary>
    FunctionCalls = 1 << 3,

    /// <summary>Entries of reschedule interrupts.</summary>
    Reschedules = 1 << 4,

    /// <summary>Entries of irq_work interrupts.</summary>
    IrqWorks = 1 << 5,

    /// <summary>Entries of timer interrupts.</summary>
    Ticks = 1 << 6,

    /// <summary>Entries of device interrupts.</summary>
    Devices = 1 << 7,

    /// <summary>nmi_handler.</summary>
    Nmis = 1 << 8,

    /// <summary>Ends of interrupts.</summary>
    InterruptEnds = 1 << 9,

    /// <summary>cpu_idle, or RCU's events of the idle task.</summary>
    Idle = 1 << 10,

    /// <summary>sched_switch.</summary>
    Switches = 1 << 11,

    /// <summary>sys_enter and sys_exit.</summary>
    SystemCalls = 1 << 12,

    /// <summary>page_fault_user.</summary>
    Faults = 1 << 13,

    /// <summary>Context tracking, or RCU's events of user mode.</summary>
    UserTracking = 1 << 14,

    /// <summary>softirq_entry.</summary>
    SoftIrqs = 1 << 15,

    /// <summary>sched_wake_idle_without_ipi.</summary>
    PolledWakes = 1 << 16,

    /// <summary>kvm_entry and kvm_exit.</summary>
    Guests = 1 << 17,

    /// <summary>Names of the kernel's functions.</summary>
    Symbols = 1 << 18,

    /// <summary>All events of this CPU.</summary>
    WholeCpu = 1 << 19,

    /// <summary>All events of all CPUs.</summary>
    WholeTrace = 1 << 20,

    /// <summary>Where tasks were when they last ran, on whatever CPU; tracked CPUs need no such memory.</summary>
    Tasks = 1 << 21,

    /// <summary>Begin and end of the trace: no CPU is missing or cut.</summary>
    Span = 1 << 22,

    /// <summary>Which came first, an interrupt or the system call that it seems to precede: sys_enter.</summary>
    Races = 1 << 23,

    /// <summary>sched_switch, whether the CPU is tracked or not.</summary>
    Scheduler = 1 << 24,

    /// <summary>A sender to every interrupt that came to this CPU.</summary>
    AllSenders = 1 << 25,
}
