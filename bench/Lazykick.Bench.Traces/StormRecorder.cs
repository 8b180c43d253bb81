namespace Lazykick.Bench.Traces;

/// <summary>
/// Records a storm with a tracefs instance of its own, wraps it with trace-cmd, and records another one with perf.
/// </summary>
internal static class StormRecorder
{
    private const string Tracefs = "/sys/kernel/tracing";
    private const int BufferKilobytesOfEachCpu = 768 << 10;

    private static readonly string[] Events =
    [
        "raw_syscalls",
        "ipi",
        "csd",
        "irq_vectors",
        "tlb",
        "sched/sched_switch",
        "power/cpu_idle",
    ];

    public static int Record(string directory, TimeSpan length)
    {
        Directory.CreateDirectory(directory);
        var seconds = length.TotalSeconds.ToString("F1");
        var self = Child.Self;
        var raw = RecordRaw(directory, self, seconds);
        string At(string name) => Path.Combine(directory, name);
        Child.Check("trace-cmd", "restore", "-c", "-o", At("partial.dat"));
        Child.Check("trace-cmd", ["restore", "-i", At("partial.dat"), "-o", At("big7.dat"), .. raw]);
        Child.Check("trace-cmd", "convert", "-i", At("big7.dat"), "-o", At("big6.dat"), "--file-version", "6");
        Child.Check(
            "trace-cmd",
            "convert",
            "-i",
            At("big7.dat"),
            "-o",
            At("big7z.dat"),
            "--file-version",
            "7",
            "--compression",
            "zstd"
        );
        foreach (var file in raw.Append(At("partial.dat")))
            File.Delete(file);
        // perf refuses irq_vectors:* as a whole: irq_work_exit would recurse.
        Child.Check(
            "perf",
            "record",
            "-q",
            "-a",
            "-k",
            "CLOCK_MONOTONIC",
            "-m",
            "16M",
            "-o",
            At("big.perf"),
            "-e",
            "raw_syscalls:*,ipi:*,csd:*,tlb:*,sched:sched_switch,power:cpu_idle",
            "-e",
            "irq_vectors:call_function_single_*,irq_vectors:reschedule_*",
            "--",
            self,
            "storm",
            seconds
        );
        return 0;
    }

    private static List<string> RecordRaw(string directory, string self, string seconds)
    {
        var instance = $"{Tracefs}/instances/lazykick-bench-{Environment.ProcessId}";
        Directory.CreateDirectory(instance);
        try
        {
            File.WriteAllText($"{instance}/tracing_on", "0");
            File.WriteAllText($"{instance}/buffer_size_kb", $"{BufferKilobytesOfEachCpu}");
            File.WriteAllText($"{instance}/trace_clock", "mono");
            foreach (var name in Events.Where(name => Directory.Exists($"{instance}/events/{name}")))
                File.WriteAllText($"{instance}/events/{name}/enable", "1");
            File.WriteAllText($"{instance}/tracing_on", "1");
            Child.Check(self, "storm", seconds);
            File.WriteAllText($"{instance}/tracing_on", "0");
            var files = new List<string>();
            for (var cpu = 0; Directory.Exists($"{instance}/per_cpu/cpu{cpu}"); cpu++)
            {
                var file = Path.Combine(directory, $"cpu{cpu}.raw");
                // Non-blocking, one sub-buffer a read; dd ends with an error when the buffer is empty.
                _ = Child.Run(
                    "dd",
                    $"if={instance}/per_cpu/cpu{cpu}/trace_pipe_raw",
                    $"of={file}",
                    "bs=4096",
                    "iflag=nonblock",
                    "status=none"
                );
                files.Add(file);
            }

            return files;
        }
        finally
        {
            Directory.Delete(instance);
        }
    }
}
