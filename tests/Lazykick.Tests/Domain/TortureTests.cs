using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

/// <summary>
/// Readers, updaters and threads that come and go, on real hardware, over native memory that is poisoned and freed
/// after its grace period. Each thread's decisions come from the seed; LAZYKICK_SEED runs a printed one again,
/// LAZYKICK_LONG=1 runs for minutes. What the operating system schedules in between is not in the seed's hand: the
/// exploration tests are the ones that replay exactly.
/// </summary>
public sealed unsafe class TortureTests(ITestOutputHelper output)
{
    private const long Live = 0x11FE;
    private const long Poison = 0xDEAD;
    private const int Words = 8;
    private const int Pointers = 4;

    private static TimeSpan Duration =>
        double.TryParse(
            Environment.GetEnvironmentVariable("LAZYKICK_TORTURE_MINUTES"),
            CultureInfo.InvariantCulture,
            out var minutes
        )
            ? TimeSpan.FromMinutes(minutes)
        : LongMode.IsOn ? TimeSpan.FromMinutes(3)
        : TimeSpan.FromSeconds(3);

    [Fact]
    public void No_reader_ever_sees_freed_memory()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("LAZYKICK_SEED"), out var given)
            ? given
            : Random.Shared.Next();
        output.WriteLine($"LAZYKICK_SEED={seed}");
        using State state = new();
        using (
            RcuDomain domain = new(
                new RcuDomainOptions
                {
                    Name = "torture",
                    MaxPending = 200,
                    OnCallbackException = state.Fail,
                }
            )
        )
        {
            List<Action> roles = [];
            for (var i = 0; i < 3; i++)
            {
                Random random = new(unchecked((seed * 31) + i));
                roles.Add(() => Readers(domain, state, random));
            }

            Random active = new(unchecked((seed * 31) + 10)),
                retire = new(unchecked((seed * 31) + 11)),
                wait = new(unchecked((seed * 31) + 12)),
                guest = new(unchecked((seed * 31) + 13)),
                pool = new(unchecked((seed * 31) + 14)),
                ends = new(unchecked((seed * 31) + 15));
            roles.Add(() => ActiveReader(domain, state, active));
            roles.Add(() => Retirer(domain, state, retire));
            roles.Add(() => Synchronizer(domain, state, wait));
            roles.Add(() => Guests(domain, state, guest));
            roles.Add(() => PoolWorkers(domain, state, pool));
            roles.Add(() => ShortDomains(state, ends));
            roles.Add(() => Collections(state));
            Threads.RunTogether([.. roles.Select(role => new Action(() => Guarded(role, state)))]);
            domain.Barrier();
            Assert.Equal(0, domain.PendingCount);
        }

        output.WriteLine($"{state.Reads} reads, {state.Updates} updates, {state.Freed} freed, {state.Guests} guests");
        Assert.True(state.Failure is null, $"LAZYKICK_SEED={seed}: {state.Failure}");
        Assert.Equal(state.Updates, state.Freed);
        Assert.True(state.Reads > 1_000 && state.Updates > 10 && state.Guests > 0, "some role did not get to run");
    }

    /// <summary>The negative control: without a grace period the readers do notice.</summary>
    [Fact]
    public void A_writer_that_does_not_wait_is_noticed()
    {
        using State state = new();
        using RcuDomain domain = new();
        Random write = new(1),
            read = new(2);
        Threads.RunTogether(
            () =>
            {
                while (state.IsRunning)
                    State.PoisonOnly(state.Replace(write));
            },
            () => Readers(domain, state, read)
        );
        Assert.Contains("a reader found 0xDEAD", state.Failure, StringComparison.Ordinal);
    }

    private static void Guarded(Action role, State state)
    {
        try
        {
            role();
        }
        catch (Exception exception)
        {
            state.Fail(exception);
        }
    }

    private static void Readers(RcuDomain domain, State state, Random random)
    {
        while (state.IsRunning)
        {
            using var thread = domain.Register();
            for (var i = random.Next(20_000); i > 0 && state.IsRunning; i--)
            {
                using var scope = thread.EnterRead();
                state.Read(random);
                if (random.Next(4) == 0)
                {
                    using var inner = thread.EnterRead();
                    state.Read(random);
                }

                if (random.Next(1_000) == 0)
                    Thread.Yield();
            }
        }
    }

    private static void ActiveReader(RcuDomain domain, State state, Random random)
    {
        using var thread = domain.Register();
        using var region = thread.EnterActive();
        while (state.IsRunning)
        {
            for (var i = random.Next(50); i > 0; i--)
                state.Read(random);
            thread.QuiescentState();
            if (random.Next(5_000) == 0)
            {
                using var pause = thread.EnterQuiescent();
                Thread.Sleep(0);
            }
        }
    }

    private static void Retirer(RcuDomain domain, State state, Random random)
    {
        while (state.IsRunning)
        {
            var old = state.Replace(random);
            if (random.Next(2) == 0)
            {
                domain.Retire(
                    (state, (nint)old),
                    static pair => pair.state.Free((long*)pair.Item2),
                    Words * sizeof(long)
                );
            }
            else
            {
                domain.Retire(new Block(state, old));
            }

            if (random.Next(500) == 0)
                domain.Barrier();
        }
    }

    private static void Synchronizer(RcuDomain domain, State state, Random random)
    {
        while (state.IsRunning)
        {
            var old = state.Replace(random);
            if (random.Next(3) == 0)
                domain.SynchronizeAsync().AsTask().Wait();
            else
                domain.Synchronize();
            state.Free(old);
            domain.Kick();
        }
    }

    /// <summary>Threads that register, read and go, some without a word and some in the middle of a scope.</summary>
    private static void Guests(RcuDomain domain, State state, Random random)
    {
        while (state.IsRunning)
        {
            var manner = random.Next(4);
            Threads.Run(() =>
            {
                if (manner == 3)
                {
                    // The thread-bound registration, left open.
                    domain.EnterRead();
                    state.Read(random);
                    return;
                }

                var thread = domain.Register();
                var scope = thread.EnterRead();
                state.Read(random);
                if (manner == 0)
                    return;
                scope.Dispose();
                if (manner == 2)
                    thread.Dispose();
            });
            state.CountGuest();
        }
    }

    /// <summary>Short work on pool threads, which come and go as the pool likes.</summary>
    private static void PoolWorkers(RcuDomain domain, State state, Random random)
    {
        while (state.IsRunning)
        {
            // Not disposed: the last Signal may still be in it when Wait returns.
            CountdownEvent done = new(8);
            for (var i = 0; i < 8; i++)
            {
                Random own = new(random.Next());
                ThreadPool.QueueUserWorkItem(_ =>
                {
                    for (var k = 0; k < 50; k++)
                    {
                        using var scope = domain.EnterRead();
                        state.Read(own);
                    }

                    done.Signal();
                });
            }

            done.Wait();
        }
    }

    /// <summary>
    /// Domains that are disposed under a reader, which then frees what was read, and callbacks that retire again.
    /// </summary>
    private static void ShortDomains(State state, Random random)
    {
        while (state.IsRunning)
        {
            RcuDomain domain = new();
            var block = new Version();
            Thread reader = new(() =>
            {
                try
                {
                    while (true)
                    {
                        using var scope = domain.EnterRead();
                        for (var i = 0; i < 20; i++)
                        {
                            if (block.Read() != Live)
                            {
                                state.Fail(
                                    new InvalidOperationException("a reader was in a scope after Dispose had returned")
                                );
                            }
                        }
                    }
                }
                catch (ObjectDisposedException)
                {
                    // The end that is wanted.
                }
            });
            reader.Start();
            Flag first = new(),
                second = new();
            domain.Retire(
                (domain, first, second),
                static all =>
                {
                    all.first.Dispose();
                    all.domain.Retire(all.second);
                }
            );
            if (random.Next(2) == 0)
                Thread.Yield();
            domain.Dispose();
            block.Poison();
            if (first.Count != 1 || second.Count != 1)
                state.Fail(new InvalidOperationException("Dispose has returned and a callback has not run"));
            reader.Join();
            block.Free();
        }
    }

    /// <summary>Collections of each kind, so that what the library keeps is moved under it.</summary>
    private static void Collections(State state)
    {
        for (var i = 0; state.IsRunning; i++)
        {
            GC.Collect(i % 3, GCCollectionMode.Forced, blocking: i % 2 == 0, compacting: i % 6 == 0);
            Thread.Sleep(5);
        }
    }

    /// <summary>One word, poisoned while a reader that should be gone may still look.</summary>
    private sealed class Version
    {
        private readonly long* _word = (long*)NativeMemory.Alloc(sizeof(long));

        public Version() => *_word = Live;

        public long Read() => Volatile.Read(ref *_word);

        public void Poison() => Volatile.Write(ref *_word, TortureTests.Poison);

        public void Free() => NativeMemory.Free(_word);
    }

    private sealed class Block(State state, long* memory) : IDisposable
    {
        public void Dispose() => state.Free(memory);
    }

    private sealed class State : IDisposable
    {
        private readonly nint[] _pointers = [.. Enumerable.Range(0, Pointers).Select(_ => (nint)Allocate())];
        private readonly long _end = Stopwatch.GetTimestamp() + (long)(Duration.TotalSeconds * Stopwatch.Frequency);
        private long _reads;
        private long _updates;
        private long _freed;
        private long _guests;
        private string? _failure;

        public bool IsRunning => Stopwatch.GetTimestamp() < _end && Failure is null;

        public string? Failure => Volatile.Read(ref _failure);

        public long Reads => Volatile.Read(ref _reads);

        public long Updates => Volatile.Read(ref _updates);

        public long Freed => Volatile.Read(ref _freed);

        public long Guests => Volatile.Read(ref _guests);

        public void Fail(Exception exception) => Interlocked.CompareExchange(ref _failure, exception.ToString(), null);

        public void CountGuest() => _guests++;

        public void Read(Random random)
        {
            var block = (long*)Volatile.Read(ref _pointers[random.Next(Pointers)]);

            // Now and then long enough, with the reference in hand, for a writer that does not wait to get by.
            if (random.Next(2_000) == 0)
                Thread.Yield();
            for (var i = 0; i < Words; i++)
            {
                var word = Volatile.Read(ref block[i]);
                if (word != Live)
                {
                    Interlocked.CompareExchange(ref _failure, $"a reader found 0x{word:X} in word {i}", null);
                    return;
                }
            }

            Interlocked.Increment(ref _reads);
        }

        public long* Replace(Random random)
        {
            Interlocked.Increment(ref _updates);
            return (long*)Interlocked.Exchange(ref _pointers[random.Next(Pointers)], (nint)Allocate());
        }

        public void Free(long* block)
        {
            for (var i = 0; i < Words; i++)
            {
                if (block[i] != Live)
                    Fail(new InvalidOperationException("freed twice"));
                Volatile.Write(ref block[i], Poison);
            }

            NativeMemory.Free(block);
            Interlocked.Increment(ref _freed);
        }

        /// <summary>Leaves the memory allocated: what reads it is meant to find the poison and not to crash.</summary>
        public static void PoisonOnly(long* block) => Volatile.Write(ref block[0], Poison);

        public void Dispose()
        {
            foreach (var pointer in _pointers)
                NativeMemory.Free((void*)pointer);
        }

        private static long* Allocate()
        {
            var block = (long*)NativeMemory.Alloc(Words * sizeof(long));
            for (var i = 0; i < Words; i++)
                block[i] = Live;
            return block;
        }
    }
}
