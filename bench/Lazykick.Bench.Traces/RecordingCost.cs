using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Lazykick.Bench.Traces;

/// <summary>
/// What recording costs those that are recorded: the same work with each preset of <c>lazykick record</c>, with the
/// same events in an instance of ftrace that nobody reads, with trace-cmd and with perf, several times in turn, each
/// time beside the work without a recorder. A kick is an expedited membarrier(2) to a thread of the same
/// process that spins on CPU 1: it interrupts that CPU only while the thread runs there. So the work has nice -20, and
/// only batches count in which /proc/interrupts shows an interrupt of CPU 1 for every kick.
/// </summary>
internal static unsafe partial class RecordingCost
{
    private const int PrivateExpedited = 8;
    private const int RegisterPrivateExpedited = 16;
    private const int Batch = 64;
    private const int Rounds = 5;

    // Fewer good batches are no measurement.
    private const int FewestBatches = 50;

    // Longer than the loop of the target, shorter than any interrupt.
    private const double ShortestGap = 300;
    private const string Instances = "/sys/kernel/tracing/instances";
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_work = TimeSpan.FromSeconds(1);

    // x86-64 and arm64 number them differently.
    private static readonly long s_membarrier =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 283 : 324;

    // perf may not sample irq_work's, so not all of irq_vectors.
    private static readonly string Vectors = string.Join(
        ',',
        from name in new[] { "call_function", "call_function_single", "reschedule", "local_timer" }
        from end in new[] { "entry", "exit" }
        select $"irq_vectors:{name}_{end}"
    );

    private static string[] _events = [];
    private static volatile bool _stop;

    // Units of the stopwatch in which the spinning thread did not run.
    private static long _taken;

    /// <summary>Nanoseconds at the sender, at the receiver, and of a system call.</summary>
    private readonly record struct Cost(double Kick, double Receiver, double Call)
    {
        public Cost Less(Cost other) => new(Kick - other.Kick, Receiver - other.Receiver, Call - other.Call);

        /// <summary>The medians; NaN, for what could not be measured, counts as the least.</summary>
        public static Cost Middle(List<Cost> costs)
        {
            double Of(Func<Cost, double> part) => costs.Select(part).Order().ElementAt(costs.Count / 2);
            return new Cost(Of(static c => c.Kick), Of(static c => c.Receiver), Of(static c => c.Call));
        }
    }

    /// <summary>An instance of ftrace with some events, written round and round and read by nobody.</summary>
    private sealed class PlainInstance : IDisposable
    {
        private readonly string _path = Path.Combine(Instances, $"cost-{Environment.ProcessId}");

        public PlainInstance(string[] events)
        {
            Directory.CreateDirectory(_path);
            File.WriteAllText(Path.Combine(_path, "trace_clock"), "mono");
            File.WriteAllText(Path.Combine(_path, "buffer_size_kb"), "8192");
            foreach (var name in events)
                File.AppendAllText(Path.Combine(_path, "set_event"), name + "\n");
        }

        public void Dispose()
        {
            File.WriteAllText(Path.Combine(_path, "events", "enable"), "0");
            Directory.Delete(_path);
        }
    }

    /// <summary>Compares them.</summary>
    /// <param name="lazykick">The command to measure.</param>
    public static int Run(string lazykick)
    {
        var file = Path.Combine(Path.GetTempPath(), $"lazykick-cost-{Environment.ProcessId}.dat");
        string[] kicks = ["ipi", "csd", "irq_vectors"];
        string[] calls = [.. kicks, "raw_syscalls"];
        var recorders = new List<(string Name, string[] Command)>
        {
            ("lazykick census", [lazykick, "record", "--preset", "census", "-o", file]),
            ("ftrace, these events", []),
            ("trace-cmd, kicks", ["trace-cmd", "record", "-q", "-o", file, .. Events(kicks)]),
            ("perf, kicks", ["perf", "record", "-q", "-a", "-o", file, "-e", $"ipi:*,csd:*,{Vectors}"]),
            ("lazykick exact", [lazykick, "record", "--preset", "exact", "-o", file]),
            ("lazykick deep", [lazykick, "record", "--preset", "deep", "-o", file]),
            ("trace-cmd, with calls", ["trace-cmd", "record", "-q", "-o", file, .. Events(calls)]),
            (
                "perf, with calls",
                ["perf", "record", "-q", "-a", "-o", file, "-e", $"ipi:*,csd:*,{Vectors},raw_syscalls:*"]
            ),
        };
        var none = new List<Cost>();
        var added = recorders.ToDictionary(static r => r.Name, static _ => new List<Cost>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (name, command) in recorders)
            {
                // Right before each, since the machine's speed changes from minute to minute.
                var without = Measure(null)!.Value;
                none.Add(without);
                if (Measure(command) is { } with)
                    added[name].Add(with.Less(without));
            }
        }

