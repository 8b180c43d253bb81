using System.Diagnostics;
using System.Runtime.InteropServices;
using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// Retired resources in the order in which they came. The reclaimer takes all that are there, waits for one grace
/// period
/// and runs them; what is retired meanwhile is the next batch.
/// </summary>
internal sealed class RetireQueue<TMemory>(
    GracePeriods<TMemory> gracePeriods,
    IDomainEvents events,
    int maxPending,
    long maxPendingBytes,
    Action startReclaimer
)
    where TMemory : struct, ISharedMemory
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private readonly Gate _gate = new();
    private readonly List<TaskCompletionSource> _waiters = [];
    private List<RetiredItem> _open = [];
    private List<RetiredItem> _batch = [];
    private long _retired;
    private long _done;
    private long _pendingBytes;
    private bool _running;
    private bool _closed;
    private Thread? _reclaimer;

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

    /// <summary>What the resources hold whose callbacks have not run yet, as their retirers said.</summary>
    public long PendingBytes => Volatile.Read(ref _pendingBytes);

    /// <summary>Whether the caller is a callback of this queue.</summary>
    public bool IsReclaiming => ReferenceEquals(Volatile.Read(ref _reclaimer), Thread.CurrentThread);

    /// <summary>
    /// Adds a callback; above the limits, waits until there is room unless the caller would wait for itself.
    /// </summary>
    public void Add(in RetiredItem item)
    {
        TMemory.Enter(_gate);
        try
        {
            Append(item);
            if (IsFull && !IsReclaiming && gracePeriods.FindActiveCaller() is null)
            {
                while (IsFull && !_closed)
                    TMemory.Wait(_gate, Timeout.InfiniteTimeSpan);
            }
        }
        finally
        {
            TMemory.Exit(_gate);
        }
    }

    /// <summary>A task that completes when a grace period has passed that begins from now on.</summary>
    public Task AddWaiter()
    {
        TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TMemory.Enter(_gate);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(RcuDomain));
            _waiters.Add(completion);
            WakeReclaimer();
        }
        finally
        {
            TMemory.Exit(_gate);
        }

        return completion.Task;
    }

    /// <summary>A task that completes when all callbacks that are there now have run.</summary>
    public Task AddBarrier()
    {
        TMemory.Enter(_gate);
        try
        {
            if (Pending == 0)
                return Task.CompletedTask;
            TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Append(RetiredItem.Complete(completion));
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
        using var wakeUp = cancellationToken.UnsafeRegister(
            static state => ((RetireQueue<TMemory>)state!).WakeAll(),
            this
        );
        TMemory.Enter(_gate);
        try
        {
            var upTo = _retired;
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

    /// <summary>Refuses new callbacks and lets the reclaimer end; what is there still runs.</summary>
    public void Close()
    {
        TMemory.Enter(_gate);
        _closed = true;
        TMemory.PulseAll(_gate);
        TMemory.Exit(_gate);
    }

    /// <summary>The reclaimer: runs batches until the queue is closed, or nothing came for some seconds.</summary>
    public void Reclaim()
    {
        Volatile.Write(ref _reclaimer, Thread.CurrentThread);
        while (TakeBatch(out var waiters))
        {
            var began = Stopwatch.GetTimestamp();
            gracePeriods.Wait(gracePeriods.Begin(), "A callback", CancellationToken.None);
            events.GracePeriodEnded(began);
            foreach (var waiter in waiters)
                waiter.TrySetResult();
            RunBatch();
        }
    }

    private bool IsFull => Pending > maxPending || PendingBytes > maxPendingBytes;

    private void Append(in RetiredItem item)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(RcuDomain));
        _open.Add(item);
        _retired++;
        _pendingBytes += item.Bytes;
        WakeReclaimer();
    }

    private void WakeReclaimer()
    {
        if (!_running)
        {
            startReclaimer();
            _running = true;
        }
        else if (_open.Count + _waiters.Count == 1)
        {
            TMemory.PulseAll(_gate);
        }
    }

    private bool TakeBatch(out TaskCompletionSource[] waiters)
    {
        TMemory.Enter(_gate);
        try
        {
            while (_open.Count + _waiters.Count == 0)
            {
                if (_closed || (!TMemory.Wait(_gate, IdleTime) && _open.Count + _waiters.Count == 0))
                {
                    _running = false;
                    _reclaimer = null;
                    waiters = [];
                    return false;
                }
            }

            (_open, _batch) = (_batch, _open);
            waiters = _waiters.Count == 0 ? [] : [.. _waiters];
            _waiters.Clear();
            return true;
        }
        finally
        {
            TMemory.Exit(_gate);
        }
    }

    private void RunBatch()
    {
        long bytes = 0;
        foreach (ref readonly var item in CollectionsMarshal.AsSpan(_batch))
        {
            bytes += item.Bytes;
            try
            {
                item.Run();
            }
            catch (Exception exception)
            {
                events.CallbackFailed(exception);
            }
        }

        var count = _batch.Count;
        _batch.Clear();
        TMemory.Enter(_gate);
        _done += count;
        _pendingBytes -= bytes;
        TMemory.PulseAll(_gate);
        TMemory.Exit(_gate);
    }

    private void WakeAll()
    {
        TMemory.Enter(_gate);
        TMemory.PulseAll(_gate);
        TMemory.Exit(_gate);
    }
}
