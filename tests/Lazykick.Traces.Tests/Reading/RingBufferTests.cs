using Lazykick.Traces.Bytes;
using Lazykick.Traces.Containers;
using Lazykick.Traces.Containers.Pages;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Tests.Reading;

public sealed class RingBufferTests
{
    [Fact]
    public void Deltas_extends_and_absolute_stamps_add_up()
    {
        var pages = new PageBuilder()
            .Page(1000)
            .Event(0, 5)
            .Event(7, 6)
            .Extend(1UL << 40)
            .Event(3, 5)
            .Absolute((1UL << 41) + 9)
            .Event(0, 6)
            .Event(1, 5);

        Assert.Equal(
            [(1000, 5), (1007, 6), (1007 + (1UL << 40) + 3, 5), ((1UL << 41) + 9, 6), ((1UL << 41) + 10, 5)],
            Read(pages).Select(static entry => (entry.Timestamp, (int)entry.Id))
        );
    }

    [Fact]
    public void An_absolute_stamp_takes_its_five_top_bits_from_the_running_time()
    {
        const ulong top = 0xF8UL << 56;
        // The low 59 bits run over between the two.
        var pages = new PageBuilder().Page((0x08UL << 56) | ((1UL << 59) - 10)).Event(0, 5).Absolute(20).Event(0, 5);

        var times = Read(pages).Select(static entry => entry.Timestamp).ToList();

        Assert.Equal([(1UL << 60) - 10, (1UL << 60) + 20], times);
        Assert.NotEqual(0UL, times[0] & top);
    }

    [Fact]
    public void The_common_fields_come_with_the_event()
    {
        var entry = Assert.Single(Read(new PageBuilder().Page(1).Event(0, 9, pid: 4711, words: 2)));

        Assert.Equal(
            (9, 4711, 0x21, 0x13, 16),
            (entry.Id, entry.Pid, entry.Flags, entry.PreemptCount, entry.Payload.Length / 2)
        );
    }

    [Fact]
    public void Long_records_padding_and_discarded_events_are_passed_as_the_kernel_does()
    {
        // A discarded event's delta counts unless it is the forced 1.
        var pages = new PageBuilder()
            .Page(100)
            .LongEvent(5, 7, 1, 60)
            .Discarded(1, 3)
            .Event(1, 5)
            .Discarded(50, 3)
            .Event(1, 5)
            .PaddingToEnd()
            .Event(1, 5);

        var all = Read(pages);

        Assert.Equal(
            [(105UL, 7), (106UL, 5), (157UL, 5)],
            all.Select(static entry => (entry.Timestamp, (int)entry.Id))
        );
        Assert.Equal(62 * 4, all[0].Payload.Length / 2);
    }

    [Fact]
    public void Lost_events_mark_the_next_event_and_are_counted_where_the_kernel_did()
    {
        var pages = new PageBuilder()
            .Page(1)
            .Event(0, 5)
            .Event(0, 5)
            .Page(10, lost: 42)
            .Event(0, 5)
            .Event(0, 5)
            .Page(20)
            .Event(0, 5)
            .Page(30, lost: 0)
            .Event(0, 6)
            .Event(0, 5);
        var (entries, cursor, damage) = ReadAll(pages.ToArray());

        Assert.Equal([false, false, true, false, false, true, false], entries.Select(static entry => entry.LostBefore));
        Assert.Equal(42, cursor.LostEvents);
        Assert.True(cursor.HasUncountedLoss);
        Assert.Empty(damage);
    }

    [Fact]
    public void A_loss_before_an_event_that_nobody_wants_marks_the_next_one_that_somebody_wants()
    {
        var dispatch = new EventDispatch();
        dispatch.Set(6, 3);
        var pages = new PageBuilder().Page(1).Event(0, 6).Page(10, lost: 1).Event(0, 5).Event(0, 6);

        var (entries, cursor, _) = ReadAll(pages.ToArray(), dispatch: dispatch);

        Assert.Equal([false, true], entries.Select(static entry => entry.LostBefore));
        Assert.Equal(3, cursor.EventCount);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(8192)]
    [InlineData(65536)]
    public void Sub_buffers_of_every_size_are_walked_block_by_block(int pageSize)
    {
        var pages = new PageBuilder(pageSize);
        for (var page = 0; page < 40; page++)
        {
            pages.Page((ulong)page * 1000);
            for (var i = 0; i < 100; i++)
                pages.Event(1, 5);
        }

        var (entries, cursor, damage) = ReadAll(pages.ToArray(), pageSize);

        Assert.Equal(4000, entries.Count);
        Assert.Equal(
            Enumerable.Range(0, 4000).Select(static i => (ulong)((i / 100 * 1000) + (i % 100) + 1)),
            entries.Select(static entry => entry.Timestamp)
        );
        Assert.Equal(4000, cursor.EventCount);
        Assert.Empty(damage);
    }

    [Theory]
    [InlineData(4096 + 15, 2, 4096)] // not even a header
    [InlineData(4096 + 16 + 10, 2, 4122)] // cut in the first record
    [InlineData(4096 + 16 + 32, 4, 4144)] // cut behind the second
    public void A_file_that_ends_inside_a_sub_buffer_gives_everything_before_and_names_the_place(
        int length,
        int events,
        long place
    )
    {
        var pages = new PageBuilder()
            .Page(1)
            .Event(0, 5)
            .Event(1, 5)
            .Page(10)
            .Event(0, 5)
            .Event(1, 5)
            .Event(1, 5)
            .ToArray();

        var (entries, _, damage) = ReadAll(pages[..length]);

        Assert.Equal(events, entries.Count);
        Assert.Equal(place, Assert.Single(damage).Offset);
    }

