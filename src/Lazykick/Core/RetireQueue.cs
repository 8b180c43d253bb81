using System.Diagnostics;
using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// Retired resources in the order in which they came. The reclaimer takes all that are there, waits for one grace
/// period and runs them; what is retired meanwhile is the next batch. Retiring never waits: the caller may hold locks
/// that a reader needs before it can leave its scope. Nor does it share a lock with the reclaimer, except to wake it.
/// </summary>
internal sealed class RetireQueue<TMemory>
    where TMemory : struct, ISharedMemory
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private readonly GracePeriods<TMemory> _gracePeriods;
    private readonly IDomainEvents _events;
    private readonly TimeProvider _time;
    private readonly TimeSpan _stallTimeout;
    private readonly int _maxPending;
    private readonly long _maxPendingBytes;
    private readonly TimeSpan _interval;
    private readonly Gate _gate = new();
    private readonly RetiredBuffer<TMemory> _buffer;
    private readonly RetiredBytes<TMemory> _bytes = new();
    private readonly PaddedCell _isUnderPressure = new(0);
    private readonly Room _room = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CallbackWatch _watch;
    private Stage _stage;
    private Thread? _reclaimer;

    public RetireQueue(
        GracePeriods<TMemory> gracePeriods,
        IDomainEvents events,
        RcuDomainOptions options,
        Action<Action> startThread
    )
    {
        _gracePeriods = gracePeriods;
        _events = events;
        _time = options.TimeProvider;
        _stallTimeout = options.StallTimeout;
        _maxPending = options.MaxPending;
        _maxPendingBytes = options.MaxPendingBytes;
        _interval = options.ReclaimInterval;
        _watch = new CallbackWatch(events, _time, _stallTimeout);
        _buffer = new RetiredBuffer<TMemory>(
            _gate,
            options.ChunkCapacity,
            Math.Min((_maxPending / options.ChunkCapacity) + 1, 256),
            () => startThread(Reclaim)
        );
    }

    private enum Stage
    {
        /// <summary>Takes callbacks from everybody.</summary>
        Open,

        /// <summary>Takes them still: a callback may be reading. Closed as soon as none is left.</summary>
        Draining,

        /// <summary>Takes none.</summary>
        Closed,
    }

    /// <summary>Callbacks that have not run yet.</summary>
    public long Pending => _buffer.Pending;

    /// <summary>
    /// What the resources hold whose callbacks have not run yet, as their retirers said; at most what a long holds.
    /// </summary>
    public long PendingBytes => _bytes.Total;

    /// <summary>Whether the caller is a callback of this queue.</summary>
    public bool IsReclaiming => ReferenceEquals(Volatile.Read(ref _reclaimer), Thread.CurrentThread);

    /// <summary>Whether the queue is at one of its limits.</summary>
    public bool IsFull => Pending >= _maxPending || PendingBytes >= _maxPendingBytes;

    /// <summary>How many callers wait for room.</summary>
    public int Blocked => _room.Waiters;

    /// <summary>
    /// Set once a callback has registered a thread, which then has to be watched for scopes that it leaves open.
    /// </summary>
    public bool CallbacksMayRead { get; set; }

    /// <summary>
    /// Adds a callback and returns at once. What it throws, it throws before it has taken the callback.
    /// </summary>
    public void Add(in RetiredItem item)
    {
        var place = _buffer.TakePlace();
        Append(place, item);
    }

    /// <summary>
    /// Publishes a successor and adds the callback of what was there before. What this throws, it throws before
    /// anything is published: a successor that readers may have found is never given back to a caller who would free
    /// it.
    /// </summary>
    public void Exchange<TExchange>(ref TExchange exchange)
        where TExchange : struct, IExchange
    {
        var place = _buffer.TakePlace();
        var old = RetiredItem.Nothing;
        try
        {
            if (exchange.TryExchange(out var replaced))
            {
                old = replaced;
            }
        }
        finally
        {
            // Whatever happened: the reclaimer waits for the place.
            Append(place, old);
        }
    }

    /// <summary>A task that completes when all callbacks that are there now have run.</summary>
    public Task AddBarrier()
    {
        if (_buffer.IsDone)
        {
            return Task.CompletedTask;
        }

        TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(RetiredItem.Complete(completion));
        Wake();
        return completion.Task;
    }

    /// <summary>Waits until all callbacks that are there now have run.</summary>
    public void Barrier(CancellationToken cancellationToken)
    {
        using var wakeUp = WakeOn(cancellationToken);
        TMemory.Enter(_gate);
        try
        {
            var upTo = _buffer.Retired;
            TMemory.PulseAll(_gate);
            while (_buffer.Done < upTo)
            {
                cancellationToken.ThrowIfCancellationRequested();
                TMemory.Wait(_gate, Timeout.InfiniteTimeSpan);
            }
        }
        finally
        {
            TMemory.Exit(_gate);
        }
    }

    /// <summary>Waits until the queue is below its limits.</summary>
    /// <returns>Whether it is; false if the time is up.</returns>
    public bool WaitForRoom(in WaitLimit limit)
    {
        if (!IsFull)
        {
            return true;
        }

        using var wakeUp = WakeOn(limit.CancellationToken);
        TMemory.Enter(_gate);
        _room.Enter(_time);
        try
        {
            TMemory.PulseAll(_gate);
            while (IsFull)
            {
                limit.CancellationToken.ThrowIfCancellationRequested();
                if (limit.IsOver)
                {
                    return false;
                }

                TMemory.Wait(_gate, limit.Left);
            }

            return true;
        }
        finally
        {
            _room.Leave();
            TMemory.Exit(_gate);
        }
    }

    /// <summary>A task that completes when there is room; all callers share it.</summary>
    public Task RoomAsync()
    {
        TMemory.Enter(_gate);
        try
        {
            TMemory.PulseAll(_gate);
            return IsFull ? _room.Task(_time) : Task.CompletedTask;
        }
        finally
        {
            TMemory.Exit(_gate);
        }
    }

    /// <summary>When nothing is left, nobody may retire any more. No reader is there, callbacks apart.</summary>
    /// <returns>A task that completes when nothing is left.</returns>
    public Task BeginDrain()
    {
        TMemory.Enter(_gate);
        if (_stage == Stage.Open)
        {
            _stage = Stage.Draining;
        }

        CloseIfDrained();
        TMemory.PulseAll(_gate);
        TMemory.Exit(_gate);
        return _drained.Task;
    }

    /// <summary>Waits for the end of what <see cref="BeginDrain"/> began.</summary>
    /// <returns>Whether everything has run; false if the time is up.</returns>
    public bool WaitForDrain(in WaitLimit limit)
    {
        TMemory.Enter(_gate);
        try
        {
            while (_stage != Stage.Closed)
            {
                if (limit.IsOver)
                {
                    return false;
                }

                TMemory.Wait(_gate, limit.Left);
            }

            return true;
        }
        finally
        {
            TMemory.Exit(_gate);
        }
    }

    /// <summary>What a report about a callback that does not end would name; null while none runs.</summary>
    public string? DescribeRunning() => _watch.Describe();

    /// <summary>The reclaimer: runs batches until the queue is closed, or nothing came for some seconds.</summary>
    private void Reclaim()
    {
        Volatile.Write(ref _reclaimer, Thread.CurrentThread);
        using (_watch.Start(ReportBlockedWriters))
        {
            while (AwaitWork(out var retired))
            {
                // Before the grace period, so that it begins after the last of them was unpublished.
                var upTo = AwaitFilled(retired);
                var began = Stopwatch.GetTimestamp();
                _gracePeriods.Wait(_gracePeriods.Begin(), "A callback", WaitLimit.Until(CancellationToken.None));
                _events.GracePeriodEnded(began);
                while (RunFront(upTo))
                {
                    // Chunk by chunk, so that those who wait for room get it early.
                }
            }
        }
    }

    private void Append(in RetiredPlace place, in RetiredItem item)
    {
        // Before the item, so that the reclaimer cannot subtract them first.
        _bytes.Add(item.Bytes);
        RetiredBuffer<TMemory>.Fill(place, item);
        if (place.Wakes)
        {
            Wake();
        }

        if (IsFull && TMemory.Look(_isUnderPressure) == 0 && TMemory.ExchangeFull(_isUnderPressure, 1) == 0)
        {
            _events.PressureBegan(Pending, PendingBytes);
        }
    }

    /// <summary>Wakes whoever sleeps at the lock, and throws nothing: an item has been taken.</summary>
    private void Wake()
    {
        var interrupted = false;
        while (true)
        {
            try
            {
                TMemory.Enter(_gate);
                break;
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        }

        TMemory.PulseAll(_gate);
        TMemory.Exit(_gate);
        if (interrupted)
        {
            // For the next wait of the caller's.
            Thread.CurrentThread.Interrupt();
        }
    }

    /// <summary>Waits until there is something to run.</summary>
    /// <returns>Whether there is; false if the reclaimer is to end.</returns>
    private bool AwaitWork(out long retired)
    {
        TMemory.Enter(_gate);
        try
        {
            while (_stage != Stage.Closed)
            {
                if (_interval > TimeSpan.Zero)
                {
                    if (_buffer.HasWork(out retired))
                    {
                        return true;
                    }

                    TMemory.Wait(_gate, _interval);
                }
                else if (!_buffer.TrySleep(out retired))
                {
                    return true;
                }
                else if (!TMemory.Wait(_gate, IdleTime) && _buffer.TryStop())
                {
                    break;
                }
            }

            retired = 0;
            Volatile.Write(ref _reclaimer, null);
            return false;
        }
        finally
        {
            TMemory.Exit(_gate);
        }
    }

    /// <summary>Waits until a retirer that has taken the next place has filled it.</summary>
    /// <returns>How many items of those retired may be run.</returns>
    private long AwaitFilled(long retired)
    {
        PauseState pause = default;
        while (true)
        {
            if (_buffer.FilledUpTo(retired, out var upTo))
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
        var ran = _buffer.Front(out var chunk, out var begin, out var emptied);
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
                _events.CallbackFailed(exception);
            }
        }

        _watch.End();
        if (CallbacksMayRead && _gracePeriods.FindActiveCaller() is { } slot)
        {
            CloseScopesOf(slot);
        }

        chunk.Clear(begin, count);
        TMemory.Enter(_gate);
        _bytes.Subtract(lower, upper);
        _buffer.Finish(count, emptied);
        if (!IsFull)
        {
            _room.Open();
        }

        // Half-way down, so that a queue that hovers at its limit is reported once.
        if (
            TMemory.Look(_isUnderPressure) != 0
            && Pending <= _maxPending / 2
            && PendingBytes <= _maxPendingBytes / 2
        )
        {
            TMemory.StoreRelease(_isUnderPressure, 0);
        }

        CloseIfDrained();
        TMemory.PulseAll(_gate);
        TMemory.Exit(_gate);
        return ran + count < upTo;
    }

    /// <summary>The next grace period would wait for this very thread.</summary>
    private void CloseScopesOf(Slot slot)
    {
        var place = slot.Registration!.Place;
        slot.Abandon();
        TMemory.StoreRelease(slot, Slot.Eqs);
        _events.CallbackFailed(Misuse.ScopeLeftOpenByCallback(place));
    }

    private void CloseIfDrained()
    {
        if (_stage == Stage.Draining && _buffer.TryClose())
        {
            _stage = Stage.Closed;
            _room.Open();
            _drained.TrySetResult();
        }
    }

    private void ReportBlockedWriters()
    {
        if (_room.IsStallDue(_time, _stallTimeout, out var waited))
        {
            _events.Stalled(
                new StallReport(
                    RcuStallKind.Writer,
                    0,
                    waited,
                    _gracePeriods.FindBlockers(_gracePeriods.Newest),
                    DescribeRunning()
                )
            );
        }
    }

    private CancellationTokenRegistration WakeOn(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(
            static state =>
            {
                var queue = (RetireQueue<TMemory>)state!;
                TMemory.Enter(queue._gate);
                TMemory.PulseAll(queue._gate);
                TMemory.Exit(queue._gate);
            },
            this
        );
}
