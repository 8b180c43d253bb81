using System.Diagnostics;

namespace Lazykick.Bench.Runtime.Disposal;

/// <summary>
/// What replacing a resource costs the caller, and what reading it costs, while 8 readers are at work. Each row does
/// the same: a reader gets at the current 4 KiB block and reads one word of it; the writer puts a new block in place of
/// the old one, which is freed once no reader has it. "Drain" is the scheme that Lucene.NET chose for its mapped
/// indexes, written from its description: readers announce themselves in a counter of their stripe, and the closer
/// waits until all counters were zero. All of it with native memory, with pages of a mapped file, and with whole files
/// that the writer opens and maps each time.
/// </summary>
internal static unsafe class DisposalBench
{
    internal const int Readers = 8;
    private const int Swaps = 2_000;
    private const int Reads = 2_000_000;

    public static void Run(int rounds)
    {
        Run(rounds, "native memory", new NativeBlocks());
        if (OperatingSystem.IsLinux())
        {
            using MappedPages mapped = new();
            Run(rounds, "a mapped page", mapped);
        }

        using MappedFiles files = new();
        Run(rounds, "a mapped file, opening included", files, ("MappedFileSlot", () => new FileSlotScheme(files.Path)));
    }

    private static void Run(
        int rounds,
        string what,
        BlockKind blocks,
        params (string Name, Func<DisposalScheme> Create)[] further
    )
    {
        DisposalScheme.Blocks = blocks;
        (string Name, Func<DisposalScheme> Create)[] schemes =
        [
            ("Retire", static () => new RetireScheme(TimeSpan.Zero)),
            ("Retire, ReclaimInterval 1 ms", static () => new RetireScheme(TimeSpan.FromMilliseconds(1))),
            ("HotSwap", static () => new HotSwapScheme(TimeSpan.Zero)),
            ("HotSwap, ReclaimInterval 1 ms", static () => new HotSwapScheme(TimeSpan.FromMilliseconds(1))),
            ("SafeHandle, AddRef and Release", static () => new SafeHandleScheme()),
            ("ReaderWriterLockSlim", static () => new ReaderWriterScheme()),
            ("reference count", static () => new CountedScheme()),
            ("drain (Lucene.NET's choice)", static () => new DrainScheme()),
            .. further,
        ];
        var heading = $"ns for the writer per replacement of {what}, {Readers} readers at work";
        Table swap = new($"{heading}: median"),
            mean = new($"{heading}: mean"),
            tail = new($"{heading}: 999 of 1,000 take less"),
            ipis = new($"interrupts per replacement of {what}, function calls and TLB, on all CPUs"),
            read = new($"ns per read of {what}, one thread");
        foreach (var (name, create) in schemes)
        {
            Figures figures = default;
            swap.Add(name, () => (figures = TimeSwaps(create)).Median);
            mean.Add(name, () => figures.Mean);
            tail.Add(name, () => figures.Tail);
            ipis.Add(name, () => figures.Interrupts);
            read.Add(name, () => TimeReads(create));
        }

        read.Add("raw pointer, never freed", TimeRaw);
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var table in new[] { swap, mean, tail, ipis, read })
                table.Round();
        }

        foreach (var table in new[] { swap, mean, tail, ipis })
            table.Print("Replacing");
        read.Print("Reading what may be replaced");
    }

    private readonly record struct Figures(double Median, double Mean, double Tail, double Interrupts);

    private static Figures TimeSwaps(Func<DisposalScheme> create)
    {
        var scheme = create();
        using Barrier start = new(Readers + 1);
        var stop = false;
        Thread[] readers =
        [
            .. Enumerable
                .Range(0, Readers)
                .Select(i => new Thread(
                    () =>
                    {
                        start.SignalAndWait();
                        long sum = 0;
                        while (!Volatile.Read(ref stop))
                            sum += scheme.Read(i);
                        GC.KeepAlive(sum);
                    },
                    128 * 1024
                )),
        ];
        foreach (var reader in readers)
            reader.Start();
        start.SignalAndWait();
        // The first replacements start a thread and make room: once in the life of a domain.
        for (var i = 0; i < Swaps; i++)
            scheme.Replace();
        var times = new double[Swaps];
        var interrupts = Interrupts();
        for (var i = 0; i < Swaps; i++)
        {
            // A time stamp, as a TimeSpan counts in steps of 100 ns.
            times[i] = scheme.Replace() * 1e9 / Stopwatch.Frequency;
        }

        Volatile.Write(ref stop, true);
        foreach (var reader in readers)
            reader.Join();
        scheme.Dispose();
        interrupts = Interrupts() - interrupts;
        var mean = times.Average();
        Array.Sort(times);
        return new Figures(times[Swaps / 2], mean, times[Swaps * 999 / 1_000], (double)interrupts / Swaps);
    }

    /// <summary>Interrupts so far by which one CPU makes another execute something or forget a mapping.</summary>
    private static long Interrupts()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        long sum = 0;
        foreach (var line in File.ReadLines("/proc/interrupts"))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields is ["CAL:" or "TLB:", ..])
                sum += fields.Skip(1).TakeWhile(static field => long.TryParse(field, out _)).Sum(long.Parse);
        }

        return sum;
    }

    private static double TimeReads(Func<DisposalScheme> create)
    {
        using var scheme = create();
        long sum = 0;
        var begin = CpuClock.Now;
        for (var i = 0; i < Reads; i++)
            sum += scheme.Read(0);
        GC.KeepAlive(sum);
        return (CpuClock.Now - begin) / Reads;
    }

    private static double TimeRaw()
    {
        var blocks = DisposalScheme.Blocks;
        var block = blocks.Allocate();
        long sum = 0;
        var begin = CpuClock.Now;
        for (var i = 0; i < Reads; i++)
            sum += *(long*)Volatile.Read(ref block);
        GC.KeepAlive(sum);
        var time = (CpuClock.Now - begin) / Reads;
        blocks.Free(block);
        return time;
    }
}
