using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

public class DisposeTests
{
    [Fact]
    public void No_reader_is_in_a_scope_when_Dispose_has_returned()
    {
        // A reader that opens and closes scopes is in EQS half of the time, so most rounds hit the gap between its look
        // at the domain and its exchange.
        var rounds = LongMode.IsOn ? 20_000 : 400;
        for (var round = 0; round < rounds; round++)
        {
            RcuDomain domain = new();
            int freed = 0,
                bad = 0;
            using ManualResetEventSlim go = new();
            Thread reader = new(() =>
            {
                using var me = domain.Register();
                go.Set();
                try
                {
                    while (true)
                    {
                        using var scope = me.EnterRead();
                        for (var k = 0; k < 50; k++)
                            bad += Volatile.Read(ref freed);
                    }
                }
                catch (ObjectDisposedException)
                {
                    // What it waits for.
                }
            });
            reader.Start();
            go.Wait(TestContext.Current.CancellationToken);
            if (round % 2 == 0)
                domain.Retire(new Flag());
            domain.Dispose();
            Volatile.Write(ref freed, 1);
            reader.Join();
            Assert.Equal(0, bad);
        }
    }

    [Fact]
    public void Dispose_runs_what_is_pending()
    {
        Flag[] flags = [.. Enumerable.Range(0, 1_000).Select(_ => new Flag())];
        using (RcuDomain domain = new())
        {
            foreach (var flag in flags)
                domain.Retire(flag);
        }

        Assert.All(flags, flag => Assert.Equal(1, flag.Count));
    }

    [Fact]
    public void Callbacks_may_retire_read_register_and_synchronise_while_Dispose_waits_for_them()
    {
        List<Exception> failures = [];
        var child = 0;
        using ManualResetEventSlim disposing = new();
        RcuDomain domain = new(new RcuDomainOptions { OnCallbackException = failures.Add });
        domain.Retire(
            domain,
            domain =>
            {
                disposing.Wait();
                Thread.Sleep(50);
                domain.Synchronize();
                domain.SynchronizeAsync().AsTask().Wait();
                using (domain.EnterRead())
                    domain.Retire(domain, domain => domain.Retire(0, _ => Interlocked.Increment(ref child)));
                using var me = domain.Register();
                using var scope = me.EnterRead();
                Interlocked.Increment(ref child);
            }
        );
        disposing.Set();
        domain.Dispose();
        Assert.Empty(failures);
        Assert.Equal(2, child);
    }

