using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Lazykick.Traces.Files;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;
using Lazykick.Traces.Tests.Reading;
using Lazykick.Traces.Totals;

namespace Lazykick.Traces.Tests.Analysis;

/// <summary>A trace written event by event: times in nanoseconds, any order between CPUs, ascending on each.</summary>
internal sealed class Scenario
{
    public const string DoNothing = "do_nothing";
    public const string IpiMb = "ipi_mb";
    public const string Ttwu = "sched_ttwu_pending";
    public const string IrqWork = "nohz_full_kick_func";
    public const string Nobody = "unheard_of";

    private const ulong Text = 0xffffffff81000000;
    private const byte InInterrupt = 0x08;

    private static readonly string[] s_functions =
    [
        DoNothing,
        IpiMb,
        Ttwu,
        IrqWork,
        Nobody,
        "generic_smp_call_function_single_interrupt",
        "kick_all_cpus_sync",
        "irq_work_queue_on",
        "wakeup_preempt",
        "static_key_enable",
        "perf_event_alloc",
        "tick_nohz_handler",
        "hrtimer_wakeup",
        "on_each_cpu_cond_mask",
        "purge_work",
    ];

    // name, system, fields as (declaration, offset, size, signed)
    private static readonly (
        string System,
        string Name,
        (string Field, int Offset, int Size, bool Signed)[] Fields
    )[] s_events =
    [
        ("context_tracking", "user_enter", [("int dummy", 8, 4, true)]),
        ("context_tracking", "user_exit", [("int dummy", 8, 4, true)]),
        ("raw_syscalls", "sys_enter", [("long id", 8, 8, true)]),
        ("raw_syscalls", "sys_exit", [("long id", 8, 8, true)]),
        ("power", "cpu_idle", [("u32 state", 8, 4, false), ("u32 cpu_id", 12, 4, false)]),
        (
            "sched",
            "sched_switch",
            [
                ("pid_t prev_pid", 8, 4, true),
                ("long prev_state", 16, 8, true),
                ("char next_comm[16]", 24, 16, false),
                ("pid_t next_pid", 40, 4, true),
            ]
        ),
        (
            "csd",
            "csd_queue_cpu",
            [
                ("unsigned int cpu", 8, 4, false),
                ("void * callsite", 16, 8, false),
                ("void * func", 24, 8, false),
                ("void * csd", 32, 8, false),
            ]
        ),
        ("csd", "csd_function_entry", [("void * func", 8, 8, false), ("void * csd", 16, 8, false)]),
        ("csd", "csd_function_exit", [("void * func", 8, 8, false), ("void * csd", 16, 8, false)]),
        (
            "ipi",
            "ipi_send_cpu",
            [("unsigned int cpu", 8, 4, false), ("void * callsite", 16, 8, false), ("void * callback", 24, 8, false)]
        ),
        (
            "ipi",
            "ipi_send_cpumask",
            [
                ("__data_loc cpumask_t cpumask", 8, 4, false),
                ("void * callsite", 16, 8, false),
                ("void * callback", 24, 8, false),
            ]
        ),
        (
            "ipi",
            "ipi_raise",
            [("__data_loc unsigned long[] target_cpus", 8, 4, false), ("const char * reason", 16, 8, false)]
        ),
        ("ipi", "ipi_entry", [("const char * reason", 8, 8, false)]),
        ("ipi", "ipi_exit", [("const char * reason", 8, 8, false)]),
        ("irq", "irq_handler_entry", [("int irq", 8, 4, true), ("__data_loc char[] name", 12, 4, false)]),
        ("irq", "irq_handler_exit", [("int irq", 8, 4, true)]),
        ("irq", "softirq_entry", [("unsigned int vec", 8, 4, false)]),
        ("irq_vectors", "call_function_entry", [("int vector", 8, 4, true)]),
        ("irq_vectors", "call_function_exit", [("int vector", 8, 4, true)]),
        ("irq_vectors", "reschedule_entry", [("int vector", 8, 4, true)]),
        ("irq_vectors", "reschedule_exit", [("int vector", 8, 4, true)]),
        ("irq_vectors", "local_timer_entry", [("int vector", 8, 4, true)]),
        ("irq_vectors", "local_timer_exit", [("int vector", 8, 4, true)]),
        ("rcu", "rcu_watching", [("const char * polarity", 8, 8, false)]),
        ("kvm", "kvm_entry", [("int dummy", 8, 4, true)]),
        ("kvm", "kvm_exit", [("int dummy", 8, 4, true)]),
        ("ftrace", "kernel_stack", [("int size", 8, 4, true), ("unsigned long caller[8]", 16, 64, false)]),
        ("timer", "hrtimer_expire_entry", [("void * hrtimer", 8, 8, false), ("void * function", 24, 8, false)]),
        ("timer", "tick_stop", [("int success", 8, 4, true), ("int dependency", 12, 4, true)]),
        ("sched", "sched_waking", [("pid_t pid", 24, 4, true)]),
        ("sched", "sched_wake_idle_without_ipi", [("int cpu", 8, 4, true)]),
        ("workqueue", "workqueue_execute_start", [("void * function", 16, 8, false)]),
        ("cgroup", "cgroup_attach_task", [("int pid", 24, 4, true), ("__data_loc char[] dst_path", 28, 4, false)]),
        ("ftrace", "print", [("unsigned long ip", 8, 8, false), ("char buf[]", 16, 0, false)]),
    ];

