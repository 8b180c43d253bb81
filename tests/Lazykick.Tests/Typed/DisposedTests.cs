using Lazykick.Tests.Support;

namespace Lazykick.Tests.Typed;

/// <summary>
/// What publishes is disposed once and for all: no member brings it back, and no writer that races leaks.
/// </summary>
public class DisposedTests
{
    [Fact]
    public void Nothing_is_published_after_Dispose()
    {
        using RcuDomain domain = new();
        Flag first = new(),
            late = new();
        RcuReference<Flag> reference = new(domain);
        reference.Exchange(first);
        RcuReference<Flag> empty = new(domain);
        RcuPointer<int> pointer = new(domain, [1]);
        RcuPointer<int> emptyPointer = new(domain);
        HotSwap<Flag> swap = new(domain, new Flag(), 10);
        NativeRcuMap<int, int> map = new(domain);
        foreach (var one in new IDisposable[] { reference, empty, pointer, emptyPointer, swap, map })
        {
            one.Dispose();
            one.Dispose();
        }

        (string Name, Action Call)[] calls =
        [
            ("RcuReference", () => reference.Exchange(late)),
            ("RcuReference", () => reference.Exchange(null)),
            ("RcuReference", () => empty.Exchange(late)),
            ("RcuPointer", () => pointer.Publish([2])),
            ("RcuPointer", () => pointer.Publish(1, 0, static (_, _) => { })),
            ("RcuPointer", () => emptyPointer.Publish([2])),
            ("HotSwap", () => swap.Swap(late)),
            ("HotSwap", () => { _ = swap.SwapAsync(late); }),
            ("NativeRcuMap", () => map.Set(1, 1)),
            ("NativeRcuMap", () => map.TryAdd(1, 1)),
            ("NativeRcuMap", () => map.TryRemove(1)),
            ("NativeRcuMap", map.Clear),
            ("NativeRcuMap", () => _ = map.Count),
            ("NativeRcuMap", () => _ = map.ByteCount),
        ];
        foreach (var (name, call) in calls)
        {
            var exception = Assert.Throws<ObjectDisposedException>(call);
            Assert.Equal(name, exception.ObjectName);
            Assert.Contains("Stop its readers and writers", exception.Message, StringComparison.Ordinal);
        }

        domain.Barrier();
        Assert.Equal((1, 0, 0L), (first.Count, late.Count, swap.OpenVersions));
        Assert.Null(reference.Pin());
        using var scope = domain.EnterRead();
        Assert.False(reference.Read(scope).HasValue);
        Assert.True(pointer.Read(scope).IsEmpty);
    }

    [Fact]
    public void Nothing_is_made_for_a_disposed_domain()
    {
        RcuDomain domain = new();
        domain.Dispose();
        Action[] calls =
        [
            () => _ = new RcuReference<Flag>(domain),
            () => _ = new RcuPointer<int>(domain),
            () => _ = new RcuPointer<int>(domain, [1]),
            () => _ = new HotSwap<Flag>(domain),
            () => _ = new MappedFileSlot(domain),
            () => _ = new NativeRcuMap<int, int>(domain),
        ];
        Assert.All(
            calls,
            call => Assert.Equal(nameof(RcuDomain), Assert.Throws<ObjectDisposedException>(call).ObjectName)
        );
    }

    [Fact]
    public void A_disposed_pin_says_so()
    {
        using RcuDomain domain = new();
        using HotSwap<Flag> swap = new(domain, new Flag());
        var pin = swap.Pin()!;
        pin.Dispose();
        Assert.Equal("RcuPin", Assert.Throws<ObjectDisposedException>(() => pin.Value).ObjectName);
    }

    [Fact]
    public void A_table_that_was_being_filled_when_its_pointer_was_disposed_is_refused()
    {
        using RcuDomain domain = new();
        RcuPointer<int> pointer = new(domain, [1]);
        Assert.Throws<ObjectDisposedException>(() => pointer.Publish(1, pointer, static (_, it) => it.Dispose()));
        using var scope = domain.EnterRead();
        Assert.True(pointer.Read(scope).IsEmpty);
    }

    [Fact]
    public void A_writer_that_races_with_Dispose_leaks_nothing()
    {
        const int Most = 1_000_000;
        using RcuDomain domain = new();
        var rounds = LongMode.IsOn ? 2_000 : 40;
        for (var round = 0; round < rounds; round++)
        {
            List<Flag> published = [];
            Flag? refused = null;
            HotSwap<Flag> swap = new(domain);
            Threads.RunTogether(
                () =>
                {
                    for (var i = 0; i < Most && refused is null; i++)
                    {
                        Flag next = new();
                        try
                        {
                            swap.Swap(next, 1);
                            published.Add(next);
                        }
                        catch (ObjectDisposedException)
                        {
                            refused = next;
                        }
                    }
                },
                () =>
                {
                    // Dispose should find the writer in the middle of a swap.
                    SpinWait.SpinUntil(() => swap.Version >= 10);
                    swap.Dispose();
                }
            );
            domain.Barrier();
            Assert.NotNull(refused);
            Assert.Equal((0, 0L, 0L), (refused.Count, swap.OpenVersions, swap.OpenBytes));
            Assert.All(published, flag => Assert.Equal(1, flag.Count));
        }
    }
}
