using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Lazykick.Bench.Runtime;

/// <summary>
/// Reading one 64-bit word behind a reference that a writer may replace, by 1 to 64 threads. Each row does the same:
/// get the current version, read its word, add it up.
/// </summary>
internal static unsafe class ReadBench
{
    private const int Calls = 2_000_000;

    private static readonly RcuDomain Domain = new();
    private static readonly Lock NewLock = new();
#pragma warning disable MA0158 // The old kind of lock is what is measured.
    private static readonly object Monitor = new();
#pragma warning restore MA0158
    private static readonly ReaderWriterLockSlim ReaderWriter = new();
    private static readonly ConcurrentDictionary<int, Snapshot> Dictionary = new() { [7] = new Snapshot(42) };
    private static readonly nint Native = Allocate();
    private static Snapshot _snapshot = new(42);
    private static nint _native = Native;
    private static readonly RcuPointer<long> Pointer = new(Domain, [42]);
    private static readonly ThreadLocal<RcuThread> Local = new(static () => Domain.Register());
    private static readonly Microsoft.Win32.SafeHandles.SafeFileHandle Block = new(Native, ownsHandle: false);
    private static ImmutableDictionary<int, Snapshot> _immutable = ImmutableDictionary<int, Snapshot>.Empty.Add(
        7,
        new Snapshot(42)
    );
    private static long _count;
    private static long _sum;

    public static void Run(int rounds)
    {
        var native = NativeUrcu.Build();
        foreach (var threads in new[] { 1, 2, 4, 16, 64 })
        {
            Table table = new($"ns of CPU time per read, {threads} threads");
            table.Add("RcuDomain, active region, QuiescentState each read", () => Time(threads, Active));
            table.Add("RcuDomain, EnterRead for each read", () => Time(threads, Scope));
            table.Add("RcuDomain, domain.EnterRead on any thread", () => Time(threads, AnyThread));
            table.Add("RcuPointer.Read in a scope of its own", () => Time(threads, Typed));
            table.Add("RcuPointer.Read inside a scope, 100 reads each", () => Time(threads, TypedInside));
            table.Add("raw pointer inside a scope, 100 reads each", () => Time(threads, RawInside));
            table.Add("ThreadLocal<RcuThread>, EnterRead", () => Time(threads, ThreadLocalHandle));
            table.Add("Register and EnterRead for each read", () => Time(threads, RegisterEach));
            table.Add("ImmutableDictionary behind Volatile.Read", () => Time(threads, Immutable));
            table.Add("SafeHandle, AddRef and Release", () => Time(threads, Handle));
            table.Add("Interlocked reference count", () => Time(threads, Count));
            table.Add("RcuDomain, EnterRead inside a scope", () => Time(threads, Nested));
            table.Add("Volatile.Read of an immutable snapshot", () => Time(threads, VolatileSnapshot));
            table.Add("ConcurrentDictionary.TryGetValue", () => Time(threads, ConcurrentDictionary));
            table.Add("lock (Monitor)", () => Time(threads, MonitorLock));
            table.Add("lock (System.Threading.Lock)", () => Time(threads, ThreadingLock));
            table.Add("ReaderWriterLockSlim, read lock", () => Time(threads, ReadLock));
            table.Round();
            for (var round = 0; round < rounds; round++)
            {
                table.Round();
                if (threads == 1)
                {
                    native?.Round(table, "read");
                    native?.Round(table, "enter");
                }
            }

            table.Print("Reads");
        }

        NativeMemory.Free((void*)Native);
    }

    private static double Time(int threads, Func<int, long> body)
    {
        var each = Math.Max(1, Calls / threads);
        using Barrier barrier = new(threads);
        var times = new double[threads];
        Thread[] workers =
        [
            .. Enumerable
                .Range(0, threads)
                .Select(i => new Thread(
                    () =>
                    {
                        barrier.SignalAndWait();
                        var begin = CpuClock.Now;
                        var sum = body(each);
                        times[i] = CpuClock.Now - begin;
                        Interlocked.Add(ref _sum, sum);
                    },
                    128 * 1024
                )),
        ];
        foreach (var worker in workers)
            worker.Start();
        foreach (var worker in workers)
            worker.Join();
        return times.Sum() / ((double)each * threads);
    }

    private static long Active(int calls)
    {
        long sum = 0;
        using var thread = Domain.Register();
        using var region = thread.EnterActive();
        for (var i = 0; i < calls; i++)
        {
            sum += *(long*)Volatile.Read(ref _native);
            thread.QuiescentState();
        }

        return sum;
    }

