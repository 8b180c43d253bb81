using System.Globalization;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Traces.Recording;

namespace Lazykick.Cli.Record;

/// <summary><c>record --check</c>: what a trace of this machine can tell, and what to change where it cannot.</summary>
internal static class RecordCheck
{
    public static int Execute(RecordSettings settings)
    {
        try
        {
            var tracefs = Tracefs.Find();
            var document = Look(tracefs, settings.Options);
            if (settings.Json)
                JsonOutput.Print(document, JsonOutput.Documents.RecordCheckDocument);
            else
                Write(document, Terminal.Standard);
            return document.Answers.All(a => a.Told) ? ExitStatus.Done : ExitStatus.CannotTell;
        }
        catch (RecordingException error)
        {
            Console.Error.WriteLine($"lazykick: {error.Message}");
            return ExitStatus.WrongInput;
        }
    }

    private static RecordCheckDocument Look(Tracefs tracefs, RecordingOptions options)
    {
        var plan = RecordingPlan.Of(tracefs, options.Preset, options.Cpus);
        bool Has(params string[] names) => plan.Events.Any(e => names.Contains(e.FullName));
        var byKprobes = RecordingPlan.NeedsKprobes(tracefs) && RecordingPlan.HasKprobes(tracefs);
        var cpus = tracefs.PossibleCpus;
        var nohzFull = Sys("nohz_full");
        List<RecordCheckDocument.Answer> answers =
        [
            new(
                "who sends a kick",
                Has("ipi:ipi_send_cpu") || Has("ipi:ipi_raise") || byKprobes,
                Has("ipi:ipi_send_cpu") ? "ipi:ipi_send_cpu"
                    : byKprobes ? "kprobes of the recorder's own, since this kernel is older than 6.4"
                    : Has("ipi:ipi_raise") ? "ipi:ipi_raise"
                    : "needs Linux 6.4 or later on x86"
            ),
            new(
                "what a kick is for",
                Has("csd:csd_queue_cpu") || byKprobes,
                Has("csd:csd_queue_cpu") ? "csd:csd_queue_cpu"
                    : byKprobes ? "the same kprobes"
                    : "needs Linux 6.5 or later"
            ),
            new(
                "when a kick arrives",
                Has("irq_vectors:call_function_single_entry", "ipi:ipi_entry"),
                Has("irq_vectors:call_function_single_entry") ? "irq_vectors"
                    : Has("ipi:ipi_entry") ? "ipi:ipi_entry"
                    : "this kernel has neither irq_vectors (x86) nor ipi:ipi_entry (arm64)"
            ),
            new(
                "whether it hit user mode",
                Has("context_tracking:user_exit", "raw_syscalls:sys_enter"),
                Has("context_tracking:user_exit") ? "context_tracking: exact on nohz_full CPUs"
                    : Has("raw_syscalls:sys_enter")
                        ? "from system calls: right for about 95 of 100 interrupts; --preset exact adds a stack, which "
                            + "is certain"
                    : "needs CONFIG_CONTEXT_TRACKING_USER or CONFIG_HAVE_SYSCALL_TRACEPOINTS"
            ),
            new(
                "whether it hit an EQS as RCU sees it",
                Has("rcu:rcu_watching", "rcu:rcu_dyntick"),
                Has("rcu:rcu_watching", "rcu:rcu_dyntick") ? "rcu events" : "needs a kernel with CONFIG_RCU_TRACE=y"
            ),
            new(
                "whether it hit idle",
                Has("power:cpu_idle"),
                Has("power:cpu_idle") ? "power:cpu_idle" : "no power:cpu_idle"
            ),
            new("device interrupts by name", Has("irq:irq_handler_entry"), "irq:irq_handler_entry"),
            Space(options),
            Memory(options, cpus),
        ];
        return new RecordCheckDocument(
            "lazykick.record-check/1",
            File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            cpus,
            nohzFull,
            Sys("isolated"),
            answers,
            [
                .. plan
                    .Missing.Where(m => !(byKprobes && RecordingPlan.IsToldByKprobes(m)))
                    .Select(m => new MissingEvent(m.FullName, m.Lost)),
            ]
        );
    }

    private static RecordCheckDocument.Answer Space(RecordingOptions options)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(options.Output))!;
        var free = Directory.Exists(directory) ? new DriveInfo(directory).AvailableFreeSpace : 0;
        // The pages are copied into the file at the end, CPU by CPU.
        return new(
            "room for the file",
            free > 1L << 30,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{free / 1e9:F1} GB free in {directory}; 10,000 events a second take about 0.5 MB a second"
            )
        );
    }

    private static RecordCheckDocument.Answer Memory(RecordingOptions options, int cpus)
    {
        var needed = (long)options.BufferKiB * cpus << 10;
        var line = File.ReadLines("/proc/meminfo")
            .FirstOrDefault(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal));
        var available = line is null
            ? 0
            : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
        return new(
            "memory for the buffers",
            needed < available / 2,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{needed / 1e6:F0} MB for {cpus} CPUs of {available / 1e6:F0} MB available; --buffer-mib changes it"
            )
        );
    }

    private static void Write(RecordCheckDocument document, Terminal terminal)
    {
        terminal.Line($"Linux {document.Kernel}, {document.Cpus} CPUs");
        terminal.Line(
            document.NohzFull.Length == 0
                ? "no CPU is nohz_full: user mode is not an EQS here (boot with nohz_full=LIST for isolated CPUs)"
                : $"nohz_full: {document.NohzFull}"
        );
        terminal.Line(
            document.Isolated.Length == 0 ? "no CPU is isolated (isolcpus=)" : $"isolated: {document.Isolated}"
        );
        terminal.Line();
        foreach (var answer in document.Answers)
            terminal.Line($"{(answer.Told ? "yes" : "NO "),-4}{answer.Question,-38} {answer.How}");
        foreach (var missing in document.Missing)
            terminal.Line($"    this kernel has no {missing.Event}: a trace will not tell {missing.Lost}");
    }

    private static string Sys(string file)
    {
        try
        {
            var text = File.ReadAllText($"/sys/devices/system/cpu/{file}").Trim();
            return text == "(null)" ? "" : text;
        }
        catch (IOException)
        {
            return "";
        }
    }
}