    [Fact]
    public void A_record_that_leaves_its_sub_buffer_ends_it_and_the_next_one_is_read()
    {
        var bytes = new PageBuilder().Page(1).Event(0, 5).Word(28).Word(5).Word(0).Page(10).Event(0, 5).ToArray();

        var (entries, _, damage) = ReadAll(bytes);

        Assert.Equal([(1UL, false), (10UL, true)], entries.Select(static entry => (entry.Timestamp, entry.LostBefore)));
        Assert.Equal(16 + 16, Assert.Single(damage).Offset);
        Assert.Contains("112 bytes", damage[0].Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_commit_word_beyond_the_sub_buffer_costs_that_sub_buffer_only()
    {
        var bytes = new PageBuilder().Page(1).Event(0, 5).Page(10).Event(0, 5).Page(20).Event(0, 5).ToArray();
        bytes[4096 + 9] = 0xFF;

        var (entries, _, damage) = ReadAll(bytes);

        Assert.Equal([1UL, 20UL], entries.Select(static entry => entry.Timestamp));
        Assert.Equal(
            (4096 + 8, "expected a data length of whole words up to 4080, found 65296"),
            (Assert.Single(damage).Offset, damage[0].Expected)
        );
    }

    [Theory]
    [InlineData(0xFFFFFFFFFFUL)]
    [InlineData(3UL)]
    public void A_damaged_stamp_of_a_sub_buffer_does_not_push_the_others_out_of_order(ulong wild)
    {
        var pages = new PageBuilder()
            .Page(100)
            .Event(0, 5)
            .Page(200)
            .Event(0, 5)
            .Page(wild)
            .Event(0, 5)
            .Page(400)
            .Event(0, 5)
            .Page(500)
            .Event(0, 5);

        var (entries, _, damage) = ReadAll(pages.ToArray());

        Assert.Equal([100UL, 200UL, 400UL, 500UL], entries.Select(static entry => entry.Timestamp));
        Assert.True(entries[2].LostBefore);
        Assert.Equal(2 * 4096, Assert.Single(damage).Offset);
    }

    [Fact]
    public void A_clock_that_went_back_is_followed_and_noted()
    {
        var pages = new PageBuilder()
            .Page(1000)
            .Event(0, 5)
            .Page(2000)
            .Event(0, 5)
            .Page(300)
            .Event(0, 5)
            .Page(400)
            .Event(0, 5);

        var (entries, _, damage) = ReadAll(pages.ToArray());

        Assert.Equal([1000UL, 2000UL, 300UL, 400UL], entries.Select(static entry => entry.Timestamp));
        Assert.Contains("went back", Assert.Single(damage).Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stamp_inside_a_sub_buffer_that_passes_the_next_one_is_not_taken()
    {
        var pages = new PageBuilder().Page(1000).Event(1, 5).Extend(1UL << 50).Event(1, 5).Page(2000).Event(0, 5);

        var (entries, _, damage) = ReadAll(pages.ToArray());

        Assert.Equal([1001UL, 1002UL, 2000UL], entries.Select(static entry => entry.Timestamp));
        Assert.Single(damage);
    }

    [Fact]
    public void Events_of_one_time_come_in_the_order_of_their_CPUs()
    {
        var first = new PageBuilder().Page(10).Event(0, 1).Event(0, 2).Event(5, 3).ToArray();
        var second = new PageBuilder().Page(10).Event(0, 4).Event(5, 5).Event(5, 6).ToArray();
        var third = new PageBuilder().Page(9).Event(0, 7).Event(6, 8).ToArray();
        var buffer = new TraceBuffer(
            "",
            "mono",
            3,
            new[] { third, first, second }.Select(
                static (pages, cpu) => Stream(pages, cpu == 0 ? 70 : cpu - 1, 4096, new DamageLog())
            )
        );

        Assert.Equal([7, 1, 2, 4, 3, 5, 8, 6], EventList.ReadAll(buffer).Select(static entry => (int)entry.Id));
    }

    private static List<EventList.Entry> Read(PageBuilder pages)
    {
        var (entries, _, damage) = ReadAll(pages.ToArray());
        Assert.Empty(damage);
        return entries;
    }

    private static (List<EventList.Entry> Entries, CpuEventCursor Cursor, IReadOnlyList<TraceDamage> Damage) ReadAll(
        byte[] pages,
        int pageSize = 4096,
        EventDispatch? dispatch = null
    )
    {
        var damage = new DamageLog();
        var stream = Stream(pages, 0, pageSize, damage);
        var cursor = stream.Open(dispatch ?? EventDispatch.CreateForAll(), 16384);
        var entries = new List<EventList.Entry>();
        while (cursor.TryRead(out var next))
        {
            entries.Add(
                new EventList.Entry(
                    next.Timestamp,
                    next.Cpu,
                    next.Id,
                    next.Pid,
                    next.Flags,
                    next.PreemptCount,
                    next.LostBefore,
                    Convert.ToHexString(next.Payload)
                )
            );
        }

        return (entries, cursor, damage.ToList());
    }

    private static PlainPages Stream(byte[] pages, int cpu, int pageSize, DamageLog damage) =>
        new(cpu, new MemorySource("pages", pages), 0, pages.Length, pageSize, RecordLayout.Usual, damage);
}
