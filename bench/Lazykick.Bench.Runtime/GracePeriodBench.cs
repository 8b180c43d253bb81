namespace Lazykick.Bench.Runtime;

/// <summary>Grace periods with 1 to 64 registered threads, beside liburcu's.</summary>
internal static class GracePeriodBench
{
    public static void Run(int rounds)
    {
        Table table = new("ns of the caller's CPU time per grace period");
        List<Parked> parked = [];
        foreach (var threads in new[] { 1, 4, 16, 64 })
        {
            Parked group = new(threads);
            parked.Add(group);
            table.Add($"Synchronize, {threads} threads in EQS", () => Time(group.Domain, 200_000));
        }

        table.Add("Synchronize, 1 active reader", WithReader);
        table.Add(
            "Kick, 64 threads in EQS",
            () =>
            {
                var domain = parked[^1].Domain;
                var start = CpuClock.Now;
                for (var i = 0; i < 200_000; i++)
                    domain.Kick();
                return (CpuClock.Now - start) / 200_000;
            }
        );
        var native = NativeUrcu.Build();
        table.Round();
        for (var round = 0; round < rounds; round++)
        {
            table.Round();
            native?.Round(table, "synchronize");
        }

        foreach (var group in parked)
            group.Dispose();
        table.Print("Grace periods");
        if (native is null)
            Console.WriteLine("  liburcu: skipped, needs gcc and liburcu-dev");
    }

    private static double Time(RcuDomain domain, int calls)
    {
        var start = CpuClock.Now;
        for (var i = 0; i < calls; i++)
            domain.Synchronize();
        return (CpuClock.Now - start) / calls;
    }

    private static double WithReader()
    {
        using RcuDomain domain = new();
        using ManualResetEventSlim ready = new();
        var stop = false;
        Thread reader = new(() =>
        {
            using var thread = domain.Register();
            using var region = thread.EnterActive();
            ready.Set();
            while (!Volatile.Read(ref stop))
                thread.QuiescentState();
        });
        reader.Start();
        ready.Wait();
        var time = Time(domain, 20_000);
        Volatile.Write(ref stop, true);
        reader.Join();
        return time;
    }

    /// <summary>Threads that are registered and sleep.</summary>
    private sealed class Parked : IDisposable
    {
        private readonly ManualResetEventSlim _leave = new();
        private readonly Thread[] _threads;

        public Parked(int count)
        {
            using CountdownEvent registered = new(count);
            _threads =
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(_ => new Thread(
                        () =>
                        {
                            using var thread = Domain.Register();
                            registered.Signal();
                            _leave.Wait();
                        },
                        128 * 1024
                    )),
            ];
            foreach (var thread in _threads)
                thread.Start();
            registered.Wait();
        }

        public RcuDomain Domain { get; } = new();

        public void Dispose()
        {
            _leave.Set();
            foreach (var thread in _threads)
                thread.Join();
            Domain.Dispose();
            _leave.Dispose();
        }
    }
}
