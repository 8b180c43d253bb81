using System.Runtime.CompilerServices;
using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// What a registered thread does about its own slot. Opening a scope gives the ticket of the scope around it, which
/// closing puts back; the new scope's own ticket is <see cref="Slot.Innermost"/>.
/// </summary>
internal static class ReadSide<TMemory>
    where TMemory : struct, ISharedMemory
{
    /// <summary>Opens a read scope.</summary>
    /// <returns>Whether that took the thread out of EQS.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool EnterRead(Slot slot, out long outer)
    {
        var leaves = !slot.Watching;
        if (leaves)
        {
            LeaveEqs(slot);
        }

        slot.Reads++;
        outer = Open(slot);
        return leaves;
    }

    /// <summary>Closes a read scope.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ExitRead(Slot slot, long ticket, long outer, bool left)
    {
        Close(slot, ticket, outer);
        slot.Reads--;
        if (left)
        {
            EnterEqs(slot);
        }
    }

    /// <summary>Opens an active region, in which the thread passes quiescent states by announcing them.</summary>
    /// <returns>Whether that took the thread out of EQS.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool EnterActive(Slot slot, out long outer)
    {
        var leaves = !slot.Watching;
        if (leaves)
        {
            LeaveEqs(slot);
        }

        outer = Open(slot);
        return leaves;
    }

    /// <summary>Closes an active region.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ExitActive(Slot slot, long ticket, long outer, bool left)
    {
        Close(slot, ticket, outer);
        if (left)
        {
            EnterEqs(slot);
        }
    }

    /// <summary>Puts the thread into EQS, from within an active region or not.</summary>
    /// <returns>Whether it was out of EQS before.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool EnterQuiescent(Slot slot, out long outer)
    {
        var enters = slot.Watching;
        if (enters)
        {
            // While not watching the thread may hold no read scope, so only this branch has to look.
            if (slot.Reads != 0)
            {
                Misuse.QuiescentInsideRead();
            }

            EnterEqs(slot);
        }
        else if (TMemory.LoadAcquire(slot.Closed) != DomainState.Open)
        {
            Misuse.DomainDisposed();
        }

        outer = Open(slot);
        return enters;
    }

    /// <summary>Ends what <see cref="EnterQuiescent"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ExitQuiescent(Slot slot, long ticket, long outer, bool entered)
    {
        Close(slot, ticket, outer);
        if (entered)
        {
            LeaveEqs(slot);
        }
    }

    /// <summary>Announces that the thread holds no reference from before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void QuiescentState(Slot slot)
    {
        // The acquire makes everything visible that was unpublished before the grace period that is seen here; nothing
        // new to announce means no store at all, so that the line stays shared with whoever scans it.
        var seen = TMemory.LoadAcquire(slot.GracePeriod);
        if (seen != slot.Announced)
        {
            Announce(slot, seen);
        }
    }

    private static void Announce(Slot slot, long seen)
    {
        // Closing a domain begins a grace period, so every loop that announces comes by here and learns of it.
        if (TMemory.LoadAcquire(slot.Closed) != DomainState.Open)
        {
            Misuse.DomainDisposed();
        }

        if (!slot.Watching)
        {
            return;
        }

        slot.Announced = seen;

        // Release: the reads before the quiescent state are done before a grace period can end on it. No full barrier:
        // a late store only makes the grace period wait longer, and the acquire above covers the reads that follow.
        TMemory.StoreRelease(slot, seen);
    }

    private static void LeaveEqs(Slot slot)
    {
        var seen = TMemory.LoadAcquire(slot.GracePeriod);
        slot.Announced = seen;
        slot.Watching = true;

        // Store-buffering shape: this thread writes its slot and reads protected data, the other side writes the data
        // and reads the slot. Both need a full barrier in between; a release store here is the classic bug.
        TMemory.ExchangeFull(slot, seen);

        // The same shape again, with the domain's word for the data: either this thread sees that the domain is closed,
        // or Dispose sees that this thread is active and waits for it.
        if (TMemory.LoadAcquire(slot.Closed) != DomainState.Open)
        {
            RefuseUnlessCallback(slot);
        }
    }

    private static void EnterEqs(Slot slot)
    {
        slot.Watching = false;
        TMemory.StoreRelease(slot, Slot.Eqs);
    }

    private static void RefuseUnlessCallback(Slot slot)
    {
        // Dispose waits for the callbacks after it has waited for the readers, so what a callback reads is still waited
        // for.
        if (slot.Registration is { IsReclaimer: true } && TMemory.LoadAcquire(slot.Closed) == DomainState.Closing)
        {
            return;
        }

        slot.Announced = 0;
        EnterEqs(slot);
        Misuse.DomainDisposed();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Open(Slot slot)
    {
        var outer = slot.Innermost;
        slot.Innermost = ++slot.LastTicket;
        return outer;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Close(Slot slot, long ticket, long outer)
    {
        if (slot.Innermost != ticket)
        {
            Misuse.ScopesCrossed();
        }

        slot.Innermost = outer;
    }
}
