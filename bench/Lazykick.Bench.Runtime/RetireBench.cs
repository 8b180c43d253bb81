using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Lazykick.Bench.Runtime;

/// <summary>Retiring: what it costs the retirer, and how long it takes until the callback runs.</summary>
internal static unsafe class RetireBench
{
    private const int Items = 200_000;

    public static void Run(int rounds)
    {
        Table table = new("ns of the retirers' CPU time per retirement of 64 bytes, allocation included");
        table.Add("malloc and free at once", Direct);
        foreach (var threads in new[] { 1, 4 })
        {
            table.Add($"RetireNative, {threads} retirers", () => Retire(threads, TimeSpan.Zero));
            table.Add(
                $"RetireNative, {threads} retirers, interval 1 ms",
                () => Retire(threads, TimeSpan.FromMilliseconds(1))
            );
        }

        Table latency = new("us from Retire to the callback, median of a round");
        latency.Add("no reader", () => Latency(TimeSpan.Zero, reader: false));
        latency.Add("a reader in short scopes", () => Latency(TimeSpan.Zero, reader: true));
        latency.Add("no reader, interval 1 ms", () => Latency(TimeSpan.FromMilliseconds(1), reader: false));
        var native = NativeUrcu.Build();
        if (native is null)
            Console.WriteLine("retire: liburcu is left out, needs gcc and liburcu-dev");
        for (var round = 0; round <= rounds; round++)
        {
            table.Round();
            native?.Round(table, "retire/");
            latency.Round();
        }

        table.Print("Retiring");
        latency.Print("Until the callback");
    }

    private static double Direct()
    {
        var begin = CpuClock.Now;
        for (var i = 0; i < Items; i++)
        {
            var block = (long*)NativeMemory.Alloc(64);
            Volatile.Write(ref *block, i);
            NativeMemory.Free(block);
        }

        return (CpuClock.Now - begin) / Items;
    }

    private static double Retire(int threads, TimeSpan interval)
    {
        using RcuDomain domain = new(new RcuDomainOptions { ReclaimInterval = interval });
        var times = new double[threads];
        Thread[] retirers =
        [
            .. Enumerable
                .Range(0, threads)
                .Select(thread => new Thread(() =>
                {
                    var begin = CpuClock.Now;
                    for (var i = 0; i < Items / threads; i++)
                    {
                        if (!domain.HasRoom)
                            domain.WaitForRoom(Timeout.InfiniteTimeSpan);
                        domain.RetireNative(NativeMemory.Alloc(64), 64);
                    }

                    times[thread] = CpuClock.Now - begin;
                })),
        ];
        foreach (var retirer in retirers)
            retirer.Start();
        foreach (var retirer in retirers)
            retirer.Join();
        return times.Sum() / Items;
    }

    private static double Latency(TimeSpan interval, bool reader)
    {
        using RcuDomain domain = new(new RcuDomainOptions { ReclaimInterval = interval });
        var stop = false;
        Thread thread = new(() =>
        {
            while (reader && !Volatile.Read(ref stop))
            {
                using var scope = domain.EnterRead();
                Thread.SpinWait(20);
            }
        });
        thread.Start();
        var times = new double[100];
        using ManualResetEventSlim ran = new();
        for (var i = 0; i < times.Length; i++)
        {
            ran.Reset();
            var begin = Stopwatch.GetTimestamp();
            long end = 0;
            domain.Retire(
                0,
                _ =>
                {
                    end = Stopwatch.GetTimestamp();
                    ran.Set();
                }
            );
            ran.Wait();
            times[i] = Stopwatch.GetElapsedTime(begin, end).TotalMicroseconds;
        }

        Volatile.Write(ref stop, true);
        thread.Join();
        Array.Sort(times);
        return times[times.Length / 2];
    }
}
