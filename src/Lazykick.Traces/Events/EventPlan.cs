using Lazykick.Traces.Formats;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Events;

/// <summary>
/// What to read of this trace's events: the tag of each event of interest and the fields that the analysis needs,
/// looked up once by name (ids and offsets differ from kernel to kernel).
/// </summary>
internal sealed class EventPlan
{
    private readonly Func<ulong, string?> _strings;
    private readonly Dictionary<EventKind, EventField> _minor = [];
    private readonly Dictionary<ushort, EventField> _ofFormat = [];
    private readonly Dictionary<EventKind, ProbeFields> _probes = [];

    /// <param name="formats">All formats of the trace.</param>
    /// <param name="strings">Text constants of the kernel by address.</param>
    /// <param name="isSwitchedOn">Whether the trace says that an event was recorded.</param>
    public EventPlan(
        IEnumerable<EventFormat> formats,
        Func<ulong, string?> strings,
        Func<EventFormat, bool>? isSwitchedOn = null
    )
    {
        _strings = strings;
        foreach (var format in formats)
        {
            var kind = KindOf(format.System, format.Name);
            if (kind == EventKind.None || !TakeFields(kind, format))
                continue;
            Dispatch.Set(format, (byte)kind);
            Kinds[(int)kind] = true;
            if (isSwitchedOn?.Invoke(format) == true)
                SwitchedOn |= 1UL << (int)kind;
        }
    }

    /// <summary>Hands each event of interest over under its <see cref="EventKind"/>.</summary>
    public EventDispatch Dispatch { get; } = new();

    /// <summary>
    /// What the recorder itself adds to the preemption depth: perf's records have that of their tracepoint, ftrace
    /// takes it off.
    /// </summary>
    public int PreemptionOfRecorder { get; init; }

    /// <summary>power:cpu_idle is recorded.</summary>
    public bool HasIdleEvents { get; init; }

    /// <summary>rcu:rcu_watching or rcu_dyntick is recorded.</summary>
    public bool HasRcuEvents { get; init; }

    /// <summary>Kinds of which the trace says that they were switched on, a bit each.</summary>
    public ulong SwitchedOn { get; private set; }

    /// <summary>Which kinds the trace has formats for.</summary>
    public bool[] Kinds { get; } = new bool[256];

    public EventField SwitchPreviousPid { get; private set; } = null!;

    public EventField SwitchPreviousState { get; private set; } = null!;

    public EventField SwitchNextPid { get; private set; } = null!;

    public EventField SwitchNextName { get; private set; } = null!;

    public EventField IdleState { get; private set; } = null!;

    public EventField QueueCpu { get; private set; } = null!;

    public EventField QueueCallSite { get; private set; } = null!;

    public EventField QueueFunction { get; private set; } = null!;

    public EventField QueueCsd { get; private set; } = null!;

    public EventField EntryFunction { get; private set; } = null!;

    public EventField EntryCsd { get; private set; } = null!;

    public EventField ExitFunction { get; private set; } = null!;

    public EventField ExitCsd { get; private set; } = null!;

    public EventField SendCpu { get; private set; } = null!;

    public EventField? SendCpuCallSite { get; private set; }

    public EventField SendCpuCallback { get; private set; } = null!;

    public EventField SendMask { get; private set; } = null!;

    public EventField? SendMaskCallSite { get; private set; }

    public EventField SendMaskCallback { get; private set; } = null!;

    public EventField RaiseMask { get; private set; } = null!;

    public EventField IrqNumber { get; private set; } = null!;

    public EventField IrqName { get; private set; } = null!;

    public EventField PrintText { get; private set; } = null!;

    public EventField CgroupPath { get; private set; } = null!;

    public EventField TickDependency { get; private set; } = null!;

    /// <summary>Offset of the number of a system call in sys_enter; 0 where the event has none.</summary>
    public int CallNumberOffset { get; private set; }

    /// <summary>Offset of the first address of kernel_stack; 0 where the event has none.</summary>
    public int StackOffset { get; private set; }

    /// <summary>A field of the kinds that have one field of interest and occur seldom.</summary>
    public EventField Minor(EventKind kind) => _minor[kind];

    /// <summary>The field of interest of an event of which several formats have one kind.</summary>
    public EventField Of(ushort id) => _ofFormat[id];

    /// <summary>The fields of an event that a user declared.</summary>
    public ProbeFields Probe(EventKind kind) => _probes[kind];

