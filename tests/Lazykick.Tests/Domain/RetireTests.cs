using System.Runtime.InteropServices;
using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

public class RetireTests
{
    [Fact]
    public void A_retired_resource_is_disposed_once_and_only_after_the_readers_left()
    {
        using RcuDomain domain = new();
        Flag flag = new();
        using (ParkedReader reader = new(domain))
        {
            domain.Retire(flag);
            using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(50));
            Assert.Throws<OperationCanceledException>(() => domain.Barrier(soon.Token));
            Assert.False(flag.IsDisposed);
            Assert.Equal(1, domain.PendingCount);
        }

        domain.Barrier();
        Assert.Equal(1, flag.Count);
        Assert.Equal(0, domain.PendingCount);
    }

    [Fact]
    public void Callbacks_run_in_the_order_of_retirement()
    {
        using RcuDomain domain = new();
        List<int> order = [];
        for (var i = 0; i < 1_000; i++)
            domain.Retire((order, i), static state => state.order.Add(state.i));
        domain.Barrier();
        Assert.Equal(Enumerable.Range(0, 1_000), order);
    }

    [Fact]
    public async Task BarrierAsync_completes_after_all_earlier_callbacks()
    {
        using RcuDomain domain = new();
        Flag[] flags = [.. Enumerable.Range(0, 100).Select(_ => new Flag())];
        Task barrier;
        using (ParkedReader reader = new(domain))
        {
            foreach (var flag in flags)
                domain.Retire(flag);
            barrier = domain.BarrierAsync(TestContext.Current.CancellationToken).AsTask();
            Assert.False(barrier.IsCompleted);
        }

        await barrier;
        Assert.All(flags, flag => Assert.Equal(1, flag.Count));
        Assert.True(
            domain.BarrierAsync(TestContext.Current.CancellationToken).IsCompletedSuccessfully
                || domain.PendingCount > 0
        );
    }

    [Fact]
    public void Retiring_is_allowed_inside_a_read_scope_and_inside_a_callback()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        Flag flag = new();
        using (thread.EnterRead())
            domain.Retire((domain, flag), static state => state.domain.Retire(state.flag));
        domain.Barrier();
        domain.Barrier();
        Assert.Equal(1, flag.Count);
    }

    [Fact]
    public unsafe void Native_memory_is_counted_until_it_is_freed()
    {
        using RcuDomain domain = new();
        using (ParkedReader reader = new(domain))
        {
            domain.RetireNative(NativeMemory.Alloc(4096), 4096);
            domain.RetireNative(null, 17);
            Assert.Equal(4096, domain.PendingBytes);
        }

        domain.Barrier();
        Assert.Equal(0, domain.PendingBytes);
    }

    [Fact]
    public void An_exception_in_a_callback_reaches_the_handler_and_the_next_callbacks_run()
    {
        List<Exception> seen = [];
        using RcuDomain domain = new(new RcuDomainOptions { OnCallbackException = seen.Add });
        Flag flag = new();
        domain.Retire(0, static _ => throw new FormatException("broken"));
        domain.Retire(flag);
        domain.Barrier();
        Assert.Equal("broken", Assert.IsType<FormatException>(Assert.Single(seen)).Message);
        Assert.True(flag.IsDisposed);
    }

    [Fact]
    public void Waiting_for_callbacks_inside_a_callback_throws()
    {
        List<Exception> seen = [];
        using RcuDomain domain = new(new RcuDomainOptions { OnCallbackException = seen.Add });
        domain.Retire(domain, static domain => domain.Barrier());
        domain.Retire(domain, static domain => domain.Dispose());
        domain.Retire(domain, static domain => domain.Synchronize());
        domain.Barrier();
        Assert.Equal(2, seen.Count);
        Assert.All(seen, exception => Assert.IsType<InvalidOperationException>(exception));
    }

    [Fact]
    public void Bad_arguments_throw()
    {
        using RcuDomain domain = new();
        Assert.Throws<ArgumentNullException>(() => domain.Retire(null!));
        Assert.Throws<ArgumentNullException>(() => domain.Retire<int>(1, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => domain.Retire(new Flag(), size: -1));
    }
}
