using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Lazykick.Traces.Tests.Analysis;

/// <summary>The events that scenarios are made of: their format files, and a payload of each.</summary>
internal static class ScenarioEvents
{
    private const int FirstId = 100;

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

    /// <summary>The format files by their paths in a raw capture.</summary>
    public static IEnumerable<(string Path, string Text)> Formats =>
        s_events.Select(static (e, index) => ($"formats/{e.System}/{e.Name}/format", FormatOf(index)));

    public static byte[] Payload(string name, int pid, byte flags, byte preemption, params ReadOnlySpan<ulong> values)
    {
        var (_, _, fields) = s_events[IdOf(name) - FirstId];
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

    private static ushort IdOf(string name) =>
        (ushort)(FirstId + Array.FindIndex(s_events, known => known.Name == name));

    private static string FormatOf(int index)
    {
        var (_, name, fields) = s_events[index];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"name: {name}\nID: {FirstId + index}\nformat:\n");
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
}
