using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Lazykick.Bench.Traces;

/// <summary>
/// What recording costs those that are recorded: the same work with nothing, with each preset of <c>lazykick
/// record</c>, with trace-cmd and with perf, several times in turn, so that all meet the same machine.
/// </summary>
internal static unsafe partial class RecordingCost
{
    private const int PrivateExpedited = 8;
    private const int RegisterPrivateExpedited = 16;
    private const int Batch = 64;
    private const int Rounds = 3;
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_work = TimeSpan.FromSeconds(1.5);

    // x86-64 and arm64 number them differently.
    private static readonly long s_membarrier =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 283 : 324;

    private static volatile bool _stop;

    /// <summary>Compares them.</summary>
    /// <param name="lazykick">The command to measure.</param>
    public static int Run(string lazykick)
    {
        var file = Path.Combine(Path.GetTempPath(), $"lazykick-cost-{Environment.ProcessId}.dat");
        string[] kicks = ["ipi", "csd", "irq_vectors"];
        string[] calls = [.. kicks, "raw_syscalls"];
        var recorders = new List<(string Name, string[]? Command)>
        {
            ("nothing", null),
            ("lazykick census", [lazykick, "record", "--preset", "census", "-o", file]),
            ("trace-cmd, kicks", ["trace-cmd", "record", "-q", "-o", file, .. Events(kicks)]),
            ("perf, kicks", ["perf", "record", "-q", "-a", "-o", file, "-e", "ipi:*,csd:*"]),
            ("lazykick exact", [lazykick, "record", "--preset", "exact", "-o", file]),
            ("lazykick deep", [lazykick, "record", "--preset", "deep", "-o", file]),
            ("trace-cmd, with calls", ["trace-cmd", "record", "-q", "-o", file, .. Events(calls)]),
            ("perf, with calls", ["perf", "record", "-q", "-a", "-o", file, "-e", "ipi:*,csd:*,raw_syscalls:*"]),
        };
        var best = recorders.ToDictionary(
            static r => r.Name,
            static _ => (Kick: double.MaxValue, Call: double.MaxValue)
        );
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (name, command) in recorders)
            {
                if (Measure(command) is not { } now)
                    continue;
                best[name] = (Math.Min(best[name].Kick, now.Kick), Math.Min(best[name].Call, now.Call));
            }
        }

        File.Delete(file);
        var (kick, call) = best["nothing"];
        Console.WriteLine("recorder                 kick ns    added   system call ns    added");
        foreach (var (name, _) in recorders)
        {
            var one = best[name];
            Console.WriteLine(
                one.Kick == double.MaxValue
                    ? $"{name,-22} does not run here"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name,-22} {one.Kick,9:N0} {one.Kick - kick,8:N0} {one.Call,16:N0} {one.Call - call,8:N0}"
                    )
            );
        }

        return 0;
    }

    /// <summary>
    /// The work: prints nanoseconds of a kick to another CPU, and of a system call, as the fastest tenth has them.
    /// </summary>
    public static int Work()
    {
        _ = SystemCall(s_membarrier, RegisterPrivateExpedited, 0, 0);
        var spinner = new Thread(static () =>
        {
            Pin(1);
            while (!_stop)
                Thread.SpinWait(1000);
        });
        spinner.Start();
        Pin(0);
        var kick = FastTenth(static () => SystemCall(s_membarrier, PrivateExpedited, 0, 0));
        var call = FastTenth(static () => GetParent());
        _stop = true;
        spinner.Join();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kick} {call}"));
        return 0;
    }

    private static IEnumerable<string> Events(string[] systems) => systems.SelectMany(static e => new[] { "-e", e });

    private static (double Kick, double Call)? Measure(string[]? command)
    {
        using var recorder = command is null ? null : Start(command);
        if (recorder is not null)
        {
            Thread.Sleep(s_settle);
            if (recorder.HasExited)
                return null;
        }

        var output = Child.Run(Environment.ProcessPath!, "cost-work").Output.Split(' ');
        if (recorder is not null)
        {
            Child.Check("kill", "-INT", recorder.Id.ToString(CultureInfo.InvariantCulture));
            recorder.WaitForExit();
        }

        return (Number(output[0]), Number(output[1]));
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

    private static double FastTenth(Func<long> once)
    {
        var times = new List<double>();
        var until = Stopwatch.StartNew();
        while (until.Elapsed < s_work)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Batch; i++)
                _ = once();
            times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / Batch);
        }

        times.Sort();
        return times[times.Count / 10];
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

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint size, ulong* mask);
}
