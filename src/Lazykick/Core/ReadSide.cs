using System.Runtime.CompilerServices;
using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>What a registered thread does about its own slot.</summary>
internal static class ReadSide<TMemory>
    where TMemory : struct, ISharedMemory
{
    /// <summary>Opens a read scope.</summary>
    /// <returns>Whether that took the thread out of EQS.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool EnterRead(Slot slot, Cell gracePeriod)
    {
        var leaves = !slot.Watching;
        if (leaves)
            LeaveEqs(slot, gracePeriod);
        slot.Reads++;
        slot.Depth++;
        return leaves;
    }

    /// <summary>Closes a read scope that was opened at <paramref name="depth"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ExitRead(Slot slot, int depth, bool left)
    {
        if (slot.Depth != depth)
            Misuse.ScopesCrossed();
        slot.Reads--;
        slot.Depth--;
        if (left)
            EnterEqs(slot);
    }

    /// <summary>Opens an active region, in which the thread passes quiescent states by announcing them.</summary>
    /// <returns>Whether that took the thread out of EQS.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool EnterActive(Slot slot, Cell gracePeriod)
    {
        var leaves = !slot.Watching;
        if (leaves)
            LeaveEqs(slot, gracePeriod);
        slot.Depth++;
        return leaves;
    }

    /// <summary>Closes an active region that was opened at <paramref name="depth"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ExitActive(Slot slot, int depth, bool left)
    {
        if (slot.Depth != depth)
            Misuse.ScopesCrossed();
        slot.Depth--;
        if (left)
            EnterEqs(slot);
    }

    /// <summary>Puts the thread into EQS, from within an active region or not.</summary>
    /// <returns>Whether it was out of EQS before.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool EnterQuiescent(Slot slot)
    {
        var enters = slot.Watching;
        if (enters)
        {
            // While not watching the thread may hold no read scope, so only this branch has to look.
            if (slot.Reads != 0)
                Misuse.QuiescentInsideRead();
            EnterEqs(slot);
        }

        slot.Depth++;
        return enters;
    }

    /// <summary>Ends what <see cref="EnterQuiescent"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ExitQuiescent(Slot slot, Cell gracePeriod, int depth, bool entered)
    {
        if (slot.Depth != depth)
            Misuse.ScopesCrossed();
        slot.Depth--;
        if (entered)
            LeaveEqs(slot, gracePeriod);
    }

    /// <summary>Announces that the thread holds no reference from before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void QuiescentState(Slot slot, Cell gracePeriod)
    {
        // The acquire makes everything visible that was unpublished before the grace period that is seen here; nothing
        // new to announce means no store at all, so that the line stays shared with whoever scans it.
        var seen = TMemory.LoadAcquire(gracePeriod);
        if (seen == slot.Announced)
            return;
        Announce(slot, seen);
    }

    private static void Announce(Slot slot, long seen)
    {
        if (!slot.Watching)
            return;
        slot.Announced = seen;

        // Release: the reads before the quiescent state are done before a grace period can end on it. No full barrier:
        // a late store only makes the grace period wait longer, and the acquire above covers the reads that follow.
        TMemory.StoreRelease(slot, seen);
    }

    private static void LeaveEqs(Slot slot, Cell gracePeriod)
    {
        var seen = TMemory.LoadAcquire(gracePeriod);
        slot.Announced = seen;
        slot.Watching = true;

        // Store-buffering shape: this thread writes its slot and reads protected data, the other side writes the data
        // and reads the slot. Both need a full barrier in between; a release store here is the classic bug.
        TMemory.ExchangeFull(slot, seen);
    }

    private static void EnterEqs(Slot slot)
    {
        slot.Watching = false;
        TMemory.StoreRelease(slot, Slot.Eqs);
    }
}
