using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// Retired resources in the order in which they came. Retiring never waits: the caller may hold locks that a reader
/// needs before it can leave its scope. Nor does it share a lock with the <see cref="Reclaimer{TMemory}"/>, except to
/// wake it.
/// </summary>
internal sealed class RetireQueue<TMemory>
    where TMemory : struct, ISharedMemory
{
    private readonly Gate _gate = new();
    private readonly RetiredBuffer<TMemory> _buffer;
    private readonly Reclaimer<TMemory> _reclaimer;

    public RetireQueue(
        GracePeriods<TMemory> gracePeriods,
        IDomainEvents events,
        DomainSettings settings,
        Action<Action> startThread
    )
    {
        _buffer = new RetiredBuffer<TMemory>(
            _gate,
            new ChunkPool(settings.ChunkCapacity, settings.MaxPending),
            () => startThread(_reclaimer!.Run)
        );
        Backlog = new Backlog<TMemory>(_gate, _buffer, events, settings);
        Drain = new Drain<TMemory>(_gate, _buffer, Backlog);
        _reclaimer = new Reclaimer<TMemory>(_gate, _buffer, Backlog, Drain, gracePeriods, events, settings);
    }

    /// <summary>How much waits, and its limits.</summary>
    public Backlog<TMemory> Backlog { get; }

    /// <summary>The end of the queue.</summary>
    public Drain<TMemory> Drain { get; }

    /// <summary>Callbacks that have not run yet.</summary>
    public long Pending => _buffer.Pending;

    /// <summary>Whether the caller is a callback of this queue.</summary>
    public bool IsReclaiming => _reclaimer.IsCaller;

    /// <summary>A callback has registered its thread, and may leave a scope open. Called by the callback.</summary>
    public void Watch(Slot slot) => _reclaimer.Watch(slot);

    /// <summary>What a report about a callback that does not end would name; null while none runs.</summary>
    public string? DescribeRunning() => _reclaimer.DescribeRunning();

    /// <summary>
    /// A callback that has run since the end of the queue began, the last of its batch; null for none.
    /// </summary>
    public string? LastRun => _reclaimer.LastRun;

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
        WakeUp<TMemory>.All(_gate);
        return completion.Task;
    }

    /// <summary>Waits until all callbacks that are there now have run.</summary>
    public void Barrier(CancellationToken cancellationToken)
    {
        using var wakeUp = WakeUp<TMemory>.On(_gate, cancellationToken);
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

    private void Append(in RetiredPlace place, in RetiredItem item)
    {
        // Before the item, so that the reclaimer cannot subtract them first.
        Backlog.Add(item);
        RetiredBuffer<TMemory>.Fill(place, item);
        if (place.Wakes)
        {
            WakeUp<TMemory>.All(_gate);
        }

        Backlog.ReportPressure();
    }
}
