using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lazykick.Bench.Runtime;

/// <summary>
/// What replacing a resource costs the caller, and what reading it costs, while 8 readers are at work. Each row does
/// the same: a reader gets at the current 4 KiB block and reads one word of it; the writer puts a new block in place of
/// the old one, which is freed once no reader has it. "Drain" is the scheme that Lucene.NET chose for its mapped
/// indexes, written from its description: readers announce themselves in a counter of their stripe, and the closer
/// waits until all counters were zero. All of it with native memory, with pages of a mapped file, and with whole files
/// that the writer opens and maps each time.
/// </summary>
internal static unsafe partial class DisposalBench
{
    private const int Readers = 8;
    private const int Swaps = 2_000;
    private const int Reads = 2_000_000;
    private const nuint Size = 4_096;

    private static Block _blocks = new Native();

    public static void Run(int rounds)
    {
        Run(rounds, "native memory", new Native());
        if (OperatingSystem.IsLinux())
        {
            using Mapped mapped = new();
            Run(rounds, "a mapped page", mapped);
        }

        using Files files = new();
        Run(rounds, "a mapped file, opening included", files, ("MappedFileSlot", () => new FileSlot(files.Path)));
    }

    private static void Run(
        int rounds,
        string what,
        Block blocks,
        params (string Name, Func<Scheme> Create)[] further
    )
    {
        _blocks = blocks;
        (string Name, Func<Scheme> Create)[] schemes =
        [
            ("Retire", static () => new Rcu(TimeSpan.Zero)),
            ("Retire, ReclaimInterval 1 ms", static () => new Rcu(TimeSpan.FromMilliseconds(1))),
            ("HotSwap", static () => new Swapped(TimeSpan.Zero)),
            ("HotSwap, ReclaimInterval 1 ms", static () => new Swapped(TimeSpan.FromMilliseconds(1))),
            ("SafeHandle, AddRef and Release", static () => new Handles()),
            ("ReaderWriterLockSlim", static () => new ReaderWriter()),
            ("reference count", static () => new Counted()),
            ("drain (Lucene.NET's choice)", static () => new Drain()),
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

    private static Figures TimeSwaps(Func<Scheme> create)
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
            scheme.Replace(_blocks);
        var times = new double[Swaps];
        var interrupts = Interrupts();
        for (var i = 0; i < Swaps; i++)
        {
            // A time stamp, as a TimeSpan counts in steps of 100 ns.
            times[i] = scheme.Replace(_blocks) * 1e9 / Stopwatch.Frequency;
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
        Free(block);
        return time;
    }

    private static nint Allocate() => _blocks.Allocate();

    private static void Free(nint block) => _blocks.Free(block);

    /// <summary>What is replaced.</summary>
    private abstract class Block
    {
        /// <summary>Whether the time of <see cref="Allocate"/> counts.</summary>
        public virtual bool IsPartOfReplacing => false;

        public abstract nint Allocate();

        public abstract void Free(nint block);
    }

    private sealed class Native : Block
    {
        public override nint Allocate()
        {
            var block = NativeMemory.AlignedAlloc(Size, 64);
            *(long*)block = 1;
            return (nint)block;
        }

        public override void Free(nint block) => NativeMemory.AlignedFree((void*)block);
    }

    private sealed partial class Mapped : Block, IDisposable
    {
        // From the UAPI headers: PROT_READ, MAP_SHARED.
        private const int Read = 1;
        private const int Shared = 1;

        private readonly string _path = Path.GetTempFileName();
        private readonly FileStream _file;

        public Mapped()
        {
            File.WriteAllBytes(_path, new byte[Size]);
            _file = File.OpenRead(_path);
        }

        public override nint Allocate()
        {
            var block = Map(0, Size, Read, Shared, (int)_file.SafeFileHandle.DangerousGetHandle(), 0);
            if (block == -1)
                throw new IOException("mmap failed");
            GC.KeepAlive(*(long*)block);
            return block;
        }

        public override void Free(nint block) => _ = Unmap(block, Size);

        public void Dispose()
        {
            _file.Dispose();
            File.Delete(_path);
        }

        [LibraryImport("libc", EntryPoint = "mmap")]
        private static partial nint Map(nint address, nuint size, int protection, int flags, int file, nint offset);

        [LibraryImport("libc", EntryPoint = "munmap")]
        private static partial int Unmap(nint address, nuint size);
    }

    /// <summary>A file, opened and mapped as a program would, by the framework's own class.</summary>
    private sealed class Files : Block, IDisposable
    {
        private readonly ConcurrentDictionary<nint, (MemoryMappedFile File, MemoryMappedViewAccessor View)> _open = [];

        public Files() => File.WriteAllBytes(Path, new byte[Size]);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public override bool IsPartOfReplacing => true;

        public override nint Allocate()
        {
            var file = MemoryMappedFile.CreateFromFile(Path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            byte* start = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            _open[(nint)start] = (file, view);
            return (nint)start;
        }

        public override void Free(nint block)
        {
            if (!_open.TryRemove(block, out var mapped))
                return;
            mapped.View.SafeMemoryMappedViewHandle.ReleasePointer();
            mapped.View.Dispose();
            mapped.File.Dispose();
        }

        public void Dispose() => File.Delete(Path);
    }

    private abstract class Scheme : IDisposable
    {
        public abstract long Read(int reader);

        public abstract void Swap(nint block);

        public abstract void Dispose();

        /// <summary>Replaces the block.</summary>
        /// <returns>How many ticks that took.</returns>
        public virtual long Replace(Block blocks)
        {
            var begin = Stopwatch.GetTimestamp();
            var block = blocks.Allocate();
            var allocated = Stopwatch.GetTimestamp();
            Swap(block);
            return Stopwatch.GetTimestamp() - (blocks.IsPartOfReplacing ? begin : allocated);
        }
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
            _domain.Retire(
                new Freed { Memory = Interlocked.Exchange(ref _current, block) },
                static old => Free(old.Memory),
                (long)Size
            );

        public override void Dispose()
        {
            _domain.Dispose();
            Free(Interlocked.Exchange(ref _current, 0));
        }

        private sealed class Freed
        {
            public nint Memory { get; init; }
        }
    }

    private sealed class Swapped : Scheme
    {
        private readonly RcuDomain _domain;
        private readonly HotSwap<Version> _slot;

        public Swapped(TimeSpan interval)
        {
            _domain = new RcuDomain(new RcuDomainOptions { ReclaimInterval = interval });
            _slot = new HotSwap<Version>(_domain, new Version(Allocate()), (long)Size);
        }

        public override long Read(int reader)
        {
            using var scope = _domain.EnterRead();
            return *(long*)_slot.Read(scope).Value.Memory;
        }

        public override void Swap(nint block) => _slot.Swap(new Version(block), (long)Size);

        public override void Dispose()
        {
            _slot.Dispose();
            _domain.Dispose();
        }

        private sealed class Version(nint memory) : IDisposable
        {
            public nint Memory => memory;

            public void Dispose() => Free(memory);
        }
    }

    /// <summary>What the library has for the purpose.</summary>
    private sealed class FileSlot : Scheme
    {
        private readonly RcuDomain _domain = new();
        private readonly MappedFileSlot _slot;
        private readonly string _path;

        public FileSlot(string path)
        {
            _path = path;
            _slot = new MappedFileSlot(_domain, path);
        }

        public override long Read(int reader)
        {
            using var scope = _domain.EnterRead();
            return _slot.Read(scope).Read<long>(0);
        }

        public override void Swap(nint block) => _slot.Open(_path);

        public override long Replace(Block blocks)
        {
            var begin = Stopwatch.GetTimestamp();
            Swap(0);
            return Stopwatch.GetTimestamp() - begin;
        }

        public override void Dispose()
        {
            _slot.Dispose();
            _domain.Dispose();
        }
    }

    private sealed class Handles : Scheme
    {
        private Handle _current = new(Allocate());

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

        public override void Swap(nint block) => Interlocked.Exchange(ref _current, new Handle(block)).Dispose();

        public override void Dispose() => _current.Dispose();

        private sealed class Handle : SafeHandleZeroOrMinusOneIsInvalid
        {
            public Handle(nint block)
                : base(ownsHandle: true) => SetHandle(block);

            protected override bool ReleaseHandle()
            {
                Free(handle);
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
            Free(block);
        }

        public override void Dispose()
        {
            Free(Interlocked.Exchange(ref _current, 0));
            _lock.Dispose();
        }
    }

    private sealed class Counted : Scheme
    {
        private Count _current = new(Allocate());

        public override long Read(int reader)
        {
            Count block;
            do block = Volatile.Read(ref _current);
            while (!block.TryAdd());
            var value = *(long*)block.Memory;
            block.Release();
            return value;
        }

        public override void Swap(nint block) => Interlocked.Exchange(ref _current, new Count(block)).Release();

        public override void Dispose() => _current.Release();

        private sealed class Count(nint memory)
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
                    Free(memory);
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

            Free(old);
        }

        public override void Dispose() => Free(Interlocked.Exchange(ref _current, 0));
    }
}
