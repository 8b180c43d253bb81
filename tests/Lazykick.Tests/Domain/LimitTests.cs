using System.Runtime.InteropServices;
using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

/// <summary>Retiring never waits; whoever wants to wait asks for it.</summary>
public class LimitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_writer_may_retire_above_the_limit_with_a_lock_that_a_reader_takes_inside_its_scope()
    {
        using RcuDomain domain = new(new RcuDomainOptions { MaxPending = 4 });
        Lock gate = new();
        using ManualResetEventSlim inScope = new(),
            full = new();
        Within(
            Patience,
            () =>
                Threads.RunTogether(
                    () =>
                    {
                        using (domain.EnterRead())
                        {
                            inScope.Set();
                            full.Wait();
                            lock (gate) { }
                        }
                    },
                    () =>
                    {
                        inScope.Wait();
                        lock (gate)
                        {
                            for (var i = 0; i < 10; i++)
                                RetireBlock(domain);
                            full.Set();
                        }
                    }
                )
        );
        domain.Barrier();
        Assert.Equal(0, domain.PendingCount);
    }

    [Fact]
    public void Two_threads_may_retire_into_the_domain_that_the_other_one_reads_in()
    {
        using RcuDomain one = new(new RcuDomainOptions { MaxPending = 4 }),
            two = new(new RcuDomainOptions { MaxPending = 4 });
        using Barrier both = new(2);
        Within(Patience, () => Threads.RunTogether(() => ReadAndRetire(one, two), () => ReadAndRetire(two, one)));

        void ReadAndRetire(RcuDomain read, RcuDomain retire)
        {
            using var scope = read.EnterRead();
            both.SignalAndWait();
            for (var i = 0; i < 10; i++)
                RetireBlock(retire);
        }
    }

    [Fact]
    public void Callbacks_of_two_domains_may_retire_into_each_other()
    {
        using RcuDomain one = new(new RcuDomainOptions { MaxPending = 4 }),
            two = new(new RcuDomainOptions { MaxPending = 4 });
        Within(
            Patience,
            () =>
            {
                for (var i = 0; i < 50; i++)
                {
                    one.Retire(two, static two => two.Retire(0, static _ => { }));
                    two.Retire(one, static one => one.Retire(0, static _ => { }));
                }

                one.Barrier();
                two.Barrier();
            }
        );
    }

    [Fact]
    public void One_resource_above_the_limit_of_bytes_blocks_nobody()
    {
        using RcuDomain domain = new();
        using ParkedReader reader = new(domain);
        Within(Patience, () => domain.Retire(new Flag(), size: 1L << 40));
        Assert.Equal(1L << 40, domain.PendingBytes);
    }

    [Fact]
    public void At_the_limit_a_writer_that_asks_for_room_waits_until_the_readers_have_left()
    {
        using RcuDomain domain = new(new RcuDomainOptions { MaxPending = 10 });
        Task<bool> writer;
        using (new ParkedReader(domain))
        {
            for (var i = 0; i < 9; i++)
                domain.Retire(new Flag());
            Assert.True(domain.WaitForRoom(TimeSpan.Zero));
            domain.Retire(new Flag());
            Assert.False(domain.WaitForRoom(TimeSpan.FromMilliseconds(20)));
            Assert.Throws<OperationCanceledException>(() =>
                domain.WaitForRoom(Timeout.InfiniteTimeSpan, new CancellationTokenSource(20).Token)
            );
            writer = Task.Run(() => domain.WaitForRoom(Patience));
            Assert.False(writer.Wait(50));
        }

        Assert.True(writer.Result);
    }

    [Fact]
    public async Task A_writer_can_wait_for_room_without_a_thread()
    {
        using RcuDomain domain = new(new RcuDomainOptions { MaxPendingBytes = 1_000 });
        ValueTask<bool> waiting;
        using (new ParkedReader(domain))
        {
            domain.Retire(new Flag(), size: 1_000);
            Assert.False(await domain.WaitForRoomAsync(TimeSpan.FromMilliseconds(20)));
            using CancellationTokenSource soon = new(20);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
                await domain.WaitForRoomAsync(Timeout.InfiniteTimeSpan, soon.Token)
            );
            waiting = domain.WaitForRoomAsync(TimeSpan.MaxValue);
            Assert.False(waiting.IsCompleted);
        }

        Assert.True(await waiting);
        Assert.True(domain.WaitForRoomAsync(TimeSpan.Zero).Result);
    }

    [Fact]
    public void Waiting_for_room_in_a_scope_or_in_a_callback_throws_instead_of_waiting_for_itself()
    {
        List<Exception> seen = [];
        using RcuDomain domain = new(new RcuDomainOptions { OnCallbackException = seen.Add });
        using (domain.EnterRead())
            Assert.Throws<InvalidOperationException>(() => domain.WaitForRoom(TimeSpan.Zero));
        domain.Retire(domain, static domain => domain.WaitForRoom(TimeSpan.Zero));
        domain.Barrier();
        Assert.IsType<InvalidOperationException>(Assert.Single(seen));
    }

    [Fact]
    public void A_loop_that_reads_and_retires_keeps_the_limit_by_waiting_in_a_quiescent_scope()
    {
        const int Limit = 1_000;
        using RcuDomain domain = new(new RcuDomainOptions { MaxPending = Limit, MaxPendingBytes = 1 << 20 });
        using var me = domain.Register();
        using var region = me.EnterActive();
        long most = 0,
            mostBytes = 0;
        for (var i = 0; i < 50_000; i++)
        {
            if (!domain.HasRoom)
            {
                using (me.EnterQuiescent())
                    domain.WaitForRoom(Timeout.InfiniteTimeSpan);
            }

            RetireBlock(domain);
            most = Math.Max(most, domain.PendingCount);
            mostBytes = Math.Max(mostBytes, domain.PendingBytes);
            me.QuiescentState();
        }

        Assert.InRange(most, 1, Limit);
        Assert.InRange(mostBytes, 64, 1 << 20);
    }

    [Fact]
    public void Coming_to_a_limit_is_told_once_with_the_readers_that_may_be_the_cause()
    {
        List<RcuPressure> seen = [];
        using ManualResetEventSlim told = new();
        using RcuDomain domain = new(
            new RcuDomainOptions
            {
                Name = "tiles",
                MaxPending = 10,
                OnPressure = pressure =>
                {
                    seen.Add(pressure);
                    told.Set();
                },
            }
        );
        using (new ParkedReader(domain, "slow reader"))
        {
            for (var i = 0; i < 30; i++)
                domain.Retire(new Flag(), 7);
            Assert.True(told.Wait(Patience));
            var pressure = Assert.Single(seen);
            Assert.Equal(("tiles", "slow reader"), (pressure.Domain, Assert.Single(pressure.ActiveThreads).Name));
            Assert.InRange(pressure.Pending, 10, 30);
        }

        domain.Barrier();
        told.Reset();
        using (new ParkedReader(domain))
        {
            for (var i = 0; i < 10; i++)
                domain.Retire(new Flag());
            Assert.True(told.Wait(Patience));
        }

        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void Sizes_that_exceed_a_long_together_do_not_switch_the_limit_off()
    {
        using RcuDomain domain = new();
        using (new ParkedReader(domain))
        {
            domain.Retire(new Flag(), long.MaxValue);
            domain.Retire(new Flag(), long.MaxValue);
            Assert.Equal(long.MaxValue, domain.PendingBytes);
            Assert.False(domain.WaitForRoom(TimeSpan.Zero));
        }

        domain.Barrier();
        Assert.Equal(0, domain.PendingBytes);
    }

    private static unsafe void RetireBlock(RcuDomain domain) => domain.RetireNative(NativeMemory.Alloc(64), 64);

    private static void Within(TimeSpan time, Action action)
    {
        var run = Task.Run(action);
        Assert.True(run.Wait(time), "blocked");
    }
}
