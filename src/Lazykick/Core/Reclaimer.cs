using System.Diagnostics;
using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// The thread that runs callbacks. It takes all that are there, waits for one grace period and runs them; what is
/// retired meanwhile is the next batch.
/// </summary>
/// <remarks>
/// A retirer unpublishes, takes a place and fills it, with release; the reclaimer finds the place filled, with acquire,
/// and then begins the grace period. So the grace period begins after everything that it is waited for was unpublished.
/// </remarks>
internal sealed class Reclaimer<TMemory>(
    Gate gate,
    RetiredBuffer<TMemory> buffer,
    Backlog<TMemory> backlog,
    Drain<TMemory> drain,
    GracePeriods<TMemory> gracePeriods,
    IDomainEvents events,
    DomainSettings settings
)
    where TMemory : struct, ISharedMemory
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private readonly CallbackWatch _watch = new(events, settings.TimeProvider, settings.StallTimeout);

    // That callbacks have registered. The thread's own.
    private readonly List<Slot> _slots = [];
    private Thread? _thread;
    private string? _lastRun;

    /// <summary>Whether the caller is a callback.</summary>
    public bool IsCaller => ReferenceEquals(Volatile.Read(ref _thread), Thread.CurrentThread);

    /// <summary>Watches a slot that a callback has registered for scopes that callbacks leave open.</summary>
    public void Watch(Slot slot)
    {
        if (!_slots.Contains(slot))
        {
            _slots.Add(slot);
        }
    }

    /// <summary>What a report about a callback that does not end would name; null while none runs.</summary>
    public string? DescribeRunning() => _watch.Describe();

    /// <summary>
    /// A callback that has run since the end of the queue began, the last of its batch; null for none.
    /// </summary>
    public string? LastRun => Volatile.Read(ref _lastRun);

    /// <summary>Runs batches until the queue is closed, or nothing came for some seconds.</summary>
    public void Run()
    {
        _slots.Clear();
        Volatile.Write(ref _thread, Thread.CurrentThread);
        using (_watch.Start(ReportBlockedWriters))
        {
            while (AwaitWork(out var retired))
            {
                // Before the grace period, so that it begins after the last of them was unpublished.
                var upTo = AwaitFilled(retired);
                var began = Stopwatch.GetTimestamp();
                gracePeriods.Wait(gracePeriods.Begin(), "A callback", WaitLimit.Until(CancellationToken.None));
                events.GracePeriodEnded(began);
                while (RunFront(upTo))
                {
                    // Chunk by chunk, so that those who wait for room get it early.
                }
            }
        }
    }

    /// <summary>Waits until there is something to run.</summary>
    /// <returns>Whether there is; false if the thread is to end.</returns>
    private bool AwaitWork(out long retired)
    {
        TMemory.Enter(gate);
        try
        {
            while (!drain.IsOver)
            {
                if (settings.ReclaimInterval > TimeSpan.Zero)
                {
                    if (buffer.HasWork(out retired))
                    {
                        return true;
                    }

                    TMemory.Wait(gate, settings.ReclaimInterval);
                }
                else if (!buffer.TrySleep(out retired))
                {
                    return true;
                }
                else if (!TMemory.Wait(gate, IdleTime) && buffer.TryStop())
                {
                    break;
                }
            }

            retired = 0;
            Volatile.Write(ref _thread, null);
            return false;
        }
        finally
        {
            TMemory.Exit(gate);
        }
    }

    /// <summary>Waits until a retirer that has taken the next place has filled it.</summary>
    /// <returns>How many items of those retired may be run.</returns>
    private long AwaitFilled(long retired)
    {
        PauseState pause = default;
        while (true)
        {
            if (buffer.FilledUpTo(retired, out var upTo))
            {
                return upTo;
            }

            TMemory.Pause(ref pause, CancellationToken.None);
        }
    }

    /// <summary>Runs what there is in one chunk.</summary>
    /// <returns>Whether there is more.</returns>
    private bool RunFront(long upTo)
    {
        var ran = buffer.Front(out var chunk, out var begin, out var emptied);
        var count = (int)Math.Min(upTo - ran, chunk.Capacity - begin);
        long lower = 0,
            upper = 0;
        for (var i = begin; i < begin + count; i++)
        {
            ref readonly var item = ref chunk[i];
            lower += RetiredBytes<TMemory>.LowerOf(item.Bytes);
            upper += RetiredBytes<TMemory>.UpperOf(item.Bytes);
            _watch.Begin(chunk, i);
            try
            {
                item.Run();
            }
            catch (Exception exception)
            {
                events.CallbackFailed(exception);
            }

            CloseScopesOf(item);
        }

        _watch.End();
        if (drain.HasBegun && count > 0)
        {
            // What a disposal that runs out of time names, if each callback retires the next one.
            Volatile.Write(ref _lastRun, chunk[begin + count - 1].Describe());
        }

        chunk.Clear(begin, count);
        TMemory.Enter(gate);
        buffer.Finish(count, emptied);
        backlog.Subtract(lower, upper);
        drain.CloseIfEmpty();
        TMemory.PulseAll(gate);
        TMemory.Exit(gate);
        return ran + count < upTo;
    }

    /// <summary>Closes what a callback has left open: the next grace period would wait for this very thread.</summary>
    private void CloseScopesOf(in RetiredItem item)
    {
        // By index: whoever is told of the failure may register a slot in turn.
        for (var i = 0; i < _slots.Count; i++)
        {
            var slot = _slots[i];
            if (slot.IsHeldByCaller && slot.Watching)
            {
                slot.Abandon();
                TMemory.StoreRelease(slot, Slot.Eqs);
                events.CallbackFailed(Misuse.ScopeLeftOpenByCallback(item.Describe()));
            }
        }
    }

    private void ReportBlockedWriters()
    {
        if (backlog.IsStallDue(out var waited))
        {
            events.WriterStalled(waited, gracePeriods.FindBlockers(gracePeriods.Newest), DescribeRunning());
        }
    }
}