    [Fact]
    public async Task DisposeAsync_does_the_same()
    {
        Flag flag = new();
        RcuDomain domain = new();
        Task disposing;
        using (ParkedReader reader = new(domain))
        {
            domain.Retire((domain, flag), static state => state.domain.Retire(state.flag));
            disposing = domain.DisposeAsync().AsTask();
            await Task.Delay(50, TestContext.Current.CancellationToken);
            Assert.False(disposing.IsCompleted);
            Assert.False(flag.IsDisposed);
        }

        await disposing;
        Assert.True(flag.IsDisposed);
        await domain.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => domain.Synchronize());
    }

    [Fact]
    public async Task A_reader_that_does_not_leave_is_named_and_Dispose_can_be_called_again()
    {
        Flag flag = new();
        RcuDomain domain = new(
            new RcuDomainOptions { Name = "models", DisposeTimeout = TimeSpan.FromMilliseconds(50) }
        );
        using (new ParkedReader(domain, "model reader"))
        {
            domain.Retire(flag);
            var message = Assert.Throws<TimeoutException>(domain.Dispose).Message;
            Assert.Contains("model reader (registered in", message, StringComparison.Ordinal);
            Assert.Contains("'models'", message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<TimeoutException>(async () => await domain.DisposeAsync());
            Assert.Throws<ObjectDisposedException>(() => domain.EnterRead());
            Assert.False(flag.IsDisposed);
        }

        domain.Dispose();
        domain.Dispose();
        Assert.True(flag.IsDisposed);
    }

    [Fact]
    public async Task A_callback_that_does_not_end_is_named()
    {
        using ManualResetEventSlim end = new();
        RcuDomain domain = new();
        domain.Retire(end, static end => end.Wait());
        var limit = TimeSpan.FromMilliseconds(100);
        Assert.Contains(
            nameof(A_callback_that_does_not_end_is_named),
            Assert.Throws<TimeoutException>(() => domain.Dispose(limit)).Message,
            StringComparison.Ordinal
        );
        await Assert.ThrowsAsync<TimeoutException>(async () => await domain.DisposeAsync(limit));
        end.Set();
        domain.Dispose();
    }

    [Fact]
    public async Task A_chain_of_callbacks_without_an_end_is_named()
    {
        var stop = false;
        RcuDomain domain = new();
        void Again(RcuDomain domain)
        {
            if (!Volatile.Read(ref stop))
                domain.Retire(domain, Again);
        }

        domain.Retire(domain, Again);
        var limit = TimeSpan.FromMilliseconds(200);
        Assert.Contains(
            nameof(Again),
            Assert.Throws<TimeoutException>(() => domain.Dispose(limit)).Message,
            StringComparison.Ordinal
        );
        var thrown = await Assert.ThrowsAsync<TimeoutException>(async () => await domain.DisposeAsync(limit));
        Assert.Contains(nameof(Again), thrown.Message, StringComparison.Ordinal);
        Volatile.Write(ref stop, true);
        await domain.DisposeAsync();
    }

    [Fact]
    public void A_thread_that_did_not_register_itself_is_named_by_its_first_read()
    {
        RcuDomain domain = new();
        using (domain.EnterRead()) { }

        using (domain.EnterRead())
        {
            Threads.Run(() =>
            {
                var message = Assert.Throws<TimeoutException>(() => domain.Dispose(TimeSpan.Zero)).Message;
                Assert.Contains("first read in ", message, StringComparison.Ordinal);
                Assert.Contains("the scope that is open may be another", message, StringComparison.Ordinal);
                Assert.DoesNotContain("registered in", message, StringComparison.Ordinal);
            });
        }

        domain.Dispose();
    }

    [Fact]
    public void Dispose_called_by_many_threads_returns_to_each_when_it_is_over()
    {
        RcuDomain domain = new();
        Flag flag = new();
        domain.Retire(
            flag,
            static flag =>
            {
                Thread.Sleep(50);
                flag.Dispose();
            }
        );
        Action dispose = () =>
        {
            domain.Dispose();
            Assert.True(flag.IsDisposed);
        };
        Threads.RunTogether(dispose, dispose, dispose);
    }

    [Fact]
    public void Dispose_inside_a_scope_or_a_callback_throws_and_leaves_the_domain_as_it_was()
    {
        List<Exception> failures = [];
        using RcuDomain domain = new(new RcuDomainOptions { OnCallbackException = failures.Add });
        using (domain.EnterRead())
        {
            Assert.Throws<InvalidOperationException>(domain.Dispose);
            Assert.StartsWith(
                "DisposeAsync waits",
                Assert.Throws<InvalidOperationException>(() => { _ = domain.DisposeAsync(); }).Message,
                StringComparison.Ordinal
            );
        }

        domain.Retire(domain, static domain => domain.Dispose());
        domain.Barrier();
        Assert.IsType<InvalidOperationException>(Assert.Single(failures));
        Assert.False(domain.Stopping.IsCancellationRequested);
        domain.Synchronize();
    }

    [Fact]
    public void Readers_and_writers_learn_from_the_token_and_from_their_next_call()
    {
        RcuDomain domain = new();
        using CountdownEvent go = new(2);
        var inner = 0;
        Thread reader = new(() =>
        {
            using var me = domain.Register();
            using var scope = me.EnterRead();
            go.Signal();
            domain.Stopping.WaitHandle.WaitOne();

            // What is open stays usable, also for a helper that opens a scope of its own.
            using (me.EnterRead())
                inner++;
        });
        Thread loop = new(() =>
        {
            using var me = domain.Register();
            using var region = me.EnterActive();
            go.Signal();
            Assert.Throws<ObjectDisposedException>(
                new Action(() =>
                {
                    while (true)
                        me.QuiescentState();
                })
            );
        });
        reader.Start();
        loop.Start();
        go.Wait(TestContext.Current.CancellationToken);
        domain.Dispose();
        reader.Join();
        loop.Join();
        Assert.Equal(1, inner);
    }

    [Fact]
    public async Task A_disposed_domain_refuses_everything()
    {
        RcuDomain domain = new();
        var thread = domain.Register();
        domain.Dispose();
        Action[] calls =
        [
            () => thread.EnterRead(),
            () => thread.EnterActive(),
            () => thread.EnterQuiescent(),
            thread.QuiescentState,
            () => domain.EnterRead(),
            () => domain.Register(),
            () => domain.Synchronize(),
            () => domain.Synchronize(TimeSpan.Zero),
            () => domain.Retire(new Flag()),
            () => domain.Barrier(),
            () => domain.WaitForRoom(TimeSpan.Zero),
            () => domain.Kick(),
            () => domain.GetThreads(),
            () => domain.StartPoll(),
        ];
        Assert.All(calls, call => Assert.Throws<ObjectDisposedException>(call));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await domain.SynchronizeAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await domain.BarrierAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await domain.WaitForRoomAsync(TimeSpan.Zero));
        thread.Dispose();
    }

    [Fact]
    public void A_domain_with_a_dead_active_thread_can_be_disposed()
    {
        Flag flag = new();
        using (RcuDomain domain = new())
        {
            Threads.Run(() => domain.Register().EnterRead());
            domain.Retire(flag);
        }

        Assert.True(flag.IsDisposed);
    }
}
