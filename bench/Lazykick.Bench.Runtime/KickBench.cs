using System.Diagnostics;
using Lazykick.Cli.Demo;

namespace Lazykick.Bench.Runtime;

/// <summary>
/// A kick against the process-wide barrier, while a registered thread spins in EQS on a CPU of its own. A barrier
/// interrupts only CPUs that run a thread of the process at that moment, and on a shared machine another program may
/// have the spinning thread's CPU. So interrupts are told for each call made while that thread was running: the share
/// of the time for which it was, from its own CPU clock, is measured beside them.
/// </summary>
internal static class KickBench
{
    private const int Calls = 20_000;

    // Of the time for which the spinning thread has to run for its interrupts to mean anything.
    private const double SmallestShare = 0.05;

    private static double _spun;
    private static volatile bool _stop;

    public static void Run(int rounds)
    {
        if (!OperatingSystem.IsLinux() || CpuAffinity.Allowed() is not [int kicker, .., int isolated])
        {
            Console.WriteLine("kick: skipped, needs Linux and two CPUs");
            return;
        }

        using RcuDomain domain = new();
        using ManualResetEventSlim spinning = new();
        Thread spinner = new(() => Spin(domain, isolated, spinning)) { IsBackground = true };
        _stop = false;
        spinner.Start();
        spinning.Wait();
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
                var before = InterruptCounts.Read(isolated);
                var spun = Volatile.Read(ref _spun);
                var clock = Stopwatch.GetTimestamp();
                var start = CpuClock.Now;
                for (var i = 0; i < Calls; i++)
                    call();
                time.Add((CpuClock.Now - start) / Calls);

                var ran = (Volatile.Read(ref _spun) - spun) / Stopwatch.GetElapsedTime(clock).TotalNanoseconds;
                var count = InterruptCounts
                    .Read(isolated)
                    .Since(before)
                    .FirstOrDefault(delta => delta.Source == InterruptCounts.FunctionCalls)
                    ?.Count;
                share.Add(ran);
                if (ran >= SmallestShare)
                    ipis.Add((count ?? 0) / (Calls * Math.Min(ran, 1)));
            }
        }

        _stop = true;
        spinner.Join();
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

    private static void Spin(RcuDomain domain, int cpu, ManualResetEventSlim spinning)
    {
        CpuAffinity.Pin(cpu);
        using var thread = domain.Register();
        spinning.Set();
        while (!_stop)
        {
            for (var i = 0; i < 100; i++)
                Thread.SpinWait(1);
            Volatile.Write(ref _spun, CpuClock.Now);
        }
    }
}
