using System.Collections.Concurrent;
using System.Diagnostics;

namespace Lazykick.Bench.Runtime;

/// <summary>
/// A map of 64-bit keys and values beside ConcurrentDictionary: a look-up, memory, and what a collection costs.
/// </summary>
internal static class MapBench
{
    private const int Reads = 1_000_000;

    public static void Run(int rounds, int entries)
    {
        Console.WriteLine();
        Console.WriteLine($"Maps, {entries:N0} entries");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        using RcuDomain domain = new();
        using NativeRcuMap<long, long> map = new(domain);
        for (var i = 0; i < entries; i++)
            map.Set(i, i);
        var fill = watch.Elapsed;
        domain.Barrier();
        Console.WriteLine(
            $"  NativeRcuMap          {map.ByteCount / (double)entries,6:0.0} bytes an entry, filled in "
                + $"{fill.TotalSeconds:0.0} s, full collection {Collect():0.0} ms of CPU time"
        );
        watch.Restart();
        ConcurrentDictionary<long, long> dictionary = new();
        for (var i = 0; i < entries; i++)
            dictionary[i] = i;
        fill = watch.Elapsed;
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(
            $"  ConcurrentDictionary  {bytes / (double)entries,6:0.0} bytes an entry, filled in "
                + $"{fill.TotalSeconds:0.0} s, full collection {Collect():0.0} ms of CPU time"
        );

        Table table = new("ns of CPU time per look-up of a random key, one thread");
        table.Add(
            "NativeRcuMap, a scope each",
            () =>
                Time(
                    entries,
                    key =>
                    {
                        using var scope = domain.EnterRead();
                        return map.TryGetValue(scope, key, out var value) ? value : 0;
                    }
                )
        );
        table.Add(
            "ConcurrentDictionary",
            () => Time(entries, key => dictionary.TryGetValue(key, out var value) ? value : 0)
        );
        for (var round = 0; round <= rounds; round++)
            table.Round();
        table.Print("Look-ups");
        GC.KeepAlive(dictionary);
    }

    private static double Collect()
    {
        // The collector is not concurrent here: what it computes, the program stands still for.
        var before = Environment.CpuUsage.TotalTime;
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: false);
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }

    private static double Time(int entries, Func<long, long> look)
    {
        Random random = new(1);
        long sum = 0;
        var begin = CpuClock.Now;
        for (var i = 0; i < Reads; i++)
            sum += look(random.Next(entries));
        GC.KeepAlive(sum);
        return (CpuClock.Now - begin) / Reads;
    }
}
