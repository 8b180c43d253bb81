using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// All slots of a domain. They are never removed, only used again, so that a scan needs no lock; the table doubles when
/// it
/// is full and has no limit.
/// </summary>
internal sealed class SlotRegistry<TMemory>(IDomainEvents events)
    where TMemory : struct, ISharedMemory
{
    private readonly Gate _gate = new();
    private readonly Published<Slot[]> _table = new(new Slot[8]);
    private readonly PaddedCell _count = new(0);
    private readonly Stack<Slot> _free = new();

    /// <summary>
    /// The slots in use or free. A slot that is missing here leaves EQS only after the caller's last full barrier.
    /// </summary>
    /// <remarks>
    /// A thread adds its slot before its first exchange on it. So a scan that misses the slot came before that
    /// exchange,
    /// and the thread's reads see everything from before the barrier that preceded the scan.
    /// </remarks>
    public ReadOnlySpan<Slot> Scan()
    {
        // The count first: the table that is published before a count has that many entries.
        var count = (int)TMemory.LoadAcquire(_count);
        return TMemory.LoadAcquire(_table).AsSpan(0, count);
    }

    /// <summary>Gives the calling thread a slot; it starts in EQS.</summary>
    public Slot Add(Registration registration)
    {
        TMemory.Enter(_gate);
        try
        {
            if (_free.Count == 0)
                ReapAll();
            if (!_free.TryPop(out var slot))
                slot = Append();
            slot.Registration = registration;
            return slot;
        }
        finally
        {
            TMemory.Exit(_gate);
        }
    }

    /// <summary>Takes a slot back, once.</summary>
    public void Remove(Slot slot, Registration registration)
    {
        TMemory.Enter(_gate);
        try
        {
            if (ReferenceEquals(slot.Registration, registration))
                Free(slot);
        }
        finally
        {
            TMemory.Exit(_gate);
        }
    }

    /// <summary>Takes a slot back if its thread has ended without doing so.</summary>
    public bool TryReap(Slot slot)
    {
        TMemory.Enter(_gate);
        try
        {
            return Reap(slot);
        }
        finally
        {
            TMemory.Exit(_gate);
        }
    }

    private void ReapAll()
    {
        foreach (var slot in Scan())
            Reap(slot);
    }

    private bool Reap(Slot slot)
    {
        var registration = slot.Registration;
        if (registration is null || TMemory.IsAlive(registration.Owner))
            return false;
        var wasActive = slot.Watching;
        slot.Watching = false;
        slot.Depth = slot.Reads = 0;
        Free(slot);
        events.Reaped(registration, wasActive);
        return true;
    }

    private void Free(Slot slot)
    {
        // A thread that has ended, or is in EQS, reads nothing any more, so this can only tell what is true.
        TMemory.StoreRelease(slot, Slot.Eqs);
        slot.Registration = null;
        _free.Push(slot);
    }

    private Slot Append()
    {
        var count = (int)TMemory.LoadAcquire(_count);
        var table = TMemory.LoadAcquire(_table);
        if (count == table.Length)
        {
            Array.Resize(ref table, 2 * count);
            TMemory.StoreRelease(_table, table);
        }

        var slot = table[count] = new Slot();
        TMemory.StoreRelease(_count, count + 1);
        return slot;
    }
}
