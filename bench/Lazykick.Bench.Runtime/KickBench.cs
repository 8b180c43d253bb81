using Lazykick.Cli.Demo;

namespace Lazykick.Bench.Runtime;

/// <summary>
/// A kick against the process-wide barrier, while a registered thread spins in EQS on a CPU of its own
/// (<see cref="QuietThread"/>).
/// </summary>
internal static class KickBench
{
    private const int Calls = 20_000;

    public static void Run(int rounds)
    {
        if (!OperatingSystem.IsLinux() || CpuAffinity.Allowed() is not [int kicker, .., int isolated])
        {
            Console.WriteLine("kick: skipped, needs Linux and two CPUs");
            return;
        }

        using RcuDomain domain = new();
        using QuietThread quiet = new(domain, isolated);
        CpuAffinity.Pin(kicker);

        (string Name, Action Call, Samples Time, Samples Ipis, Samples Share)[] rows =
        [
            ("Kick, everybody in EQS", () => domain.Kick(), new(), new(), new()),
            ("MemoryBarrierProcessWide", Interlocked.MemoryBarrierProcessWide, new(), new(), new()),
            ("MemoryBarrier (this thread only)", Interlocked.MemoryBarrier, new(), new(), new()),
        ];
        foreach (var row in rows)
            row.Call();
        for (var round = 0; round < rounds; round++)
        {
            foreach ((_, var call, var time, var ipis, var share) in rows)
            {
                var took = quiet.During(() =>
                {
                    var start = CpuClock.Now;
                    for (var i = 0; i < Calls; i++)
                        call();
                    time.Add((CpuClock.Now - start) / Calls);
                });
                share.Add(took.Share);
                if (took.IsMeasured)
                    ipis.Add(took.FunctionCalls / Calls);
            }
        }

        Console.WriteLine();
        Console.WriteLine($"Kick, {Calls:N0} calls a round, a registered thread spins in EQS on CPU {isolated}");
        foreach ((var name, _, var time, var ipis, var share) in rows)
        {
            var interrupts = ipis.IsEmpty ? "not measured: the thread hardly ran" : ipis.ToString();
            Console.WriteLine(
                $"  {name,-36} ns/call {time,-34} IPIs a call at the running thread {interrupts,-30} it ran for this "
                    + $"share of the time {share}"
            );
        }

        Console.WriteLine($"  process-wide : kick = {rows[1].Time.Median / rows[0].Time.Median:N0} : 1");
    }
}
