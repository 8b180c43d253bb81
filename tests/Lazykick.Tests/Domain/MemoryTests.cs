using System.Runtime.InteropServices;
using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

/// <summary>What a domain keeps for itself.</summary>
[Collection(nameof(Alone))]
public class MemoryTests
{
    [Fact]
    public void The_table_of_threads_shrinks_when_they_have_gone()
    {
        using RcuDomain domain = new();
        RcuThread[] threads = [.. Enumerable.Range(0, 10_000).Select(_ => domain.Register())];
        Assert.Equal(10_000, domain.ScannedSlots);
        foreach (var thread in threads)
            thread.Dispose();
        Assert.InRange(domain.ScannedSlots, 0, 8);
        using var again = domain.Register();
        domain.Synchronize();
    }

    [Fact]
    public void A_table_that_has_shrunk_still_has_its_active_threads()
    {
        using RcuDomain domain = new();
        using ParkedReader reader = new(domain);
        RcuThread[] threads = [.. Enumerable.Range(0, 1_000).Select(_ => domain.Register())];
        using ParkedReader other = new(domain);
        foreach (var thread in threads)
            thread.Dispose();
        Assert.Equal(2, domain.Kick().ActiveThreads);
        Assert.False(domain.Synchronize(TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public void A_queue_that_was_long_gives_its_memory_back()
    {
        const int Count = 500_000;
        using RcuDomain domain = new();
        using ParkedReader reader = new(domain);
        var before = Heap();
        for (var i = 0; i < Count; i++)
            domain.Retire(0, static _ => { });
        var full = Heap() - before;
        Assert.True(full > Count * 32L, "the test does not fill the queue");
        reader.Leave();
        domain.Barrier();

        // The boxed states are gone, and of the queue as much stays as its limit fills.
        Assert.InRange(Heap() - before, long.MinValue, (65_536 / 1_024 + 3) * 48L * 1_024);
    }

    [Fact]
    public void Retiring_native_memory_allocates_nothing_once_the_queue_has_been_as_long()
    {
        using RcuDomain domain = new(new RcuDomainOptions { ReclaimInterval = TimeSpan.FromMilliseconds(1) });
        for (var i = 0; i < 3; i++)
            RetireMany(domain);
        var before = GC.GetAllocatedBytesForCurrentThread();
        RetireMany(domain);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_096);

        static unsafe void RetireMany(RcuDomain domain)
        {
            using (new ParkedReader(domain))
            {
                for (var i = 0; i < 50_000; i++)
                    domain.RetireNative(NativeMemory.Alloc(16), 16);
            }

            domain.Barrier();
        }
    }

    [Fact]
    public unsafe void Aligned_memory_is_freed_as_such()
    {
        using RcuDomain domain = new();
        using (new ParkedReader(domain))
        {
            var memory = NativeMemory.AlignedAlloc(4_096, 4_096);
            Assert.Equal(0, (nint)memory % 4_096);
            domain.RetireAligned(memory, 4_096);
            domain.RetireAligned(null, 17);
            Assert.Equal(4_096, domain.PendingBytes);
        }

        domain.Barrier();
        Assert.Equal(0, domain.PendingBytes);
    }

    [Fact]
    public void Making_and_ending_many_domains_takes_no_longer_the_more_there_are()
    {
        var start = System.Diagnostics.Stopwatch.StartNew();
        RcuDomain[] domains = [.. Enumerable.Range(0, 20_000).Select(_ => new RcuDomain())];
        foreach (var domain in domains)
            domain.Dispose();
        Assert.True(start.Elapsed < TimeSpan.FromSeconds(5), $"{start.Elapsed}");
    }

    [Fact]
    public void Registering_with_a_full_table_of_living_threads_looks_at_them_seldom()
    {
        using RcuDomain domain = new();
        for (var i = 0; i < 4_000; i++)
            domain.Register();
        var start = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 4_000; i++)
            domain.Register();

        // 195 us each before, 0.8 s together; the doubling of the table pays for one search.
        Assert.True(start.Elapsed < TimeSpan.FromMilliseconds(200), $"{start.Elapsed}");
    }

    private static long Heap() => GC.GetTotalMemory(forceFullCollection: true);
}
