using System.Buffers.Binary;
using System.Text;
using Lazykick.Traces.Files;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;
using Lazykick.Traces.Tests.Reading;
using Lazykick.Traces.Totals;
using static Lazykick.Traces.Tests.Analysis.ScenarioEvents;
using static Lazykick.Traces.Tests.Analysis.ScenarioKernel;

namespace Lazykick.Traces.Tests.Analysis;

/// <summary>A trace written event by event: times in nanoseconds, any order between CPUs, ascending on each.</summary>
internal sealed class Scenario
{
    public const string DoNothing = "do_nothing";
    public const string IpiMb = "ipi_mb";
    public const string Ttwu = "sched_ttwu_pending";
    public const string IrqWork = "nohz_full_kick_func";
    public const string Nobody = "unheard_of";

    private const byte InInterrupt = 0x08;

    private readonly SortedDictionary<int, List<(ulong Time, byte[] Payload)>> _cpus = [];
    private readonly HashSet<(int Cpu, int Index)> _lost = [];
    private string? _switchedOn;

    public Scenario UserEnter(ulong time, int cpu, int pid = 100) => Add(time, cpu, "user_enter", pid);

    public Scenario UserExit(ulong time, int cpu, int pid = 100) => Add(time, cpu, "user_exit", pid);

    public Scenario SysEnter(ulong time, int cpu, int pid = 100, int number = 0) =>
        Add(time, cpu, "sys_enter", pid, 0, (ulong)number);

