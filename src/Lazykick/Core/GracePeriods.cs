using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>Numbered grace periods: a counter, and waiting until every thread has seen it or is in EQS.</summary>
internal sealed class GracePeriods<TMemory>(
    SlotRegistry<TMemory> registry,
    Cell number,
    IDomainEvents events,
    TimeProvider time,
    TimeSpan stallTimeout
)
    where TMemory : struct, ISharedMemory
{
    /// <summary>A number that no thread ever announces: only EQS passes.</summary>
    public const long Never = long.MaxValue;

    /// <summary>The number of the last grace period that began.</summary>
    public Cell Number => number;

    /// <summary>The same as a value, for reports.</summary>
    public long Newest => TMemory.LoadAcquire(number);

    /// <summary>
    /// Begins a grace period: a full barrier between what the caller unpublished and what it reads of slots.
    /// </summary>
    public long Begin() => TMemory.AddFull(number, 1);

    /// <summary>Whether a grace period is over, in one pass and without waiting.</summary>
    public bool HasElapsed(long gracePeriod)
    {
        foreach (var slot in registry.Scan())
        {
            // Whoever polls never waits, so threads that died in a scope have to be found here.
            if (!HasPassed(slot, gracePeriod) && !registry.TryReap(slot))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Waits until a grace period is over.</summary>
    /// <returns>Whether it is; false if the time is up.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the grace period goes on without
    /// it.</exception>
    /// <exception cref="InvalidOperationException">The caller is active itself.</exception>
    public bool Wait(long gracePeriod, string operation, in WaitLimit limit)
    {
        // One slot after the other: each has to be seen quiescent once, not all at the same time.
        var waited = false;
        StallClock clock = default;
        foreach (var slot in registry.Scan())
        {
            if (HasPassed(slot, gracePeriod))
            {
                continue;
            }

            if (!waited)
            {
                ThrowIfCallerIsActive(operation);
                waited = true;
            }

            if (!WaitFor(slot, gracePeriod, ref clock, limit))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Refuses what would wait for the calling thread itself.</summary>
    public void ThrowIfCallerIsActive(string operation)
    {
        if (FindActiveCaller() is { } slot)
        {
            Misuse.WaitInsideActive(slot.Registration!, operation);
        }
    }

    /// <summary>A slot of the calling thread that is out of EQS.</summary>
    public Slot? FindActiveCaller()
    {
        foreach (var slot in registry.Scan())
        {
            if (slot.IsHeldByCaller && slot.Watching)
            {
                return slot;
            }
        }

        return null;
    }

    /// <summary>Who keeps a grace period from ending.</summary>
    public List<Blocker> FindBlockers(long gracePeriod)
    {
        List<Blocker> blockers = [];
        foreach (var slot in registry.Scan())
        {
            var seen = TMemory.LoadAcquire(slot);
            if (!HasPassed(seen, gracePeriod) && slot.Registration is { } registration)
            {
                blockers.Add(new Blocker(registration, seen));
            }
        }

        return blockers;
    }

    // Acquire: what the thread read before its quiescent state was read before what the caller frees after it.
    private static bool HasPassed(Slot slot, long gracePeriod) => HasPassed(TMemory.LoadAcquire(slot), gracePeriod);

    private static bool HasPassed(long seen, long gracePeriod) => seen == Slot.Eqs || seen >= gracePeriod;

    private bool WaitFor(Slot slot, long gracePeriod, ref StallClock clock, in WaitLimit limit)
    {
        PauseState pause = default;
        do
        {
            if (limit.IsOver)
            {
                return false;
            }

            TMemory.Pause(ref pause, limit.CancellationToken);
            if (!pause.IsLong)
            {
                continue;
            }

            if (registry.TryReap(slot))
            {
                return true;
            }

            if (clock.IsDue(time, stallTimeout))
            {
                ReportStall(gracePeriod, clock.Waited);
            }
        } while (!HasPassed(slot, gracePeriod));
        return true;
    }

    private void ReportStall(long gracePeriod, TimeSpan waited)
    {
        var blockers = FindBlockers(gracePeriod);
        if (blockers.Count == 0)
        {
            return;
        }

        if (gracePeriod == Never)
        {
            events.DisposalStalled(waited, blockers);
        }
        else
        {
            events.GracePeriodStalled(gracePeriod, waited, blockers);
        }
    }
}