    /// <summary>Beside what is queued the interrupts that are sent for it are told.</summary>
    public bool TellsSends =>
        Kinds[(int)EventKind.Raise]
        || _probes.ContainsKey(EventKind.ProbeSendCpu)
        || _probes.ContainsKey(EventKind.ProbeSendMask);

    /// <summary>
    /// The text behind a pointer to a string constant of the traced kernel (printk_formats), or null.
    /// </summary>
    public string? TextAt(ulong address) => _strings(address);

    /// <summary>The cause that an arm64 IPI reason stands for (arch/arm64/kernel/smp.c, ipi_types).</summary>
    public EntryCause CauseOfReason(ulong address) =>
        TextAt(address) switch
        {
            null => EntryCause.OtherIpi,
            var reason when reason.StartsWith("Rescheduling", StringComparison.Ordinal) => EntryCause.Reschedule,
            var reason when reason.StartsWith("Function call", StringComparison.Ordinal) => EntryCause.FunctionCall,
            var reason when reason.StartsWith("IRQ work", StringComparison.Ordinal) => EntryCause.IrqWork,
            var reason when reason.StartsWith("Timer broadcast", StringComparison.Ordinal) => EntryCause.Tick,
            _ => EntryCause.OtherIpi,
        };

    internal static EventKind KindOf(string system, string name) =>
        system switch
        {
            "raw_syscalls" => name switch
            {
                "sys_enter" => EventKind.SystemCallEnter,
                "sys_exit" => EventKind.SystemCallExit,
                _ => EventKind.None,
            },
            "context_tracking" => name switch
            {
                "user_enter" => EventKind.UserEnter,
                "user_exit" => EventKind.UserExit,
                _ => EventKind.None,
            },
            "rcu" => name switch
            {
                "rcu_watching" => EventKind.RcuWatching,
                "rcu_dyntick" => EventKind.RcuDyntick,
                _ => EventKind.None,
            },
            "power" => name == "cpu_idle" ? EventKind.CpuIdle : EventKind.None,
            "sched" => name switch
            {
                "sched_switch" => EventKind.Switch,
                "sched_wake_idle_without_ipi" => EventKind.WakeWithoutIpi,
                "sched_waking" => EventKind.Waking,
                _ => EventKind.None,
            },
            "csd" => name switch
            {
                "csd_queue_cpu" => EventKind.CsdQueue,
                "csd_function_entry" => EventKind.CsdEntry,
                "csd_function_exit" => EventKind.CsdExit,
                _ => EventKind.None,
            },
            "ipi" => name switch
            {
                "ipi_send_cpu" => EventKind.SendCpu,
                "ipi_send_cpumask" => EventKind.SendMask,
                "ipi_raise" => EventKind.Raise,
                "ipi_entry" => EventKind.IpiEntry,
                "ipi_exit" => EventKind.IpiExit,
                _ => EventKind.None,
            },
            "irq" => name switch
            {
                "irq_handler_entry" => EventKind.IrqEntry,
                "irq_handler_exit" => EventKind.IrqExit,
                "softirq_entry" => EventKind.SoftIrq,
                _ => EventKind.None,
            },
            "irq_vectors" => VectorKind(name),
            "nmi" => name == "nmi_handler" ? EventKind.Nmi : EventKind.None,
            "kvm" => name switch
            {
                "kvm_entry" => EventKind.GuestEnter,
                "kvm_exit" => EventKind.GuestExit,
                _ => EventKind.None,
            },
            "exceptions" => name == "page_fault_user" ? EventKind.PageFault : EventKind.None,
            // A system call's own event says as well that the task itself came in.
            "syscalls" => name.StartsWith("sys_enter_", StringComparison.Ordinal) ? EventKind.OwnEntry : EventKind.None,
            "ftrace" => name switch
            {
                "print" => EventKind.Print,
                "kernel_stack" => EventKind.Stack,
                _ => EventKind.None,
            },
            "timer" => name switch
            {
                "hrtimer_expire_entry" or "timer_expire_entry" => EventKind.TimerExpire,
                "tick_stop" => EventKind.TickStop,
                _ => EventKind.None,
            },
            "workqueue" => name switch
            {
                "workqueue_execute_start" => EventKind.WorkStart,
                "workqueue_execute_end" => EventKind.WorkEnd,
                _ => EventKind.None,
            },
            _ when system == "lazykick" || system.StartsWith("lazykick_", StringComparison.Ordinal) => name switch
            {
                "kick_cpu" => EventKind.ProbeKickCpu,
                "kick_mask" => EventKind.ProbeKickMask,
                "send_cpu" => EventKind.ProbeSendCpu,
                "send_mask" => EventKind.ProbeSendMask,
                "send_resched" => EventKind.ProbeReschedule,
                _ => EventKind.None,
            },
            "cgroup" => name == "cgroup_attach_task" ? EventKind.CgroupAttach : EventKind.None,
            _ => EventKind.None,
        };

