namespace Lazykick.Traces.Events;

/// <summary>What a scanner tells the joiner about one CPU.</summary>
internal enum RecordKind : byte
{
    /// <summary>
    /// State of the CPU from the start of the trace, inferred from its first event of state. Detail: the state.
    /// </summary>
    Initial,

    /// <summary>From here on context tracking (or RCU) says when the CPU is in user mode.</summary>
    Tracked,

    /// <summary>User mode ended by something that is not the task's own doing. Detail: the cause.</summary>
    LeaveUser,

    /// <summary>The idle loop stops the CPU. Detail: <see cref="IdleNotes"/>.</summary>
    EnterIdle,

    /// <summary>The idle loop goes on. Detail: the cause by adjacency.</summary>
    LeaveIdle,

    EnterGuest,

    /// <summary>Detail: the cause by adjacency.</summary>
    LeaveGuest,

    /// <summary>
    /// An interrupt handler begins. Detail: the cause; A: preemption depth; B: see <see cref="VectorForm"/>; C: number
    /// of the device's interrupt + 1, or 0; Extra: of the tick, what kept it going, + 1, or 0.
    /// </summary>
    InterruptEntry,

    /// <summary>
    /// It ends. Detail: 1 where what follows shows that it hit the kernel (a system call's first instructions).
    /// </summary>
    InterruptExit,

    /// <summary>
    /// A: previous pid; B: next pid; Detail: <see cref="SwitchNotes"/>; Extra: the previous task's
    /// <see cref="CallNote"/>.
    /// </summary>
    Switch,

    /// <summary>
    /// Other: target; A: function; B: call site; C: csd; Extra: <see cref="CallNote"/>, as of all kicks.
    /// </summary>
    CsdQueue,

    /// <summary>A: function; C: csd.</summary>
    CsdEntry,

    /// <summary>A: function; C: csd.</summary>
    CsdExit,

    /// <summary>
    /// One target of an interrupt sent. Other: target; A: callback; B: call site; Detail: <see cref="SendNotes"/>.
    /// </summary>
    Send,

    /// <summary>One target of ipi_raise. Other: target; Detail: <see cref="SendNotes"/>; A: the cause.</summary>
    Raise,

    /// <summary>
    /// One target of a kick that a kprobe at the sender tells. Other: target; A: function; B: call site; Detail:
    /// <see cref="ProbeNotes"/>.
    /// </summary>
    ProbeKick,

    /// <summary>The target polls and will see the need to reschedule without an interrupt. Other: target.</summary>
    WakeWithoutIpi,

    /// <summary>Work besides interrupts: a softirq. A: its bit.</summary>
    Activity,

    Nmi,

    /// <summary>A phase mark. A: index into the chunk's texts; Detail: 1 begin, 0 end.</summary>
    Phase,

    /// <summary>Events of this CPU are missing before this time.</summary>
    Lost,

    /// <summary>The call stack of the kick that was told last. A: index into the chunk's stacks.</summary>
    Stack,

    /// <summary>A timer's function runs. A: the function.</summary>
    TimerExpire,

    /// <summary>The task that runs wakes another one. A: its pid.</summary>
    Waking,

    /// <summary>A task is put into a cgroup. A: its pid; B: index into the chunk's texts.</summary>
    Cgroup,

    /// <summary>Last record of a chunk. Detail: 1 at the end of the CPU's events.</summary>
    End,
}
