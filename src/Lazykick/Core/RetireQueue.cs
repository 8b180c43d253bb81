using System.Diagnostics;
using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// Retired resources in the order in which they came. The reclaimer takes all that are there, waits for one grace
/// period and runs them; what is retired meanwhile is the next batch. Retiring never waits: the caller may hold locks
/// that a reader needs before it can leave its scope.
/// </summary>
internal sealed class RetireQueue<TMemory>(
    GracePeriods<TMemory> gracePeriods,
    IDomainEvents events,
    RcuDomainOptions options,
    Action<Action> startThread
)
    where TMemory : struct, ISharedMemory
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private readonly Gate _gate = new();
    private readonly int _maxPending = options.MaxPending;
    private readonly long _maxPendingBytes = options.MaxPendingBytes;
    private readonly TimeSpan _interval = options.ReclaimInterval;
    private readonly RetiredList _list = new(Math.Min((options.MaxPending / RetiredChunk.Capacity) + 2, 256));
    private readonly Room _room = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CallbackWatch _watch = new(events, options.TimeProvider, options.StallTimeout);
    private long _retired;
    private long _done;
    private UInt128 _exactBytes;
    private long _pendingBytes;
    private bool _isUnderPressure;
    private bool _isRunning;
    private Stage _stage;
    private Thread? _reclaimer;

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
    public long Pending
    {
        get
        {
            // In this order, so that the difference is never negative.
            var done = Volatile.Read(ref _done);
            return Volatile.Read(ref _retired) - done;
        }
    }

    /// <summary>
    /// What the resources hold whose callbacks have not run yet, as their retirers said; at most what a long holds.
    /// </summary>
    public long PendingBytes => Volatile.Read(ref _pendingBytes);

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
        bool pressureBegan;
        TMemory.Enter(_gate);
        try
        {
            Prepare();
            Append(item);
            pressureBegan = NoticePressure();
        }
        finally
        {
            TMemory.Exit(_gate);
        }

        if (pressureBegan)
        {
            events.PressureBegan(Pending, PendingBytes);
        }
    }

    /// <summary>
    /// Publishes a successor and adds the callback of what was there before. What this throws, it throws before
    /// anything is published: a successor that readers may have found is never given back to a caller who would free
    /// it.
    /// </summary>
    public void Exchange<TExchange>(ref TExchange exchange)
        where TExchange : struct, IExchange
    {
        bool pressureBegan;
        TMemory.Enter(_gate);
        try
        {
            Prepare();
            if (!exchange.TryExchange(out var old))
            {
                return;
            }

            Append(old);
            pressureBegan = NoticePressure();
        }
        finally
        {
            TMemory.Exit(_gate);
        }

        if (pressureBegan)
        {
            events.PressureBegan(Pending, PendingBytes);
        }
    }

    /// <summary>A task that completes when all callbacks that are there now have run.</summary>
    public Task AddBarrier()
    {
        TMemory.Enter(_gate);
        try
        {
            if (Pending == 0)
            {
                return Task.CompletedTask;
            }

            TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Prepare();
            Append(RetiredItem.Complete(completion));
            TMemory.PulseAll(_gate);
            return completion.Task;
        }
        finally
        {
            TMemory.Exit(_gate);
        }
    }

    /// <summary>Waits until all callbacks that are there now have run.</summary>
    public void Barrier(CancellationToken cancellationToken)
    {
        using var wakeUp = WakeOn(cancellationToken);
        TMemory.Enter(_gate);
        try
        {
            var upTo = _retired;
            TMemory.PulseAll(_gate);
            while (_done < upTo)
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
        _room.Enter(options.TimeProvider);
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
            return IsFull ? _room.Task(options.TimeProvider) : Task.CompletedTask;
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
            while (TakeBatch() is { } batch)
            {
                var began = Stopwatch.GetTimestamp();
                gracePeriods.Wait(gracePeriods.Begin(), "A callback", WaitLimit.Until(CancellationToken.None));
                events.GracePeriodEnded(began);
                for (RetiredChunk? next, chunk = batch; chunk is not null; chunk = next)
                {
                    next = chunk.Next;
                    Run(chunk);
                }
            }
        }
    }

    /// <summary>All that may fail about adding a callback: the thread and the room come before it.</summary>
    private void Prepare()
    {
        if (_stage == Stage.Closed)
        {
            Misuse.DomainDisposed();
        }

        if (!_isRunning)
        {
            startThread(Reclaim);
            _isRunning = true;
        }

        _list.Reserve();
    }

    private void Append(in RetiredItem item)
    {
        var wasEmpty = _list.IsEmpty;
        _list.Add(item);
        Volatile.Write(ref _retired, _retired + 1);
        SetBytes(_exactBytes + (UInt128)item.Bytes);
        if (wasEmpty && _interval == TimeSpan.Zero)
        {
            TMemory.PulseAll(_gate);
        }
    }

    private bool NoticePressure()
    {
        var began = !_isUnderPressure && IsFull;
        _isUnderPressure |= began;
        return began;
    }

    private RetiredChunk? TakeBatch()
    {
        var patience = _interval == TimeSpan.Zero ? IdleTime : _interval;
        TMemory.Enter(_gate);
        try
        {
            while (_list.IsEmpty)
            {
                // A wait that timed out looks once more: an item may have come while the lock was being taken again.
                if (
                    _stage == Stage.Closed
                    || (!TMemory.Wait(_gate, patience) && _list.IsEmpty && _interval == TimeSpan.Zero)
                )
                {
                    _isRunning = false;
                    Volatile.Write(ref _reclaimer, null);
                    _list.DropSpares();
                    return null;
                }
            }

            return _list.TakeAll();
        }
        finally
        {
            TMemory.Exit(_gate);
        }
    }

    private void Run(RetiredChunk chunk)
    {
        UInt128 bytes = 0;
        for (var i = 0; i < chunk.Count; i++)
        {
            ref readonly var item = ref chunk[i];
            bytes += (UInt128)item.Bytes;
            _watch.Begin(chunk, i);
            try
            {
                item.Run();
            }
            catch (Exception exception)
            {
                events.CallbackFailed(exception);
            }
        }

        _watch.End();
        if (CallbacksMayRead && gracePeriods.FindActiveCaller() is { } slot)
        {
            CloseScopesOf(slot);
        }

        var count = chunk.Count;
        chunk.Clear();
        TMemory.Enter(_gate);
        _list.GiveBack(chunk);
        Volatile.Write(ref _done, _done + count);
        SetBytes(_exactBytes - bytes);
        if (!IsFull)
        {
            _room.Open();
        }

        // Half-way down, so that a queue that hovers at its limit is reported once.
        _isUnderPressure &= Pending > _maxPending / 2 || PendingBytes > _maxPendingBytes / 2;
        CloseIfDrained();
        TMemory.PulseAll(_gate);
        TMemory.Exit(_gate);
    }

    /// <summary>The next grace period would wait for this very thread.</summary>
    private void CloseScopesOf(Slot slot)
    {
        var place = slot.Registration!.Place;
        slot.Abandon();
        TMemory.StoreRelease(slot, Slot.Eqs);
        events.CallbackFailed(Misuse.ScopeLeftOpenByCallback(place));
    }

    // The exact sum may exceed a long: what a resource holds is its retirer's word.
    private void SetBytes(UInt128 sum)
    {
        _exactBytes = sum;
        Volatile.Write(ref _pendingBytes, sum > long.MaxValue ? long.MaxValue : (long)sum);
    }

    private void CloseIfDrained()
    {
        if (_stage == Stage.Draining && Pending == 0)
        {
            _stage = Stage.Closed;
            _room.Open();
            _drained.TrySetResult();
        }
    }

    private void ReportBlockedWriters()
    {
        if (_room.IsStallDue(options.TimeProvider, options.StallTimeout, out var waited))
        {
            events.Stalled(
                new StallReport(
                    RcuStallKind.Writer,
                    0,
                    waited,
                    gracePeriods.FindBlockers(gracePeriods.Newest),
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
