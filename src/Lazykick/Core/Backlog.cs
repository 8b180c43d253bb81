using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// How much has been retired and has not run, and its limits. Nothing here makes a retirer wait: a limit is reported
/// once, and whoever asks for room waits for it.
/// </summary>
/// <remarks>
/// The figures order nothing. A retirer adds its bytes before the reclaimer can find the item, so the sums are never
/// negative; a limit that is seen a little late is a callback more or less.
/// </remarks>
internal sealed class Backlog<TMemory>(
    Gate gate,
    RetiredBuffer<TMemory> buffer,
    IDomainEvents events,
    DomainSettings settings
)
    where TMemory : struct, ISharedMemory
{
    private readonly int _maxPending = settings.MaxPending;
    private readonly long _maxBytes = settings.MaxPendingBytes;
    private readonly RetiredBytes<TMemory> _bytes = new();
    private readonly PaddedCell _isUnderPressure = new(0);
    private readonly Room _room = new();

    /// <summary>Callbacks that have not run yet.</summary>
    public long Pending => buffer.Pending;

    /// <summary>
    /// What the resources hold whose callbacks have not run yet, as their retirers said; at most what a long holds.
    /// </summary>
    public long Bytes => _bytes.Total;

    /// <summary>Whether the queue is at one of its limits.</summary>
    public bool IsFull => Pending >= _maxPending || Bytes >= _maxBytes;

    /// <summary>How many callers wait for room.</summary>
    public int Blocked => _room.Waiters;

    /// <summary>Counts an item that is about to be put into its place.</summary>
    public void Add(in RetiredItem item) => _bytes.Add(item.Bytes);

    /// <summary>Reports it if the queue has come to a limit.</summary>
    public void ReportPressure()
    {
        if (IsFull && TMemory.Look(_isUnderPressure) == 0 && TMemory.ExchangeFull(_isUnderPressure, 1) == 0)
        {
            events.PressureBegan(Pending, Bytes);
        }
    }

    /// <summary>Items have run whose bytes add up to this. By the reclaimer, under the lock.</summary>
    public void Subtract(long lower, long upper)
    {
        _bytes.Subtract(lower, upper);
        if (!IsFull)
        {
            _room.Open();
        }

        // Half-way down, so that a queue that hovers at its limit is reported once.
        if (TMemory.Look(_isUnderPressure) != 0 && Pending <= _maxPending / 2 && Bytes <= _maxBytes / 2)
        {
            TMemory.StoreRelease(_isUnderPressure, 0);
        }
    }

    /// <summary>Nothing will come any more: whoever waits for room need not. Under the lock.</summary>
    public void Open() => _room.Open();

    /// <summary>Waits until the queue is below its limits.</summary>
    /// <returns>Whether it is; false if the time is up.</returns>
    public bool WaitForRoom(in WaitLimit limit)
    {
        if (!IsFull)
        {
            return true;
        }

        using var wakeUp = WakeUp<TMemory>.On(gate, limit.CancellationToken);
        TMemory.Enter(gate);
        _room.Enter(settings.TimeProvider);
        try
        {
            TMemory.PulseAll(gate);
            while (IsFull)
            {
                limit.CancellationToken.ThrowIfCancellationRequested();
                if (limit.IsOver)
                {
                    return false;
                }

                TMemory.Wait(gate, limit.Left);
            }

            return true;
        }
        finally
        {
            _room.Leave();
            TMemory.Exit(gate);
        }
    }

    /// <summary>A task that completes when there is room; all callers share it.</summary>
    public Task RoomAsync()
    {
        TMemory.Enter(gate);
        try
        {
            TMemory.PulseAll(gate);
            return IsFull ? _room.Task(settings.TimeProvider) : Task.CompletedTask;
        }
        finally
        {
            TMemory.Exit(gate);
        }
    }

    /// <summary>Whether writers have waited for room for another full stall timeout.</summary>
    public bool IsStallDue(out TimeSpan waited) =>
        _room.IsStallDue(settings.TimeProvider, settings.StallTimeout, out waited);
}