    /// <summary>The call stack of the event before, the innermost frame first.</summary>
    public Scenario Stack(ulong time, int cpu, int pid, params ReadOnlySpan<string> functions)
    {
        var payload = Payload("kernel_stack", pid, 0, 0);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(8), functions.Length);
        for (var i = 0; i < functions.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(16 + (8 * i)), Address(functions[i]) + 8);
        return Add(time, cpu, payload[..(16 + (8 * functions.Length))]);
    }

    public Scenario Expire(ulong time, int cpu, string function, int pid = 100) =>
        Add(time, cpu, "hrtimer_expire_entry", pid, InInterrupt, 0, Address(function));

    public Scenario TickStop(ulong time, int cpu, bool success, int dependency, int pid = 100) =>
        Add(time, cpu, "tick_stop", pid, InInterrupt, success ? 1UL : 0, (ulong)dependency);

    public Scenario Waking(ulong time, int cpu, int woken, int pid = 50) =>
        Add(time, cpu, "sched_waking", pid, 0, (ulong)woken);

    public Scenario WakeWithoutIpi(ulong time, int cpu, int target, int pid = 50) =>
        Add(time, cpu, "sched_wake_idle_without_ipi", pid, 0, (ulong)target);

    public Scenario WorkStart(ulong time, int cpu, string function, int pid) =>
        Add(time, cpu, "workqueue_execute_start", pid, 0, Address(function));

    public Scenario Attach(ulong time, int cpu, int task, string path)
    {
        var payload = Payload("cgroup_attach_task", 1, 0, 0);
        var text = Encoding.UTF8.GetBytes(path + '\0');
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(24), task);
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(28), (uint)(payload.Length | (text.Length << 16)));
        return Add(time, cpu, [.. payload, .. text]);
    }

    public Scenario SysExit(ulong time, int cpu, int pid = 100) => Add(time, cpu, "sys_exit", pid);

    public Scenario IdleEnter(ulong time, int cpu, uint state = 1) => Add(time, cpu, "cpu_idle", 0, 0, state);

    public Scenario IdleExit(ulong time, int cpu) => Add(time, cpu, "cpu_idle", 0, 0, uint.MaxValue);

    public Scenario SoftIrq(ulong time, int cpu, int pid = 0) => Add(time, cpu, "softirq_entry", pid);

    public Scenario GuestEnter(ulong time, int cpu, int pid = 100) => Add(time, cpu, "kvm_entry", pid);

    public Scenario GuestExit(ulong time, int cpu, int pid = 100) => Add(time, cpu, "kvm_exit", pid);

    public Scenario Watching(ulong time, int cpu, string polarity, int pid = 100) =>
        Add(time, cpu, "rcu_watching", pid, 0, TextAddress(polarity));

    /// <summary>An interrupt of x86 from its entry event to its exit event.</summary>
    public Scenario Vector(
        ulong time,
        ulong end,
        int cpu,
        string name,
        int pid = 100,
        Action<Scenario>? inside = null,
        byte preemption = 0
    )
    {
        Add(time, cpu, name + "_entry", pid, InInterrupt, preemption: preemption);
        inside?.Invoke(this);
        return Add(end, cpu, name + "_exit", pid, InInterrupt, preemption: preemption);
    }

    /// <summary>An IPI of arm64 in its wrapping interrupt.</summary>
    public Scenario Ipi(ulong time, ulong end, int cpu, string reason, int pid = 100, Action<Scenario>? inside = null)
    {
        IrqEntry(time, cpu, 2, "IPI", pid);
        Add(time + 10, cpu, "ipi_entry", pid, InInterrupt, TextAddress(reason));
        inside?.Invoke(this);
        Add(end - 10, cpu, "ipi_exit", pid, InInterrupt, TextAddress(reason));
        return Add(end, cpu, "irq_handler_exit", pid, InInterrupt, 2);
    }

    public Scenario IrqEntry(ulong time, int cpu, int irq, string name, int pid = 100)
    {
        var payload = Payload("irq_handler_entry", pid, InInterrupt, 0);
        var text = Encoding.UTF8.GetBytes(name + '\0');
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(8), irq);
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(12), (uint)(payload.Length | (text.Length << 16)));
        return Add(time, cpu, [.. payload, .. text]);
    }

    public Scenario Run(ulong time, ulong end, int cpu, string function, ulong csd, int pid = 100) =>
        Add(time, cpu, "csd_function_entry", pid, InInterrupt, Address(function), csd)
            .Add(end, cpu, "csd_function_exit", pid, InInterrupt, Address(function), csd);

    public Scenario Queue(
        ulong time,
        int cpu,
        int target,
        string function,
        ulong csd,
        string callSite = "kick_all_cpus_sync",
        int pid = 50
    ) => Add(time, cpu, "csd_queue_cpu", pid, 0, (uint)target, Address(callSite), Address(function), csd);

    /// <summary>One target, by the common entry of function calls, or by null for a reschedule interrupt.</summary>
    public Scenario Send(
        ulong time,
        int cpu,
        int target,
        string callSite = "kick_all_cpus_sync",
        string? callback = "generic_smp_call_function_single_interrupt",
        int pid = 50
    ) =>
        Add(
            time,
            cpu,
            "ipi_send_cpu",
            pid,
            0,
            (uint)target,
            Address(callSite),
            callback is null ? 0 : Address(callback)
        );

    public Scenario SendMask(ulong time, int cpu, int[] targets, string callSite = "kick_all_cpus_sync", int pid = 50)
    {
        var payload = Payload(
            "ipi_send_cpumask",
            pid,
            0,
            0,
            0,
            Address(callSite),
            Address("generic_smp_call_function_single_interrupt")
        );
        return Add(time, cpu, WithMask(payload, targets));
    }

    public Scenario Raise(ulong time, int cpu, int[] targets, string reason, int pid = 50) =>
        Add(time, cpu, WithMask(Payload("ipi_raise", pid, 0, 0, 0, TextAddress(reason)), targets));

    public Scenario Switch(
        ulong time,
        int cpu,
        int previous,
        int next,
        string nextName = "task",
        long previousState = 0
    )
    {
        var payload = Payload("sched_switch", previous, 0, 0);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(8), previous);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(16), previousState);
        Encoding.UTF8.GetBytes(nextName, payload.AsSpan(24, 16));
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(40), next);
        return Add(time, cpu, payload);
    }

    public Scenario Mark(ulong time, int cpu, string text) =>
        Add(time, cpu, [.. Payload("print", 50, 0, 0), .. Encoding.UTF8.GetBytes(text + "\n\0")]);

    /// <summary>The kernel lost events of a CPU before the next one.</summary>
    public Scenario Lost(int cpu)
    {
        _lost.Add((cpu, _cpus[cpu].Count));
        return this;
    }

    /// <summary>The trace says which events were recorded, whether or not one came.</summary>
    public Scenario SwitchedOn(params ReadOnlySpan<string> events)
    {
        _switchedOn = string.Join('\n', events);
        return this;
    }

    /// <summary>The trace, as a raw capture in memory.</summary>
    public TraceFile Build()
    {
        var files = new Dictionary<string, byte[]>
        {
            ["formats/header_page"] = Encoding.UTF8.GetBytes(
                "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n\tfield: local_t "
                    + "commit;\toffset:8;\tsize:8;\tsigned:1;\n\tfield: int "
                    + "overwrite;\toffset:8;\tsize:1;\tsigned:1;\n\tfield: char "
                    + "data;\toffset:16;\tsize:4080;\tsigned:0;\n"
            ),
            ["kallsyms"] = Encoding.UTF8.GetBytes(Kallsyms),
            ["printk_formats"] = Encoding.UTF8.GetBytes(PrintkFormats),
            ["trace_clock.txt"] = "[mono]"u8.ToArray(),
            ["saved_cmdlines"] = "50 sender\n60 worker\n"u8.ToArray(),
            ["uname.txt"] = "Linux host 6.12.0 x86_64\n"u8.ToArray(),
        };
        if (_switchedOn is not null)
            files["set_event"] = Encoding.UTF8.GetBytes(_switchedOn);
        foreach (var (path, text) in ScenarioEvents.Formats)
            files[path] = Encoding.UTF8.GetBytes(text);
        foreach (var (cpu, events) in _cpus)
            files[$"raw/cpu{cpu}.raw"] = ScenarioPages.Of(events, index => _lost.Contains((cpu, index)));
        return TraceFile.Open(new MemoryDirectory(files));
    }

    /// <summary>Analyses the trace with the test rules.</summary>
    public TraceReport Analyze(
        Action<KickDetail>? onKick = null,
        string? phase = null,
        TracePoint? from = null,
        TracePoint? to = null
    )
    {
        var trace = Build();
        return TraceAnalysis.Run(
            trace,
            new AnalysisOptions
            {
                Schemes = TestRules.All,
                OnKick = onKick,
                Phase = phase,
                From = from,
                To = to,
            }
        );
    }

    /// <summary>The one kick of the trace.</summary>
    public KickDetail Kick()
    {
        var kicks = new List<KickDetail>();
        Analyze(kicks.Add);
        return Assert.Single(kicks);
    }

    private static byte[] WithMask(byte[] payload, int[] targets)
    {
        var mask = new byte[8];
        foreach (var target in targets)
            mask[target >> 3] |= (byte)(1 << (target & 7));
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(8), (uint)(payload.Length | (mask.Length << 16)));
        return [.. payload, .. mask];
    }

    private Scenario Add(
        ulong time,
        int cpu,
        string name,
        int pid,
        byte flags = 0,
        params ReadOnlySpan<ulong> values
    ) => Add(time, cpu, Payload(name, pid, flags, 0, values));

    private Scenario Add(ulong time, int cpu, string name, int pid, byte flags, byte preemption) =>
        Add(time, cpu, Payload(name, pid, flags, preemption));

    private Scenario Add(ulong time, int cpu, byte[] payload)
    {
        if (!_cpus.TryGetValue(cpu, out var events))
            _cpus.Add(cpu, events = []);
        events.Add((time, payload));
        return this;
    }
}
