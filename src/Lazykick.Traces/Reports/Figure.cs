namespace Lazykick.Traces.Reports;

/// <summary>The figures of a CPU's report that a trace may be unable to tell.</summary>
public enum Figure
{
    /// <summary>Time in user mode in EQS.</summary>
    TimeUserEqs,

    /// <summary>Time in user mode that RCU watches.</summary>
    TimeUser,

    /// <summary>Time in idle.</summary>
    TimeIdle,

    /// <summary>Time in guests.</summary>
    TimeGuest,

    /// <summary>Time in the kernel.</summary>
    TimeKernel,

    /// <summary>Entries into the kernel by the tasks' own doing.</summary>
    OwnEntries,

    /// <summary>Function-call interrupts that arrived.</summary>
    FunctionCalls,

    /// <summary>Reschedule interrupts that arrived.</summary>
    Reschedules,

    /// <summary>irq_work interrupts.</summary>
    IrqWorks,

    /// <summary>Ticks and other timers of the CPU.</summary>
    Ticks,

    /// <summary>Interrupts of devices.</summary>
    Devices,

    /// <summary>Non-maskable interrupts.</summary>
    Nmis,

    /// <summary>What interrupts hit.</summary>
    Hits,

    /// <summary>Breaks of user mode and guests from outside, whatever the cause.</summary>
    Breaks,

    /// <summary>Those of them that kicks caused.</summary>
    KickBreaks,

    /// <summary>Time of breaks.</summary>
    BreakTime,

    /// <summary>Wake-ups from idle.</summary>
    Wakes,

    /// <summary>Those of them that kicks caused.</summary>
    KickWakes,

    /// <summary>Kicks asked for.</summary>
    Asked,

    /// <summary>Interrupts sent for them.</summary>
    Sent,

    /// <summary>Kicks that rode on another's interrupt, or needed none.</summary>
    Delivered,

    /// <summary>Reschedule kicks that a polling target saw without an interrupt.</summary>
    PolledWakes,

    /// <summary>Kicks that were needless.</summary>
    Needless,

    /// <summary>Kicks whose target left its state before they arrived.</summary>
    Raced,

    /// <summary>Kicks that were needed.</summary>
    Needed,

    /// <summary>Kicks that can never wait.</summary>
    Never,

    /// <summary>Kicks of which nothing can be said.</summary>
    Undecided,

    /// <summary>Time from asking to the run of the function.</summary>
    Latency,

    /// <summary>Interrupts whose sender, and kicks whose arrival, is not in the trace.</summary>
    Unmatched,

    /// <summary>Interrupts that the CPU sent to itself.</summary>
    SelfKicks,

    /// <summary>Kicks and interrupts that schemes would have left out.</summary>
    Prices,

    /// <summary>Breaks and wake-ups that would not have happened in schemes, and their time.</summary>
    SavedBreaks,
}
