using Lazykick.Tests.Support;

namespace Lazykick.Tests.Typed;

public class HotSwapTests
{
    [Fact]
    public async Task A_swap_is_over_when_the_version_before_has_been_closed()
    {
        using RcuDomain domain = new();
        Flag first = new(),
            second = new();
        HotSwap<Flag> model = new(domain, first, 100);
        Task swapped;
        using (ParkedReader reader = new(domain))
        {
            swapped = model.SwapAsync(second, 200).AsTask();
            Assert.False(swapped.IsCompleted);
            Assert.Equal((2L, 2L, 300L), (model.Version, model.OpenVersions, model.OpenBytes));
        }

        await swapped;
        Assert.Equal((1, 0), (first.Count, second.Count));
        Assert.Equal((1L, 200L), (model.OpenVersions, model.OpenBytes));
        await model.DisposeAsync();
        Assert.Equal((1, 0L, 0L), (second.Count, model.OpenVersions, model.OpenBytes));
    }

    [Fact]
    public void Dispose_waits_for_readers_and_pins()
    {
        using RcuDomain domain = new();
        Flag flag = new();
        HotSwap<Flag> model = new(domain, flag);
        var pin = model.Pin()!;
        var disposing = Task.Run(model.Dispose);
        Assert.False(disposing.Wait(50));
        pin.Dispose();
        Assert.True(disposing.Wait(30_000));
        Assert.Equal(1, flag.Count);
        Assert.Null(model.Pin());
    }

    [Fact]
    public void Dispose_inside_a_scope_throws_and_does_nothing()
    {
        using RcuDomain domain = new();
        Flag flag = new();
        HotSwap<Flag> model = new(domain, flag);
        using (var scope = domain.EnterRead())
        {
            Assert.StartsWith(
                "HotSwap.Dispose waits",
                Assert.Throws<InvalidOperationException>(model.Dispose).Message,
                StringComparison.Ordinal
            );
            Assert.Throws<InvalidOperationException>(() =>
            {
                _ = model.DisposeAsync();
            });
            Assert.Same(flag, model.Read(scope).Value);
        }

        model.Dispose();
        Assert.Equal(1, flag.Count);
        using (domain.EnterRead())
            model.Dispose();
    }

    [Fact]
    public void Dispose_inside_a_callback_does_not_wait_for_itself()
    {
        List<Exception> failures = [];
        using RcuDomain domain = new(new RcuDomainOptions { OnCallbackException = failures.Add });
        Flag flag = new();
        domain.Retire(new HotSwap<Flag>(domain, flag));
        domain.Barrier();
        domain.Barrier();
        Assert.Equal(1, flag.Count);
        Assert.Empty(failures);
    }

    [Fact]
    public async Task Waiting_for_a_swap_inside_a_scope_or_a_callback_throws_before_it_swaps()
    {
        List<Exception> failures = [];
        using RcuDomain domain = new(new RcuDomainOptions { OnCallbackException = failures.Add });
        using HotSwap<Flag> model = new(domain, new Flag());
        Flag next = new();
        using (domain.EnterRead())
        {
            Assert.StartsWith(
                "HotSwap.SwapAsync waits",
                Assert.Throws<InvalidOperationException>(() => { _ = model.SwapAsync(next); }).Message,
                StringComparison.Ordinal
            );
        }

        domain.Retire(model, model => { _ = model.SwapAsync(next); });
        domain.Retire(model, static model => { _ = model.DisposeAsync(); });
        await domain.BarrierAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, failures.Count);
        Assert.All(failures, failure => Assert.IsType<InvalidOperationException>(failure));
        Assert.Equal((1L, 0), (model.Version, next.Count));
    }

    [Fact]
    public async Task Dispose_gives_up_after_the_domains_time_names_who_holds_it_up_and_goes_on_when_called_again()
    {
        RcuDomainOptions options = new() { DisposeTimeout = TimeSpan.FromMilliseconds(100) };
        RcuDomain domain = new(options);
        Flag flag = new();
        HotSwap<Flag> model = new(domain, flag);
        using (new ParkedReader(domain, "model reader"))
        {
            var message = Assert.Throws<TimeoutException>(model.Dispose).Message;
            Assert.Contains("HotSwap", message, StringComparison.Ordinal);
            Assert.Contains("model reader (registered in", message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<TimeoutException>(async () => await model.DisposeAsync());
            Assert.Equal(0, flag.Count);
        }

        await domain.BarrierAsync(TestContext.Current.CancellationToken);
        model.Dispose();
        await model.DisposeAsync();
        Assert.Equal(1, flag.Count);
        await domain.DisposeAsync();
    }

    [Fact]
    public void A_version_that_throws_when_it_is_closed_is_closed_all_the_same()
    {
        List<Exception> failures = [];
        using RcuDomain domain = new(new RcuDomainOptions { OnCallbackException = failures.Add });
        HotSwap<IDisposable> model = new(domain, new Throwing());
        model.SwapAsync(new Flag()).AsTask().Wait(TestContext.Current.CancellationToken);
        domain.Barrier();
        Assert.IsType<FormatException>(Assert.Single(failures));
        Assert.Equal(1, model.OpenVersions);
        model.Dispose();
    }

    [Fact]
    public void A_refused_version_is_still_the_callers()
    {
        RcuDomain domain = new();
        Flag first = new(),
            late = new();
        HotSwap<Flag> model = new(domain, first);
        domain.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Swap(late, 5));
        Assert.Throws<ArgumentNullException>(() => model.Swap(null!));
        Assert.Equal((0, 1L, 0L), (late.Count, model.OpenVersions, model.OpenBytes));
        model.Dispose();
        Assert.Equal(1, first.Count);
    }

    private sealed class Throwing : IDisposable
    {
        public void Dispose() => throw new FormatException();
    }
}
