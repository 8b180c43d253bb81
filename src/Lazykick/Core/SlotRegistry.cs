using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// All slots of a domain. A scan needs no lock: a table only grows, and is replaced as a whole when it is full, or when
/// most of it is free. The table has no limit.
/// </summary>
internal sealed class SlotRegistry<TMemory>(IDomainEvents events, Cell gracePeriod, Cell closed)
    where TMemory : struct, ISharedMemory
{
    private const int SmallestTable = 8;

    private readonly Gate _gate = new();
    private readonly Published<SlotTable> _table = new(new SlotTable(SmallestTable));
    private readonly Stack<Slot> _free = new();

    /// <summary>
    /// The slots in use, and some that are free. A slot that is missing here leaves EQS only after the caller's last
    /// full barrier.
    /// </summary>
    /// <remarks>
    /// A thread adds its slot, in a new table or in this one, before its first exchange on the slot. So a scan that
    /// misses the slot came before that exchange, and the thread's reads see everything from before the barrier that
    /// preceded the scan. A slot that is missing because it was free when the table shrank is never used again.
    /// </remarks>
    public SlotScan<TMemory> Scan()
    {
        var table = TMemory.LoadAcquire(_table);
        return new SlotScan<TMemory>(table.Slots, (int)TMemory.LoadAcquire(table.Count));
    }

    /// <summary>Gives a thread a slot; it starts in EQS.</summary>
    public Slot Add(Registration registration)
    {
        List<Reaped>? reaped = null;
        Slot? slot;
        TMemory.Enter(_gate);
        try
        {
            if (_free.Count == 0 && IsTableFull)
            {
                // Looked for only here, so that the search is paid for by the registrations that filled the table.
                reaped = ReapAll();
            }

            if (!_free.TryPop(out slot))
            {
                slot = Append();
            }

            slot.Registration = registration;
        }
        finally
        {
            TMemory.Exit(_gate);
        }

        Report(reaped);
        return slot;
    }

    /// <summary>Takes a slot back, once.</summary>
    public void Remove(Slot slot, Registration registration)
    {
        TMemory.Enter(_gate);
        try
        {
            if (ReferenceEquals(slot.Registration, registration))
            {
                Free(slot);
                ShrinkIfSparse();
            }
        }
        finally
        {
            TMemory.Exit(_gate);
        }
    }

    /// <summary>Takes a slot back if its thread has ended without doing so.</summary>
    public bool TryReap(Slot slot)
    {
        if (slot.Registration is not { } seen || TMemory.IsAlive(seen.Owner))
        {
            return false;
        }

        Reaped? reaped;
        TMemory.Enter(_gate);
        try
        {
            reaped = Reap(slot);
            ShrinkIfSparse();
        }
        finally
        {
            TMemory.Exit(_gate);
        }

        if (reaped is not null)
        {
            events.Reaped(reaped.Registration, reaped.WasActive);
        }

        return reaped is not null;
    }

    private bool IsTableFull
    {
        get
        {
            var table = TMemory.LoadAcquire(_table);
            return TMemory.LoadAcquire(table.Count) == table.Slots.Length;
        }
    }

    private List<Reaped> ReapAll()
    {
        List<Reaped> all = [];
        foreach (var slot in Scan())
        {
            if (Reap(slot) is { } reaped)
            {
                all.Add(reaped);
            }
        }

        return all;
    }

    private Reaped? Reap(Slot slot)
    {
        var registration = slot.Registration;
        if (registration is null || TMemory.IsAlive(registration.Owner))
        {
            return null;
        }

        var wasActive = slot.Watching;
        slot.Abandon();
        Free(slot);
        return new Reaped(registration, wasActive);
    }

    // Handlers are the user's code: they run when the lock is given back.
    private void Report(List<Reaped>? reaped)
    {
        foreach (var one in reaped ?? [])
        {
            events.Reaped(one.Registration, one.WasActive);
        }
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
        var table = TMemory.LoadAcquire(_table);
        var count = (int)TMemory.LoadAcquire(table.Count);
        if (count == table.Slots.Length)
        {
            table = Copy(table, count, 2 * count, inUseOnly: false);
        }

        Slot slot = new(gracePeriod, closed);
        TMemory.StoreElement(table.Slots, count, slot);

        // Release: whoever reads the count finds the entry.
        TMemory.StoreRelease(table.Count, count + 1);
        return slot;
    }

    private void ShrinkIfSparse()
    {
        var table = TMemory.LoadAcquire(_table);
        var count = (int)TMemory.LoadAcquire(table.Count);
        var used = count - _free.Count;

        // A quarter in use is where a table shrinks to half: registering and leaving in turns at any size moves
        // nothing.
        if (table.Slots.Length == SmallestTable || used > table.Slots.Length / 4)
        {
            return;
        }

        Copy(table, count, Math.Max(2 * used, SmallestTable), inUseOnly: true);
        _free.Clear();
        _free.TrimExcess();
    }

    private SlotTable Copy(SlotTable from, int count, int capacity, bool inUseOnly)
    {
        SlotTable to = new(capacity);
        var copied = 0;
        for (var i = 0; i < count; i++)
        {
            var slot = TMemory.LoadElement(from.Slots, i);
            if (!inUseOnly || slot.Registration is not null)
            {
                TMemory.StoreElement(to.Slots, copied++, slot);
            }
        }

        TMemory.StoreRelease(to.Count, copied);
        TMemory.StoreRelease(_table, to);
        return to;
    }

    private sealed record Reaped(Registration Registration, bool WasActive);
}
