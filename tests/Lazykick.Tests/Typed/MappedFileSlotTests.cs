using System.Runtime.InteropServices;
using Lazykick.Tests.Support;

namespace Lazykick.Tests.Typed;

public sealed class MappedFileSlotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lazykick-mapped-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Readers_keep_the_file_that_they_are_in_until_they_leave()
    {
        using RcuDomain domain = new();
        await using MappedFileSlot slot = new(domain, FileOf(1, 1_000));
        Task opened;
        using (ParkedReader parked = new(domain))
        {
            opened = slot.OpenAsync(FileOf(2, 500)).AsTask();
            Threads.Run(() =>
            {
                using var scope = domain.EnterRead();
                var view = slot.Read(scope);
                Assert.Equal(500 * sizeof(long), view.Length);
                Assert.Equal(2L, view.Read<long>(8 * 499));
                Assert.Equal([2L, 2L], view.Slice<long>(16, 2).ToArray());
                Assert.Equal(500 * sizeof(long), view.Span.Length);
                Assert.Equal(2, view.Slice(0, 1)[0]);
            });
            Assert.Equal((2L, 1_500L * sizeof(long)), (slot.OpenFiles, slot.OpenBytes));
            Assert.False(opened.IsCompleted);
        }

        await opened;
        Assert.Equal((1L, 2L), (slot.OpenFiles, slot.Version));
    }

    [Fact]
    public void What_does_not_lie_in_the_file_is_refused()
    {
        using RcuDomain domain = new();
        using MappedFileSlot slot = new(domain, FileOf(1, 2));
        using var scope = domain.EnterRead();
        foreach (
            var (offset, length) in new (long, int)[]
            {
                (-1, 1),
                (0, 17),
                (16, 1),
                (long.MaxValue, 1),
                (1, int.MaxValue),
                (0, -1),
            }
        )
        {
            var thrown = false;
            try
            {
                slot.Read(scope).Slice(offset, length);
            }
            catch (ArgumentOutOfRangeException)
            {
                thrown = true;
            }

            Assert.True(thrown, $"{offset}, {length}");
        }

        Assert.True(slot.Read(scope).Slice(16, 0).IsEmpty);
    }

    [Fact]
    public void A_file_that_cannot_be_opened_leaves_the_current_one()
    {
        using RcuDomain domain = new();
        using MappedFileSlot slot = new(domain);
        using (var scope = domain.EnterRead())
            Assert.Equal(0, slot.Read(scope).Length);
        slot.Open(FileOf(1, 1));
        Assert.Throws<FileNotFoundException>(() => slot.Open(Path.Combine(_folder, "none")));
        File.WriteAllBytes(Path.Combine(_folder, "empty"), []);
        using (var scope = domain.EnterRead())
            Assert.Equal(1L, slot.Read(scope).Read<long>(0));
        slot.Open(Path.Combine(_folder, "empty"));
        using (var scope = domain.EnterRead())
            Assert.True(slot.Read(scope).Span.IsEmpty);
    }

    [Fact]
    public void Files_are_replaced_under_readers_that_look_all_the_time()
    {
        string[] files = [.. Enumerable.Range(1, 4).Select(i => FileOf(i, 4_096))];
        using RcuDomain domain = new();
        using MappedFileSlot slot = new(domain, files[0]);
        var stop = false;
        long reads = 0;
        void Read()
        {
            var random = new Random(1);
            while (!Volatile.Read(ref stop))
            {
                using var scope = domain.EnterRead();
                var words = slot.Read(scope).Slice<long>(0, 4_096);
                Assert.Equal(words[0], words[random.Next(words.Length)]);
                reads++;
            }
        }

        Threads.RunTogether(
            Read,
            Read,
            () =>
            {
                for (var i = 0; i < 300; i++)
                    slot.Open(files[i % 4]);
                Volatile.Write(ref stop, true);
            }
        );
        domain.Barrier();
        Assert.Equal(1, slot.OpenFiles);
        Assert.True(reads > 0);
    }

    [Fact]
    public async Task A_disposed_slot_opens_nothing()
    {
        using RcuDomain domain = new();
        MappedFileSlot slot = new(domain, FileOf(1, 1));
        slot.Dispose();
        Assert.Equal(
            nameof(MappedFileSlot),
            Assert.Throws<ObjectDisposedException>(() => slot.Open(FileOf(2, 1))).ObjectName
        );
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await slot.OpenAsync(FileOf(2, 1)));
        Assert.Equal((0L, 0L, 1L), (slot.OpenFiles, slot.OpenBytes, slot.Version));
        slot.Dispose();
        await slot.DisposeAsync();
    }

    [Fact]
    public async Task A_cancelled_token_is_seen_before_anything_is_done()
    {
        CancellationToken cancelled = new(canceled: true);
        using RcuDomain domain = new();
        await using MappedFileSlot slot = new(domain, FileOf(1, 1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await slot.OpenAsync(FileOf(2, 1), cancelled)
        );
        Assert.Equal((1L, 1L), (slot.OpenFiles, slot.Version));
        using HotSwap<Flag> model = new(domain, new Flag());
        using Flag next = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await model.SwapAsync(next, 0, cancelled));
        Assert.Equal(0, next.Count);
        Assert.ThrowsAny<OperationCanceledException>(() => domain.Synchronize(cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => domain.Synchronize(TimeSpan.Zero, cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => domain.WaitForRoom(TimeSpan.Zero, cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => domain.Barrier(cancelled));
    }

    [Fact]
    public void A_view_of_a_disposed_slot_says_why_it_is_empty()
    {
        using RcuDomain domain = new();
        MappedFileSlot slot = new(domain, FileOf(1, 1));
        slot.Dispose();
        using var scope = domain.EnterRead();
        var view = slot.Read(scope);
        try
        {
            view.Read<long>(0);
            Assert.Fail("there is nothing to read");
        }
        catch (ArgumentOutOfRangeException error)
        {
            Assert.Contains("its slot has been disposed", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Waiting_inside_a_scope_or_a_callback_throws_and_leaves_the_file()
    {
        List<Exception> failures = [];
        using RcuDomain domain = new(new RcuDomainOptions { OnCallbackException = failures.Add });
        await using MappedFileSlot slot = new(domain, FileOf(1, 1));
        var next = FileOf(2, 1);
        Threads.Run(() =>
        {
            using var scope = domain.EnterRead();
            Assert.StartsWith(
                "MappedFileSlot.OpenAsync waits",
                Assert.Throws<InvalidOperationException>(() => { _ = slot.OpenAsync(next); }).Message,
                StringComparison.Ordinal
            );
            Assert.Throws<InvalidOperationException>(slot.Dispose);
            Assert.Throws<InvalidOperationException>(() => { _ = slot.DisposeAsync(); });
            Assert.Equal(1L, slot.Read(scope).Read<long>(0));
        });
        domain.Retire(slot, slot => slot.OpenAsync(next).AsTask().Wait());
        await domain.BarrierAsync(TestContext.Current.CancellationToken);
        Assert.IsType<InvalidOperationException>(Assert.Single(failures));
        Assert.Equal((1L, 1L), (slot.OpenFiles, slot.Version));
    }

    [Fact]
    public void Dispose_with_a_forgotten_scope_ends_after_the_domains_time()
    {
        using RcuDomain domain = new(new RcuDomainOptions { DisposeTimeout = TimeSpan.FromMilliseconds(100) });
        MappedFileSlot slot = new(domain, FileOf(1, 1));
        using (new ParkedReader(domain, "forgetful"))
        {
            var message = Assert.Throws<TimeoutException>(slot.Dispose).Message;
            Assert.StartsWith("The MappedFileSlot is closed", message, StringComparison.Ordinal);
            Assert.Contains("forgetful", message, StringComparison.Ordinal);
        }

        domain.Barrier();
        slot.Dispose();
        Assert.Equal(0, slot.OpenFiles);
    }

    private string FileOf(long value, int words)
    {
        var path = Path.Combine(_folder, $"{value}-{words}.dat");
        var content = new long[words];
        Array.Fill(content, value);
        File.WriteAllBytes(path, MemoryMarshal.AsBytes<long>(content).ToArray());
        return path;
    }
}
