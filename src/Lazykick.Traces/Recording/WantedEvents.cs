namespace Lazykick.Traces.Recording;

/// <summary>
/// What a recording asks for, on any kernel from 4.18 on. Names and fields: include/trace/events/{ipi,csd,irq,power,
/// sched,rcu,context_tracking,timer,workqueue,kvm,nmi}.h and arch/x86/include/asm/trace/irq_vectors.h, v6.18.
/// </summary>
internal static class WantedEvents
{
    public static IReadOnlyList<WantedEvent> All { get; } =
    [
        To("ipi", "ipi_send_cpu", "cpu", "who sends a kick to one CPU (Linux 6.4 and later)"),
        To("ipi", "ipi_send_cpumask", "cpumask", "who sends a kick to several CPUs (Linux 6.4 and later)"),
        To("ipi", "ipi_raise", "target_cpus", ""),
        On("ipi", "ipi_entry", ""),
        On("ipi", "ipi_exit", ""),
        To("csd", "csd_queue_cpu", "cpu", "which function a kick is for (Linux 6.5 and later)"),
        On("csd", "csd_function_entry", "when the function of a kick ran (Linux 6.5 and later)"),
        On("csd", "csd_function_exit", "how long the function of a kick took"),
        On("irq_vectors", "*_entry", "arrivals of IPIs and timer interrupts (x86 only)"),
        On("irq_vectors", "*_exit", ""),
        On("irq", "irq_handler_entry", "which device interrupted"),
        On("irq", "irq_handler_exit", ""),
        On("irq", "softirq_entry", "softirqs on the way back from an interrupt"),
        On("irq", "softirq_exit", ""),
        On("nmi", "nmi_handler", "non-maskable interrupts (x86 only)"),
        On("power", "cpu_idle", "idle"),
        On("sched", "sched_switch", "which task was interrupted"),
        To("sched", "sched_wake_idle_without_ipi", "cpu", "wake-ups of polling idle CPUs, which need no IPI"),
        On("kvm", "kvm_entry", ""),
        On("kvm", "kvm_exit", ""),
        On("context_tracking", "user_enter", "the exact user state of nohz_full CPUs"),
        On("context_tracking", "user_exit", ""),
        On("rcu", "rcu_watching", "what RCU takes for an EQS (CONFIG_RCU_TRACE)"),
        On("rcu", "rcu_dyntick", ""),
        On("raw_syscalls", "sys_enter", "user or kernel where context tracking is missing"),
        On("raw_syscalls", "sys_exit", ""),
        On("exceptions", "page_fault_user", "page faults (x86 only)"),
        // Not more often than the CPU's timer interrupts, and without it their causes have no name.
        On("timer", "hrtimer_expire_entry", "which timer a tick was for"),
        On("timer", "timer_expire_entry", "which timer-wheel timer ran", RecordingPreset.Exact),
        On("timer", "tick_stop", "why the tick could not be stopped"),
        On("workqueue", "workqueue_execute_start", "which work item ran", RecordingPreset.Exact),
        To("sched", "sched_waking", "target_cpu", "which task a reschedule was for", RecordingPreset.Exact),
        On("exceptions", "page_fault_kernel", "", RecordingPreset.Exact),
        Every("raw_syscalls", "sys_enter", "the system call in which a sender kicked"),
        Every("raw_syscalls", "sys_exit", ""),
        Every("sched", "sched_switch", "which task ran on the other CPUs"),
        Every("sched", "sched_process_exec", "programs that were started"),
        Every("sched", "sched_process_exit", ""),
        new("cgroup", "cgroup_attach_task", EventScope.Everywhere, null, RecordingPreset.Census, ""),
        Every("module", "module_load", "modules that were loaded"),
        Every("tlb", "tlb_flush", "why a TLB was flushed (x86 only)"),
    ];

    private static WantedEvent On(
        string system,
        string name,
        string lost,
        RecordingPreset from = RecordingPreset.Census
    ) => new(system, name, EventScope.OnCpu, null, from, lost);

    private static WantedEvent To(
        string system,
        string name,
        string field,
        string lost,
        RecordingPreset from = RecordingPreset.Census
    ) => new(system, name, EventScope.ToCpu, field, from, lost);

    private static WantedEvent Every(string system, string name, string lost) =>
        new(system, name, EventScope.Everywhere, null, RecordingPreset.Deep, lost);
}
