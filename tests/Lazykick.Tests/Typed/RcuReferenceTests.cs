using Lazykick.Tests.Support;

namespace Lazykick.Tests.Typed;

public class RcuReferenceTests
{
    [Fact]
    public void The_old_object_is_disposed_once_and_only_after_the_readers_left()
    {
        using RcuDomain domain = new();
        Flag first = new(),
            second = new();
        using RcuReference<Flag> reference = new(domain);
        reference.Exchange(first, 10);
        using (var scope = domain.EnterRead())
        {
            var flag = reference.Read(scope);
            Threads.Run(() => reference.Exchange(second));
            Assert.True(flag.HasValue);
            Assert.False(flag.Value.IsDisposed);
            Assert.Same(second, reference.Read(scope).Value);
            Assert.Equal(10, domain.PendingBytes);
        }

        domain.Barrier();
        Assert.Equal((1, 0), (first.Count, second.Count));
        reference.Dispose();
        domain.Barrier();
        Assert.Equal(1, second.Count);
    }

    [Fact]
    public void Nothing_there_is_told_apart()
    {
        using RcuDomain domain = new();
        using RcuReference<Flag> reference = new(domain);
        using (var scope = domain.EnterRead())
            Assert.False(reference.Read(scope).HasValue);
        Assert.Throws<InvalidOperationException>(() =>
        {
            using var scope = domain.EnterRead();
            return reference.Read(scope).Value;
        });
        Assert.Null(reference.Pin());
    }

    [Fact]
    public async Task A_pin_holds_the_object_across_awaits_and_delays_no_grace_period()
    {
        using RcuDomain domain = new();
        Flag flag = new();
        using RcuReference<Flag> reference = new(domain);
        reference.Exchange(flag);
        var pin = reference.Pin()!;
        var other = reference.Pin()!;
        reference.Exchange(new Flag());
        await Task.Yield();
        await domain.BarrierAsync(TestContext.Current.CancellationToken);
        Assert.False(pin.Value.IsDisposed);
        pin.Dispose();
        pin.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pin.Value);
        Assert.Equal(0, flag.Count);
        other.Dispose();
        Assert.Equal(1, flag.Count);
    }

    [Fact]
    public void After_the_domain_the_object_can_be_disposed_but_not_exchanged()
    {
        RcuDomain domain = new();
        Flag flag = new(),
            late = new();
        RcuReference<Flag> reference = new(domain);
        reference.Exchange(flag);
        domain.Dispose();
        Assert.Throws<ObjectDisposedException>(() => reference.Exchange(late));
        Assert.Throws<ObjectDisposedException>(() => reference.Pin());
        reference.Dispose();
        Assert.Equal((1, 0), (flag.Count, late.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => reference.Exchange(null, -1));
    }

    [Fact]
    public void Pins_readers_and_exchanges_race_and_each_object_is_disposed_once()
    {
        using RcuDomain domain = new();
        using RcuReference<Flag> reference = new(domain);
        List<Flag> all = [];
        var stop = false;
        void Use()
        {
            while (!Volatile.Read(ref stop))
            {
                using (var pin = reference.Pin())
                    Assert.False(pin?.Value.IsDisposed ?? false);
                using var scope = domain.EnterRead();
                var borrow = reference.Read(scope);
                Assert.False(borrow.HasValue && borrow.Value.IsDisposed);
            }
        }

        Threads.RunTogether(
            Use,
            Use,
            () =>
            {
                for (var i = 0; i < 20_000; i++)
                {
                    all.Add(new Flag());
                    reference.Exchange(all[^1]);
                }

                Volatile.Write(ref stop, true);
            }
        );
        reference.Dispose();
        domain.Barrier();
        Assert.All(all, flag => Assert.Equal(1, flag.Count));
    }

    [Fact]
    public void The_current_object_cannot_be_exchanged_for_itself()
    {
        using RcuDomain domain = new();
        Flag flag = new();
        using HotSwap<Flag> swap = new(domain, flag, 10);
        Assert.Throws<ArgumentException>(() => swap.Swap(flag, 10));
        domain.Barrier();
        Assert.Equal((0, 1L, 10L), (flag.Count, swap.OpenVersions, swap.OpenBytes));
    }
}