    private static EventKind VectorKind(string name) =>
        name switch
        {
            "call_function_entry" => EventKind.FunctionManyEntry,
            "call_function_single_entry" => EventKind.FunctionSingleEntry,
            "reschedule_entry" => EventKind.RescheduleEntry,
            "local_timer_entry" => EventKind.TimerEntry,
            "irq_work_entry" => EventKind.IrqWorkEntry,
            // vector_activate, vector_alloc ... speak of the vector allocator, not of an interrupt.
            _ when name.StartsWith("vector_", StringComparison.Ordinal) => EventKind.None,
            _ when name.EndsWith("_entry", StringComparison.Ordinal) => EventKind.OtherVectorEntry,
            _ when name.EndsWith("_exit", StringComparison.Ordinal) => EventKind.VectorExit,
            _ => EventKind.None,
        };

    /// <summary>
    /// Looks the fields up; an event without them (a kernel that changed it) is left out rather than misread.
    /// </summary>
    private bool TakeFields(EventKind kind, EventFormat format)
    {
        bool Take(string name, Action<EventField> set)
        {
            if (format.Find(name) is not { } field)
                return false;
            set(field);
            return true;
        }

        switch (kind)
        {
            case EventKind.Switch:
                return Take("prev_pid", f => SwitchPreviousPid = f)
                    && Take("prev_state", f => SwitchPreviousState = f)
                    && Take("next_pid", f => SwitchNextPid = f)
                    && Take("next_comm", f => SwitchNextName = f);
            case EventKind.CpuIdle:
                return Take("state", f => IdleState = f);
            case EventKind.CsdQueue:
                return Take("cpu", f => QueueCpu = f)
                    && Take("callsite", f => QueueCallSite = f)
                    && Take("func", f => QueueFunction = f)
                    && Take("csd", f => QueueCsd = f);
            case EventKind.CsdEntry:
                return Take("func", f => EntryFunction = f) && Take("csd", f => EntryCsd = f);
            case EventKind.CsdExit:
                return Take("func", f => ExitFunction = f) && Take("csd", f => ExitCsd = f);
            case EventKind.SendCpu:
                Take("callsite", f => SendCpuCallSite = f);
                return Take("cpu", f => SendCpu = f) && Take("callback", f => SendCpuCallback = f);
            case EventKind.SendMask:
                Take("callsite", f => SendMaskCallSite = f);
                return Take("cpumask", f => SendMask = f) && Take("callback", f => SendMaskCallback = f);
            case EventKind.Raise:
                return Take("target_cpus", f => RaiseMask = f) && Take("reason", f => _minor[kind] = f);
            case EventKind.IpiEntry:
                return Take("reason", f => _minor[kind] = f);
            case EventKind.WakeWithoutIpi:
                return Take("cpu", f => _minor[kind] = f);
            case EventKind.RcuWatching or EventKind.RcuDyntick:
                return Take("polarity", f => _minor[kind] = f);
            case EventKind.IrqEntry:
                return Take("irq", f => IrqNumber = f) && Take("name", f => IrqName = f);
            case EventKind.Print:
                return Take("buf", f => PrintText = f);
            case >= EventKind.ProbeKickCpu and <= EventKind.ProbeReschedule:
                return ProbeFields.Of(format) is { } probe && _probes.TryAdd(kind, probe);
            case EventKind.SystemCallEnter:
                Take("id", f => CallNumberOffset = f.Offset);
                return true;
            case EventKind.Stack:
                return Take("caller", f => StackOffset = f.Offset);
            case EventKind.TimerExpire:
                // Two events with one meaning: their fields may lie at different places.
                return Take("function", f => _ofFormat[format.Id] = f);
            case EventKind.TickStop:
                return Take("success", f => _minor[kind] = f) && Take("dependency", f => TickDependency = f);
            case EventKind.WorkStart:
                return Take("function", f => _minor[kind] = f);
            case EventKind.Waking:
                return Take("pid", f => _minor[kind] = f);
            case EventKind.SoftIrq:
                return Take("vec", f => _minor[kind] = f);
            case EventKind.CgroupAttach:
                return Take("pid", f => _minor[kind] = f) && Take("dst_path", f => CgroupPath = f);
            default:
                return true;
        }
    }
}