        File.Delete(file);
        var nothing = Cost.Middle(none);
        Console.WriteLine("ns, median of rounds, added   to a kick  at its receiver  to a system call");
        foreach (var (name, _) in recorders)
        {
            Console.WriteLine(
                added[name].Count == 0
                    ? $"{name,-22} does not run here"
                    : Line(name, Cost.Middle(added[name]))
            );
        }

        Console.WriteLine(Line("without a recorder", nothing));
        return 0;
    }

    /// <summary>
    /// The work: prints nanoseconds of a kick to another CPU, of what it takes from that CPU, and of a system call, as
    /// the fastest tenth of the batches has them.
    /// </summary>
    public static int Work()
    {
        _ = SystemCall(s_membarrier, RegisterPrivateExpedited, 0, 0);
        _ = SetPriority(0, 0, -20);
        var spinner = new Thread(() =>
        {
            Pin(1);
            _ = SetPriority(0, 0, -20);
            var last = Stopwatch.GetTimestamp();
            while (!_stop)
            {
                var now = Stopwatch.GetTimestamp();
                if (now - last > ShortestGap)
                    Volatile.Write(ref _taken, _taken + now - last);
                last = now;
            }
        });
        spinner.Start();
        Pin(0);
        var kicks = Batches(static () => SystemCall(s_membarrier, PrivateExpedited, 0, 0), CallsOfCpu1);
        _stop = true;
        spinner.Join();
        var calls = Batches(static () => GetParent(), counter: null);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{FastTenth(kicks, static one => one.Item1)} {FastTenth(kicks, static one => one.Item2)} "
                    + $"{FastTenth(calls, static one => one.Item1)} {kicks.Count}"
            )
        );
        return 0;
    }

    private static string Line(string name, Cost cost) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-25} {cost.Kick,13:N0} {cost.Receiver,16:N0} {cost.Call,17:N0}"
        );

    private static IEnumerable<string> Events(string[] systems) => systems.SelectMany(static e => new[] { "-e", e });

    private static Cost? Measure(string[]? command)
    {
        using var plain = command is [] ? new PlainInstance(_events) : null;
        using var recorder = command is null or [] ? null : Start(command);
        if (recorder is not null)
        {
            Thread.Sleep(s_settle);
            if (recorder.HasExited)
                return null;
            // What lazykick has switched on, for the instance that is compared with it.
            if (command is [_, "record", "--preset", "census", ..])
            {
                var instance = Directory.GetDirectories(Instances, $"lazykick-{recorder.Id}-*").Single();
                _events = File.ReadAllLines(Path.Combine(instance, "set_event"));
            }
        }

        var output = Child.Run(Environment.ProcessPath!, "cost-work").Output.Split(' ');
        if (recorder is not null)
        {
            Child.Check("kill", "-INT", recorder.Id.ToString(CultureInfo.InvariantCulture));
            recorder.WaitForExit();
        }

        return new Cost(Number(output[0]), Number(output[1]), Number(output[2]));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static Process? Start(string[] command)
    {
        var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        process.ErrorDataReceived += static (_, _) => { };
        process.OutputDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>Nanoseconds of one in each good batch, here and taken from the spinning thread.</summary>
    /// <param name="once">What is measured.</param>
    /// <param name="counter">Grows by one each time in a good batch; null where all are good.</param>
    private static List<(double Time, double Taken)> Batches(Func<long> once, Func<long>? counter)
    {
        var batches = new List<(double Time, double Taken)>();
        var until = Stopwatch.StartNew();
        while (until.Elapsed < s_work)
        {
            var before = counter?.Invoke() ?? 0;
            var taken = Volatile.Read(ref _taken);
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Batch; i++)
                _ = once();
            var time = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Batch;
            taken = Volatile.Read(ref _taken) - taken;
            if (counter is null || counter() - before >= Batch)
                batches.Add((time, taken * 1e9 / Stopwatch.Frequency / Batch));
        }

        return batches;
    }

    private static double FastTenth(List<(double Time, double Taken)> batches, Func<(double, double), double> of) =>
        batches.Count < FewestBatches ? double.NaN : batches.Select(of).Order().ElementAt(batches.Count / 10);

    /// <summary>Function-call interrupts of CPU 1 so far: x86 has a row CAL, arm64 one of IPIs.</summary>
    private static long CallsOfCpu1()
    {
        foreach (var line in File.ReadLines("/proc/interrupts"))
        {
            if (line.Contains("Function call interrupts", StringComparison.Ordinal))
            {
                var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                return long.Parse(columns[2], CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }

    private static void Pin(int cpu)
    {
        var mask = stackalloc ulong[16];
        mask[cpu / 64] = 1UL << (cpu % 64);
        _ = SetAffinity(0, 128, mask);
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SystemCall(long number, long a, long b, long c);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int nice);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint size, ulong* mask);
}
