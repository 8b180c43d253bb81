using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

/// <summary>Reading on any thread, without a handle.</summary>
public class ThreadReadTests
{
    [Fact]
    public void A_thread_of_the_pool_reads_and_is_registered_once_a_domain()
    {
        using RcuDomain domain = new(),
            other = new();
        Threads.Run(() =>
        {
            for (var i = 0; i < 10; i++)
            {
                using var scope = domain.EnterRead();
                using var inner = other.EnterRead();
                Assert.Equal(1, domain.ActiveThreads());
                using var nested = domain.EnterRead();
            }

            Assert.Contains(
                "ThreadReadTests.cs",
                Assert.Single(domain.GetThreads()).RegisteredIn,
                StringComparison.Ordinal
            );
            Assert.Single(other.GetThreads());
        });
    }

    [Fact]
    public void A_grace_period_waits_for_it()
    {
        using RcuDomain domain = new();
        using ManualResetEventSlim inside = new(),
            leave = new();
        var reader = Task.Factory.StartNew(
            () =>
            {
                using (domain.EnterRead())
                {
                    inside.Set();
                    leave.Wait();
                }
            },
            TaskCreationOptions.LongRunning
        );
        inside.Wait(TestContext.Current.CancellationToken);
        Assert.False(domain.Synchronize(TimeSpan.FromMilliseconds(20)));
        leave.Set();
        Assert.True(domain.Synchronize(TimeSpan.FromSeconds(30)));
        reader.Wait(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Threads_that_have_ended_are_taken_back()
    {
        using RcuDomain domain = new();
        for (var i = 0; i < 100; i++)
            Threads.Run(() => domain.EnterRead().Dispose());
        Assert.InRange(domain.GetThreads().Count, 1, 8);
    }

    [Fact]
    public void A_thread_forgets_domains_that_have_been_disposed()
    {
        var domain = UseAndDispose();
        using RcuDomain next = new();
        using (next.EnterRead()) { }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(domain.TryGetTarget(out _));

        static WeakReference<RcuDomain> UseAndDispose()
        {
            using RcuDomain domain = new();
            using (domain.EnterRead())
                return new WeakReference<RcuDomain>(domain);
        }
    }

    [Fact]
    public void Waiting_inside_such_a_scope_throws_like_inside_any_other()
    {
        using RcuDomain domain = new();
        using var scope = domain.EnterRead();
        Assert.Throws<InvalidOperationException>(() => domain.Synchronize());
        Assert.Equal(KickKind.Skipped, domain.Kick().Kind);
    }

    [Fact]
    public void A_thread_finds_its_slot_in_each_of_many_domains()
    {
        RcuDomain[] domains = [.. Enumerable.Range(0, 100).Select(static _ => new RcuDomain())];
        for (var round = 0; round < 3; round++)
        {
            foreach (var domain in domains)
            {
                using var scope = domain.EnterRead();
                Assert.Equal(RcuThreadState.Active, Assert.Single(domain.GetThreads()).State);
            }
        }

        foreach (var domain in domains)
            domain.Dispose();
    }
}
