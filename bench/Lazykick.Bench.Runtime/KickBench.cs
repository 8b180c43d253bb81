using Lazykick.Cli.Demo;

namespace Lazykick.Bench.Runtime;

/// <summary>
/// A kick against the process-wide barrier, while a registered thread spins in EQS on a CPU of its own.
/// </summary>
internal static class KickBench
{
    private const int Calls = 20_000;

    private static long _turns;
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

        (string Name, Action Call, Samples Time, Samples Ipis, Samples Turns)[] rows =
        [
            ("Kick, everybody in EQS", () => domain.Kick(), new(), new(), new()),
            ("MemoryBarrierProcessWide", Interlocked.MemoryBarrierProcessWide, new(), new(), new()),
            ("MemoryBarrier (this thread only)", Interlocked.MemoryBarrier, new(), new(), new()),
        ];
        foreach (var row in rows)
            row.Call();
        for (var round = 0; round < rounds; round++)
        {
            foreach ((_, var call, var time, var ipis, var turns) in rows)
            {
                var before = InterruptCounts.Read(isolated);
                var turned = Volatile.Read(ref _turns);
                var start = CpuClock.Now;
                for (var i = 0; i < Calls; i++)
                    call();
                time.Add((CpuClock.Now - start) / Calls);

                // The proof that the spinning thread had its CPU: without it, no interrupt means nothing.
                turns.Add(Volatile.Read(ref _turns) - turned);
                ipis.Add(
                    InterruptCounts
                        .Read(isolated)
                        .Since(before)
                        .FirstOrDefault(delta => delta.Source == InterruptCounts.FunctionCalls)
                        ?.Count
                        ?? 0
                );
            }
        }

        _stop = true;
        spinner.Join();
        Console.WriteLine();
        Console.WriteLine($"Kick, {Calls:N0} calls a round, a registered thread spins in EQS on CPU {isolated}");
        foreach ((var name, _, var time, var ipis, var turns) in rows)
        {
            Console.WriteLine(
                $"  {name,-36} ns/call {time,-34} IPIs/round on CPU {isolated} {ipis,-26} turns of the spinner {turns}"
            );
        }

        var share = rows[1].Ipis.Median / Calls;
        Console.WriteLine(
            share >= 0.5
                ? $"  process-wide : kick = {rows[1].Time.Median / rows[0].Time.Median:N0} : 1"
                : $"  no result: {share:0.00} IPIs a barrier, so the spinning thread did not have its CPU"
        );
    }

    private static void Spin(RcuDomain domain, int cpu, ManualResetEventSlim spinning)
    {
        CpuAffinity.Pin(cpu);
        using var thread = domain.Register();
        spinning.Set();
        while (!_stop)
            Volatile.Write(ref _turns, _turns + 1);
    }
}
