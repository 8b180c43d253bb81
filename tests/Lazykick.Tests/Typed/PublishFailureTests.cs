using Lazykick.Tests.Support;

namespace Lazykick.Tests.Typed;

/// <summary>
/// A system that gives no thread for the reclaimer. What cannot retire the old version must not have published the new
/// one: its owner, told by the exception, disposes it.
/// </summary>
public sealed class PublishFailureTests : IDisposable
{
    private readonly FailingThreads _threads = new();
    private readonly RcuDomain _domain;

    public PublishFailureTests() => _domain = new RcuDomain(new RcuDomainOptions(), _threads);

    public void Dispose() => _domain.Dispose();

    [Fact]
    public void A_reference_keeps_its_object_and_the_new_one_is_still_the_callers()
    {
        Flag first = new(),
            next = new();
        using RcuReference<Flag> reference = new(_domain);
        reference.Exchange(first);
        _threads.Fails = true;
        Assert.Throws<NotSupportedException>(() => reference.Exchange(next));
        using (var scope = _domain.EnterRead())
            Assert.Same(first, reference.Read(scope).Value);
        Assert.Equal((0, 0), (first.Count, next.Count));
        _threads.Fails = false;
        reference.Exchange(next);
        _domain.Barrier();
        Assert.Equal((1, 0), (first.Count, next.Count));
    }

    [Fact]
    public void A_reference_that_cannot_retire_its_object_keeps_it()
    {
        Flag first = new();
        RcuReference<Flag> reference = new(_domain);
        reference.Exchange(first);
        _threads.Fails = true;
        Assert.Throws<NotSupportedException>(reference.Dispose);
        _threads.Fails = false;
        reference.Dispose();
        _domain.Barrier();
        Assert.Equal(1, first.Count);
    }

    [Fact]
    public void Versions_are_counted_as_they_are()
    {
        using HotSwap<Flag> swap = new(_domain, new Flag(), 10);
        _threads.Fails = true;
        Assert.Throws<NotSupportedException>(() => swap.Swap(new Flag(), 100));
        Assert.Equal((1L, 1L, 10L), (swap.Version, swap.OpenVersions, swap.OpenBytes));
        _threads.Fails = false;
    }

    /// <summary>The mapping of the file that was not published is closed; that of the current one is not.</summary>
    [Fact]
    public void A_mapped_file_stays_readable()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "first");
            using MappedFileSlot slot = new(_domain, path);
            _threads.Fails = true;
            Assert.Throws<NotSupportedException>(() => slot.Open(path));
            Assert.Throws<NotSupportedException>(() =>
            {
                _ = slot.OpenAsync(path, TestContext.Current.CancellationToken);
            });
            using (var scope = _domain.EnterRead())
                Assert.Equal("first"u8, slot.Read(scope).Span);
            Assert.Equal((1L, 5L), (slot.OpenFiles, slot.OpenBytes));
            _threads.Fails = false;
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_table_stays()
    {
        using RcuPointer<int> pointer = new(_domain, [1, 2]);
        _threads.Fails = true;
        Assert.Throws<NotSupportedException>(() => pointer.Publish([3]));
        using (var scope = _domain.EnterRead())
            Assert.Equal([1, 2], pointer.Read(scope).ToArray());
        _threads.Fails = false;
    }

    [Fact]
    public void A_map_that_cannot_grow_is_as_it_was()
    {
        // Three quarters of four buckets of seven.
        const int Full = 21;
        using NativeRcuMap<int, int> map = new(_domain, 16);
        for (var i = 0; i < Full; i++)
            map.Set(i, i);
        _threads.Fails = true;
        Assert.Throws<NotSupportedException>(() => map.Set(Full, 16));
        Assert.Throws<NotSupportedException>(map.Clear);
        Assert.Equal(Full, map.Count);
        using (var scope = _domain.EnterRead())
        {
            for (var i = 0; i < Full; i++)
                Assert.True(map.TryGetValue(scope, i, out var value) && value == i);
            Assert.False(map.TryGetValue(scope, Full, out _));
        }

        _threads.Fails = false;
        map.Set(Full, 16);
        Assert.Equal(Full + 1, map.Count);
    }
}
