using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

public class GracePeriodTests
{
    [Fact]
    public void Synchronize_returns_at_once_when_nobody_is_registered()
    {
        using RcuDomain domain = new();
        domain.Synchronize();
        Assert.Equal(2, domain.GracePeriod);
    }

    [Fact]
    public void Synchronize_does_not_wait_for_a_thread_in_EQS()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        domain.Synchronize();
        Assert.Equal(RcuThreadState.ExtendedQuiescent, Assert.Single(domain.GetThreads()).State);
    }

    [Fact]
    public void Synchronize_waits_for_a_read_scope_that_was_open_before()
    {
        using RcuDomain domain = new();
        using ParkedReader reader = new(domain);
        using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(50));
        Assert.Throws<OperationCanceledException>(() => domain.Synchronize(soon.Token));

        var waiting = Task.Run(() => domain.Synchronize(), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        reader.Leave();
        Assert.True(waiting.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task SynchronizeAsync_waits_without_a_thread_and_can_be_cancelled()
    {
        using RcuDomain domain = new();
        using ParkedReader reader = new(domain);
        using CancellationTokenSource cancel = new();
        var cancelled = domain.SynchronizeAsync(cancel.Token).AsTask();
        var waiting = domain.SynchronizeAsync(TestContext.Current.CancellationToken).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(waiting.Wait(50, TestContext.Current.CancellationToken));
        reader.Leave();
        await waiting;
    }

    [Fact]
    public void SynchronizeAsync_completes_in_the_call_when_all_are_in_EQS()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        Assert.True(domain.SynchronizeAsync(TestContext.Current.CancellationToken).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_cancelled_token_is_noticed_before_anything_is_done()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await domain.SynchronizeAsync(new CancellationToken(canceled: true))
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await domain.BarrierAsync(new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public void An_active_thread_ends_grace_periods_by_announcing_quiescent_states()
    {
        using RcuDomain domain = new();
        using ManualResetEventSlim active = new();
        using ManualResetEventSlim stop = new();
        Thread reader = new(() =>
        {
            using var thread = domain.Register();
            using var scope = thread.EnterActive();
            active.Set();
            while (!stop.IsSet)
                thread.QuiescentState();
        });
        reader.Start();
        active.Wait(TestContext.Current.CancellationToken);
        for (var i = 0; i < 100; i++)
            domain.Synchronize();
        Assert.Equal(KickKind.Broadcast, domain.Kick().Kind);
        stop.Set();
        reader.Join();
        Assert.Equal(new KickResult(KickKind.Skipped, 0), domain.Kick());
    }

    [Fact]
    public void A_kick_skips_threads_in_EQS_and_does_not_count_its_caller()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        using (thread.EnterRead())
            Assert.Equal(new KickResult(KickKind.Skipped, 0), domain.Kick());
        using ParkedReader one = new(domain);
        using ParkedReader two = new(domain);
        Assert.Equal(new KickResult(KickKind.Broadcast, 2), domain.Kick());
    }

    [Fact]
    public void Domains_do_not_wait_for_each_other()
    {
        using RcuDomain domain = new();
        using RcuDomain other = new();
        using ParkedReader reader = new(other);
        domain.Synchronize();
        Assert.Equal(KickKind.Skipped, domain.Kick().Kind);
    }

    [Fact]
    public void The_table_of_threads_grows_beyond_any_start_size_and_slots_are_used_again()
    {
        using RcuDomain domain = new();
        const int Count = 300;
        using CountdownEvent registered = new(Count);
        using ManualResetEventSlim leave = new();
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, Count)
                .Select(_ => new Thread(
                    () =>
                    {
                        using var thread = domain.Register();
                        using (thread.EnterRead())
                        {
                            registered.Signal();
                            leave.Wait();
                        }
                    },
                    64 * 1024
                )),
        ];
        foreach (var thread in threads)
            thread.Start();
        registered.Wait(TestContext.Current.CancellationToken);
        Assert.Equal(Count, domain.GetThreads().Count);
        Assert.Equal(Count, domain.Kick().ActiveThreads);
        leave.Set();
        foreach (var thread in threads)
            thread.Join();
        Assert.Empty(domain.GetThreads());
        using var again = domain.Register();
        Assert.Single(domain.GetThreads());
    }
}
