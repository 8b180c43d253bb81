using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

public class StallTests
{
    [Fact]
    public void A_stalled_grace_period_is_reported_with_the_readers_name_and_where_it_registered()
    {
        List<RcuStall> stalls = [];
        using CancellationTokenSource cancel = new();
        using RcuDomain domain = new(
            new RcuDomainOptions
            {
                Name = "routes",
                StallTimeout = TimeSpan.FromSeconds(10),
                TimeProvider = new ManualClock(TimeSpan.FromSeconds(4)),
                OnStall = stall =>
                {
                    stalls.Add(stall);
                    if (stalls.Count == 2)
                        cancel.Cancel();
                },
            }
        );
        using ParkedReader reader = new(domain, "route reader");
        Assert.Throws<OperationCanceledException>(() => domain.Synchronize(cancel.Token));
        Assert.Equal([TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(20)], stalls.Select(stall => stall.Waited));
        var first = stalls[0];
        var blocker = Assert.Single(first.Blockers);
        Assert.Equal(("route reader", "routes", 2L), (blocker.Name, first.Domain, first.GracePeriod));
        Assert.Contains("ParkedReader.cs:", blocker.RegisteredIn, StringComparison.Ordinal);
        Assert.Contains("route reader (registered in", first.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_thread_that_did_not_register_itself_is_reported_by_its_first_read()
    {
        const string MayBeAnother = "the scope that is open may be another";
        List<RcuStall> stalls = [];
        using CancellationTokenSource cancel = new();
        using RcuDomain domain = new(
            new RcuDomainOptions
            {
                StallTimeout = TimeSpan.FromSeconds(10),
                TimeProvider = new ManualClock(TimeSpan.FromSeconds(4)),
                OnStall = stall =>
                {
                    stalls.Add(stall);
                    cancel.Cancel();
                },
            }
        );
        void Read()
        {
            using var scope = domain.EnterRead();
        }

        Read();
        var idle = Assert.Single(domain.GetThreads()).ToString();
        Assert.Contains("in EQS; first read in ", idle, StringComparison.Ordinal);
        using (domain.EnterRead())
        {
            Threads.Run(() => Assert.Throws<OperationCanceledException>(() => domain.Synchronize(cancel.Token)));
            var info = Assert.Single(domain.GetThreads());
            Assert.True(info.IsByFirstRead);
            foreach (var text in new[] { stalls[0].ToString(), info.ToString() })
            {
                Assert.Contains("first read in ", text, StringComparison.Ordinal);
                Assert.Contains(MayBeAnother, text, StringComparison.Ordinal);
                Assert.DoesNotContain("registered in", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_thread_that_died_in_its_scope_is_reaped_and_the_grace_period_ends()
    {
        using RcuDomain domain = new();
        Threads.Run(() => domain.Register().EnterRead(), "careless");
        Assert.Equal(RcuThreadState.Active, Assert.Single(domain.GetThreads()).State);
        Assert.False(domain.GetThreads()[0].IsAlive);
        domain.Synchronize();
        Assert.Empty(domain.GetThreads());
    }

    [Fact]
    public void Threads_that_died_in_EQS_make_room_for_new_ones()
    {
        using RcuDomain domain = new();
        for (var i = 0; i < 100; i++)
            Threads.Run(() => domain.Register());

        // The first table's size: only a registration that finds the table full pays for looking.
        Assert.InRange(domain.GetThreads().Count, 0, 8);
    }

    [Fact]
    public void A_dead_threads_registration_can_be_disposed_by_anybody()
    {
        using RcuDomain domain = new();
        RcuThread? handle = null;
        Threads.Run(() => handle = domain.Register());
        handle!.Dispose();
        Assert.Empty(domain.GetThreads());
        handle.Dispose();
    }

    [Fact]
    public void Readers_that_each_leave_in_time_but_one_after_the_other_are_one_stall()
    {
        List<RcuStall> stalls = [];
        using RcuDomain domain = new(
            new RcuDomainOptions { StallTimeout = TimeSpan.FromMilliseconds(150), OnStall = stalls.Add }
        );
        ParkedReader[] readers = [.. Enumerable.Range(0, 6).Select(i => new ParkedReader(domain, $"reader {i}"))];
        Thread leaving = new(() =>
        {
            foreach (var reader in readers)
            {
                Thread.Sleep(100);
                reader.Dispose();
            }
        });
        leaving.Start();
        domain.Synchronize();
        leaving.Join();
        Assert.InRange(stalls.Count, 2, 6);
        Assert.All(stalls, stall => Assert.Equal(RcuStallKind.GracePeriod, stall.Kind));
        Assert.True(stalls[^1].Waited > stalls[0].Waited);
    }

    [Fact]
    public void A_blocker_is_reported_with_the_grace_period_that_it_has_seen()
    {
        RcuStall? seen = null;
        using CancellationTokenSource cancel = new();
        using RcuDomain domain = new(
            new RcuDomainOptions
            {
                StallTimeout = TimeSpan.FromSeconds(10),
                TimeProvider = new ManualClock(TimeSpan.FromSeconds(4)),
                OnStall = stall =>
                {
                    seen = stall;
                    cancel.Cancel();
                },
            }
        );
        domain.Synchronize();
        domain.Synchronize();
        using ParkedReader reader = new(domain);
        domain.StartPoll();
        domain.StartPoll();
        Assert.Throws<OperationCanceledException>(() => domain.Synchronize(cancel.Token));
        Assert.Equal((6L, 3L), (seen!.GracePeriod, Assert.Single(seen.Blockers).GracePeriod));
    }
}
