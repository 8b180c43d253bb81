using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lazykick.Bench.Runtime;

/// <summary>
/// What replacing a resource costs the caller, and what reading it costs, while 8 readers are at work. Each row does
/// the same: a reader gets at the current 4 KiB block and reads one word of it; the writer puts a new block in place of
/// the old one, which is freed once no reader has it. "Drain" is the scheme that Lucene.NET chose for its mapped
/// indexes, written from its description: readers announce themselves in a counter of their stripe, and the closer
/// waits until all counters were zero.
/// </summary>
internal static unsafe class DisposalBench
{
    private const int Readers = 8;
    private const int Swaps = 2_000;
    private const int Reads = 2_000_000;
    private const nuint Size = 4_096;

    public static void Run(int rounds)
    {
        (string Name, Func<Scheme> Create)[] schemes =
        [
            ("RcuPointer", static () => new Rcu(TimeSpan.Zero)),
            ("RcuPointer, ReclaimInterval 1 ms", static () => new Rcu(TimeSpan.FromMilliseconds(1))),
            ("SafeHandle, AddRef and Release", static () => new Handles()),
            ("ReaderWriterLockSlim", static () => new ReaderWriter()),
            ("reference count", static () => new Counted()),
            ("drain (Lucene.NET's choice)", static () => new Drain()),
        ];
        Table swap = new($"ns for the writer per replacement, {Readers} readers at work: median"),
            mean = new("the same: mean"),
            read = new("ns per read, one thread");
        foreach (var (name, create) in schemes)
        {
            var average = 0.0;
            swap.Add(name, () => TimeSwaps(create, out average));
            mean.Add(name, () => average);
            read.Add(name, () => TimeReads(create));
        }

        read.Add("raw pointer, never freed", TimeRaw);
        for (var round = 0; round <= rounds; round++)
        {
            swap.Round();
            mean.Round();
            read.Round();
        }

        swap.Print("Replacing");
        mean.Print("Replacing");
        read.Print("Reading what may be replaced");
    }

    private static double TimeSwaps(Func<Scheme> create, out double average)
    {
        using var scheme = create();
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
        var times = new double[Swaps];
        for (var i = 0; i < Swaps; i++)
        {
            var block = Allocate();
            var begin = Stopwatch.GetTimestamp();
            scheme.Swap(block);

            // A TimeSpan counts in steps of 100 ns.
            times[i] = (Stopwatch.GetTimestamp() - begin) * 1e9 / Stopwatch.Frequency;
        }

        Volatile.Write(ref stop, true);
        foreach (var reader in readers)
            reader.Join();
        average = times.Average();
        Array.Sort(times);
        return times[Swaps / 2];
    }

    private static double TimeReads(Func<Scheme> create)
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
        var block = Allocate();
        long sum = 0;
        var begin = CpuClock.Now;
        for (var i = 0; i < Reads; i++)
            sum += *(long*)Volatile.Read(ref block);
        GC.KeepAlive(sum);
        var time = (CpuClock.Now - begin) / Reads;
        NativeMemory.AlignedFree((void*)block);
        return time;
    }

    private static nint Allocate()
    {
        var block = NativeMemory.AlignedAlloc(Size, 64);
        *(long*)block = 1;
        return (nint)block;
    }

    private abstract class Scheme : IDisposable
    {
        public abstract long Read(int reader);

        public abstract void Swap(nint block);

        public abstract void Dispose();
    }

    private sealed class Rcu(TimeSpan interval) : Scheme
    {
        private readonly RcuDomain _domain = new(new RcuDomainOptions { ReclaimInterval = interval });
        private nint _current = Allocate();

        public override long Read(int reader)
        {
            using var scope = _domain.EnterRead();
            return *(long*)Volatile.Read(ref _current);
        }

        public override void Swap(nint block) =>
            _domain.RetireAligned((void*)Interlocked.Exchange(ref _current, block), Size);

        public override void Dispose()
        {
            _domain.Dispose();
            NativeMemory.AlignedFree((void*)_current);
        }
    }

    private sealed class Handles : Scheme
    {
        private Block _current = new(Allocate());

        public override long Read(int reader)
        {
            while (true)
            {
                var block = Volatile.Read(ref _current);
                var added = false;
                try
                {
                    block.DangerousAddRef(ref added);
                    return *(long*)block.DangerousGetHandle();
                }
                catch (ObjectDisposedException)
                {
                    // Replaced in between: the next one.
                }
                finally
                {
                    if (added)
                        block.DangerousRelease();
                }
            }
        }

        public override void Swap(nint block) => Interlocked.Exchange(ref _current, new Block(block)).Dispose();

        public override void Dispose() => _current.Dispose();

        private sealed class Block : SafeHandleZeroOrMinusOneIsInvalid
        {
            public Block(nint block)
                : base(ownsHandle: true) => SetHandle(block);

            protected override bool ReleaseHandle()
            {
                NativeMemory.AlignedFree((void*)handle);
                return true;
            }
        }
    }

    private sealed class ReaderWriter : Scheme
    {
        private readonly ReaderWriterLockSlim _lock = new();
        private nint _current = Allocate();

        public override long Read(int reader)
        {
            _lock.EnterReadLock();
            var value = *(long*)_current;
            _lock.ExitReadLock();
            return value;
        }

        public override void Swap(nint block)
        {
            _lock.EnterWriteLock();
            (block, _current) = (_current, block);
            _lock.ExitWriteLock();
            NativeMemory.AlignedFree((void*)block);
        }

        public override void Dispose()
        {
            NativeMemory.AlignedFree((void*)_current);
            _lock.Dispose();
        }
    }

    private sealed class Counted : Scheme
    {
        private Block _current = new(Allocate());

        public override long Read(int reader)
        {
            Block block;
            do block = Volatile.Read(ref _current);
            while (!block.TryAdd());
            var value = *(long*)block.Memory;
            block.Release();
            return value;
        }

        public override void Swap(nint block) => Interlocked.Exchange(ref _current, new Block(block)).Release();

        public override void Dispose() => _current.Release();

        private sealed class Block(nint memory)
        {
            private int _count = 1;

            public nint Memory => memory;

            public bool TryAdd()
            {
                for (var count = Volatile.Read(ref _count); count > 0; count = Volatile.Read(ref _count))
                {
                    if (Interlocked.CompareExchange(ref _count, count + 1, count) == count)
                        return true;
                }

                return false;
            }

            public void Release()
            {
                if (Interlocked.Decrement(ref _count) == 0)
                    NativeMemory.AlignedFree((void*)memory);
            }
        }
    }

    private sealed class Drain : Scheme
    {
        private readonly long[] _inside = new long[(Readers + 1) * 16];
        private nint _current = Allocate();

        public override long Read(int reader)
        {
            ref var inside = ref _inside[(reader + 1) * 16];
            Interlocked.Increment(ref inside);
            var value = *(long*)Volatile.Read(ref _current);
            Volatile.Write(ref inside, inside - 1);
            return value;
        }

        public override void Swap(nint block)
        {
            var old = Interlocked.Exchange(ref _current, block);
            for (var i = 1; i <= Readers; i++)
            {
                SpinWait wait = default;
                while (Volatile.Read(ref _inside[i * 16]) != 0)
                    wait.SpinOnce();
            }

            NativeMemory.AlignedFree((void*)old);
        }

        public override void Dispose() => NativeMemory.AlignedFree((void*)_current);
    }
}