    private static long Scope(int calls)
    {
        long sum = 0;
        using var thread = Domain.Register();
        for (var i = 0; i < calls; i++)
        {
            using var scope = thread.EnterRead();
            sum += *(long*)Volatile.Read(ref _native);
        }

        return sum;
    }

    private static long AnyThread(int calls)
    {
        long sum = 0;
        for (var i = 0; i < calls; i++)
        {
            using var scope = Domain.EnterRead();
            sum += *(long*)Volatile.Read(ref _native);
        }

        return sum;
    }

    private static long Typed(int calls)
    {
        long sum = 0;
        for (var i = 0; i < calls; i++)
        {
            using var scope = Domain.EnterRead();
            sum += Pointer.Read(scope)[0];
        }

        return sum;
    }

    private static long TypedInside(int calls)
    {
        long sum = 0;
        for (var i = 0; i < calls / 100; i++)
        {
            using var scope = Domain.EnterRead();
            for (var k = 0; k < 100; k++)
                sum += Pointer.Read(scope)[0];
        }

        return sum;
    }

    private static long RawInside(int calls)
    {
        long sum = 0;
        for (var i = 0; i < calls / 100; i++)
        {
            using var scope = Domain.EnterRead();
            for (var k = 0; k < 100; k++)
                sum += *(long*)Volatile.Read(ref _native);
        }

        return sum;
    }

    private static long ThreadLocalHandle(int calls)
    {
        long sum = 0;
        for (var i = 0; i < calls; i++)
        {
            using var scope = Local.Value!.EnterRead();
            sum += *(long*)Volatile.Read(ref _native);
        }

        return sum;
    }

    private static long RegisterEach(int calls)
    {
        long sum = 0;
        for (var i = 0; i < calls; i++)
        {
            using var thread = Domain.Register();
            using var scope = thread.EnterRead();
            sum += *(long*)Volatile.Read(ref _native);
        }

        return sum;
    }

    private static long Immutable(int calls)
    {
        long sum = 0;
        for (var i = 0; i < calls; i++)
        {
            if (Volatile.Read(ref _immutable).TryGetValue(7, out var snapshot))
                sum += snapshot.Value;
        }

        return sum;
    }

    private static long Handle(int calls)
    {
        long sum = 0;
        for (var i = 0; i < calls; i++)
        {
            var added = false;
            Block.DangerousAddRef(ref added);
            sum += *(long*)Block.DangerousGetHandle();
            Block.DangerousRelease();
        }

        return sum;
    }

    private static long Count(int calls)
    {
        long sum = 0;
        for (var i = 0; i < calls; i++)
        {
            Interlocked.Increment(ref _count);
            sum += *(long*)Volatile.Read(ref _native);
            Interlocked.Decrement(ref _count);
        }

        return sum;
    }

    private static long Nested(int calls)
    {
        long sum = 0;
        using var thread = Domain.Register();
        using var outer = thread.EnterRead();
        for (var i = 0; i < calls; i++)
        {
            using var scope = thread.EnterRead();
            sum += *(long*)Volatile.Read(ref _native);
        }

        return sum;
    }

    private static long VolatileSnapshot(int calls)
    {
        long sum = 0;
        for (var i = 0; i < calls; i++)
            sum += Volatile.Read(ref _snapshot).Value;
        return sum;
    }

    private static long ConcurrentDictionary(int calls)
    {
        long sum = 0;
        for (var i = 0; i < calls; i++)
        {
            if (Dictionary.TryGetValue(7, out var snapshot))
                sum += snapshot.Value;
        }

        return sum;
    }

    private static long MonitorLock(int calls)
    {
        long sum = 0;
        for (var i = 0; i < calls; i++)
        {
            lock (Monitor)
                sum += _snapshot.Value;
        }

        return sum;
    }

    private static long ThreadingLock(int calls)
    {
        long sum = 0;
        for (var i = 0; i < calls; i++)
        {
            lock (NewLock)
                sum += _snapshot.Value;
        }

        return sum;
    }

    private static long ReadLock(int calls)
    {
        long sum = 0;
        for (var i = 0; i < calls; i++)
        {
            ReaderWriter.EnterReadLock();
            sum += _snapshot.Value;
            ReaderWriter.ExitReadLock();
        }

        return sum;
    }

    private static nint Allocate()
    {
        var memory = (long*)NativeMemory.Alloc(sizeof(long));
        *memory = 42;
        return (nint)memory;
    }

    private sealed class Snapshot(long value)
    {
        public readonly long Value = value;
    }
}