    private static readonly string[] s_texts =
    [
        "Rescheduling interrupts",
        "Function call interrupts",
        "Startirq",
        "Endirq",
        "Start",
        "End",
    ];

    private readonly SortedDictionary<int, List<(ulong Time, byte[] Payload)>> _cpus = [];
    private readonly HashSet<(int Cpu, int Index)> _lost = [];

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
            ["kallsyms"] = Encoding.UTF8.GetBytes(
                string.Concat(s_functions.Select(static name => $"{Address(name):x16} T {name}\n"))
            ),
            ["printk_formats"] = Encoding.UTF8.GetBytes(
                string.Concat(s_texts.Select(static text => $"0x{TextAddress(text):x} : \"{text}\"\n"))
            ),
            ["trace_clock.txt"] = "[mono]"u8.ToArray(),
            ["saved_cmdlines"] = "50 sender\n60 worker\n"u8.ToArray(),
            ["uname.txt"] = "Linux host 6.12.0 x86_64\n"u8.ToArray(),
        };
        for (var i = 0; i < s_events.Length; i++)
            files[$"formats/{s_events[i].System}/{s_events[i].Name}/format"] = Encoding.UTF8.GetBytes(FormatOf(i));
        foreach (var (cpu, events) in _cpus)
            files[$"raw/cpu{cpu}.raw"] = PagesOf(events, index => _lost.Contains((cpu, index)));
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

    internal static byte[] PagesOf(IEnumerable<(ulong Time, byte[] Payload)> events, Func<int, bool>? isLost = null)
    {
        var pages = new PageBuilder();
        var room = 0;
        var index = 0;
        foreach (var (time, payload) in events)
        {
            var lost = isLost?.Invoke(index++) == true;
            var words = (payload.Length + 3) / 4;
            var size = 8 + 8 + (4 * words);
            if (size > room || lost)
            {
                pages.Page(time, lost ? 5UL : null);
                room = 4000;
            }

            room -= size;
            pages.Absolute(time).Word(0).Word((uint)(4 + (4 * words)));
            var padded = new byte[4 * words];
            payload.CopyTo(padded, 0);
            for (var i = 0; i < words; i++)
                pages.Word(BinaryPrimitives.ReadUInt32LittleEndian(padded.AsSpan(4 * i)));
        }

        return pages.ToArray();
    }

    private static ulong Address(string function) =>
        Text + (0x1000 * (1 + (ulong)Array.IndexOf(s_functions, function)));

    private static ulong TextAddress(string text) =>
        0xffffffff82000000 + (0x100 * (1 + (ulong)Array.IndexOf(s_texts, text)));

    private static ushort IdOf(string name) => (ushort)(100 + Array.FindIndex(s_events, known => known.Name == name));

    private static string FormatOf(int index)
    {
        var (_, name, fields) = s_events[index];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"name: {name}\nID: {100 + index}\nformat:\n");
        text.Append(
            "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\tfield:unsigned char "
                + "common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
        );
        text.Append(
            "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n\tfield:int "
                + "common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
        );
        foreach (var (field, offset, size, signed) in fields)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\tfield:{field};\toffset:{offset};\tsize:{size};\tsigned:{(signed ? 1 : 0)};\n"
            );
        }

        return text.Append("\nprint fmt: \"\"\n").ToString();
    }

    private static byte[] WithMask(byte[] payload, int[] targets)
    {
        var mask = new byte[8];
        foreach (var target in targets)
            mask[target >> 3] |= (byte)(1 << (target & 7));
        BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(8), (uint)(payload.Length | (mask.Length << 16)));
        return [.. payload, .. mask];
    }

    private static byte[] Payload(string name, int pid, byte flags, byte preemption, params ReadOnlySpan<ulong> values)
    {
        var (_, _, fields) = s_events[IdOf(name) - 100];
        var end = fields[^1].Offset + fields[^1].Size;
        var payload = new byte[(end + 3) & ~3];
        BinaryPrimitives.WriteUInt16LittleEndian(payload, IdOf(name));
        payload[2] = flags;
        payload[3] = preemption;
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(4), pid);
        for (var i = 0; i < values.Length; i++)
        {
            if (fields[i].Size == 8)
                BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(fields[i].Offset), values[i]);
            else
                BinaryPrimitives.WriteUInt32LittleEndian(payload.AsSpan(fields[i].Offset), (uint)values[i]);
        }

        return payload;
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
