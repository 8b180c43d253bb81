using Lazykick.Traces.Containers;
using Lazykick.Traces.Events;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Tests.Analysis;

/// <summary>
/// How a lane is read ahead. The cursors here have no events: each pause of theirs ends a chunk, whose only record
/// tells the time of the pause.
/// </summary>
public sealed class CpuLaneTests
{
    private const int Chunks = 4;

    private static readonly EventPlan s_plan = new([], static _ => null);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_error_of_a_reader_comes_after_the_chunks_that_were_read_before(int threads)
    {
        using var workers = new LaneWorkers(threads);
        using var lane = Lane(workers, 0, static call => call < 3 ? call : throw new IOException("torn"));
        lane.Start();
        while (threads == 0 && lane.TryFill())
        {
            // Up to the error, before anything is taken.
        }

        CpuChunk? chunk = null;
        for (ulong call = 1; call < 3; call++)
        {
            chunk = lane.Take(chunk, TestContext.Current.CancellationToken);
            Assert.Equal(Time(call), chunk.Records[chunk.RecordCount - 1].Time);
        }

        var error = Assert.Throws<IOException>(() => lane.Take(chunk, TestContext.Current.CancellationToken));
        Assert.Equal("torn", error.Message);
    }

    [Fact]
    public void A_lane_is_as_many_chunks_ahead_as_it_may_have_and_the_joiner_s_counts()
    {
        using var workers = new LaneWorkers(0);
        using var lane = Lane(workers, 0, static call => call);
        lane.Start();

        Assert.Equal(Chunks, Fill());
        var chunk = lane.Take(null, TestContext.Current.CancellationToken);
        Assert.Equal(0, Fill());
        chunk = lane.Take(chunk, TestContext.Current.CancellationToken);
        Assert.Equal(1, Fill());
        Assert.Equal(Time(2), chunk.Records[chunk.RecordCount - 1].Time);

        int Fill()
        {
            var filled = 0;
            while (lane.TryFill())
                filled++;
            return filled;
        }
    }

    [Fact]
    public void A_joiner_that_waits_for_one_lane_fills_another_meanwhile()
    {
        using var workers = new LaneWorkers(1);
        using var begun = new ManualResetEventSlim();
        using var filled = new ManualResetEventSlim();
        using var first = Lane(
            workers,
            0,
            call =>
            {
                begun.Set();
                // The only worker is here.
                return filled.Wait(TimeSpan.FromSeconds(30)) ? call : throw new IOException("nobody filled the other");
            }
        );
        using var second = Lane(
            workers,
            1,
            call =>
            {
                filled.Set();
                return call;
            }
        );
        first.Start();
        begun.Wait(TestContext.Current.CancellationToken);
        second.Start();

        Assert.NotNull(first.Take(null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Waiting_for_a_reader_can_be_cancelled()
    {
        using var workers = new LaneWorkers(1);
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var lane = Lane(
            workers,
            0,
            call =>
            {
                begun.Set();
                return release.Wait(TimeSpan.FromSeconds(30)) ? call : 0;
            }
        );
        lane.Start();
        begun.Wait(TestContext.Current.CancellationToken);
        using var cancellation = new CancellationTokenSource();

        var joiner = Task.Run(() => lane.Take(null, cancellation.Token), TestContext.Current.CancellationToken);
        cancellation.Cancel();
        var error = Record.Exception(() => joiner.GetAwaiter().GetResult());
        release.Set();

        Assert.IsType<OperationCanceledException>(error);
    }

    private static ulong Time(ulong call) => call * 1_000_000;

    private static CpuLane Lane(LaneWorkers workers, int cpu, Func<ulong, ulong> pause) =>
        new(new PausingCursor(cpu, pause), new CpuScanner(s_plan, 1000), workers, new ChunkSize(256, Chunks));

    private sealed class PausingCursor(int cpu, Func<ulong, ulong> pause)
        : CpuEventCursor(cpu, s_plan.Dispatch, RecordLayout.Usual)
    {
        private ulong _calls;
        private ulong _pausedAt;

        public override ulong LastTime => _pausedAt;

        internal override ulong? PausedAt => _pausedAt;

        public override bool MoveNext()
        {
            _pausedAt = Time(pause(++_calls));
            return false;
        }
    }
}
