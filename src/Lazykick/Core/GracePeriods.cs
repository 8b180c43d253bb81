using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>Numbered grace periods: a counter, and waiting until every thread has seen it or is in EQS.</summary>
internal sealed class GracePeriods<TMemory>(
    SlotRegistry<TMemory> registry,
    IDomainEvents events,
    TimeProvider time,
    TimeSpan stallTimeout
)
    where TMemory : struct, ISharedMemory
{
    // From one on: zero means EQS in a slot.
    private readonly PaddedCell _number = new(1);

    /// <summary>The number of the last grace period that began.</summary>
    public Cell Number => _number;

    /// <summary>
    /// Begins a grace period: a full barrier between what the caller unpublished and what it reads of slots.
    /// </summary>
    public long Begin() => TMemory.IncrementFull(_number);

    /// <summary>Whether a grace period is over, in one pass and without waiting.</summary>
    public bool HasElapsed(long gracePeriod)
    {
        foreach (var slot in registry.Scan())
        {
            if (!HasPassed(slot, gracePeriod))
                return false;
        }

        return true;
    }

    /// <summary>Waits until a grace period is over.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the grace period goes on without
    /// it.</exception>
    /// <exception cref="InvalidOperationException">The caller is active itself.</exception>
    public void Wait(long gracePeriod, string operation, CancellationToken cancellationToken)
    {
        // One slot after the other: each has to be seen quiescent once, not all at the same time.
        var waited = false;
        foreach (var slot in registry.Scan())
        {
            if (HasPassed(slot, gracePeriod))
                continue;
            if (!waited)
                ThrowIfCallerIsActive(operation);
            waited = true;
            WaitFor(slot, gracePeriod, cancellationToken);
        }
    }

    /// <summary>Refuses what would wait for the calling thread itself.</summary>
    public void ThrowIfCallerIsActive(string operation)
    {
        var registration = FindActiveCaller();
        if (registration is not null)
            Misuse.WaitInsideActive(registration, operation);
    }

    /// <summary>The calling thread's registration if it is out of EQS.</summary>
    public Registration? FindActiveCaller()
    {
        foreach (var slot in registry.Scan())
        {
            if (slot.IsHeldByCaller && slot.Watching)
                return slot.Registration;
        }

        return null;
    }

    /// <summary>Who keeps a grace period from ending.</summary>
    public List<Registration> FindBlockers(long gracePeriod)
    {
        List<Registration> blockers = [];
        foreach (var slot in registry.Scan())
        {
            if (!HasPassed(slot, gracePeriod) && slot.Registration is { } registration)
                blockers.Add(registration);
        }

        return blockers;
    }

    // Acquire: what the thread read before its quiescent state was read before what the caller frees after it.
    private static bool HasPassed(Slot slot, long gracePeriod)
    {
        var seen = TMemory.LoadAcquire(slot);
        return seen == Slot.Eqs || seen >= gracePeriod;
    }

    private void WaitFor(Slot slot, long gracePeriod, CancellationToken cancellationToken)
    {
        PauseState pause = default;
        long start = 0;
        var reports = 0;
        do
        {
            TMemory.Pause(ref pause, cancellationToken);
            if (!pause.IsLong)
                continue;
            if (registry.TryReap(slot))
                return;
            if (start == 0)
                start = time.GetTimestamp();
            var waited = time.GetElapsedTime(start);
            if (stallTimeout > TimeSpan.Zero && waited >= stallTimeout * (reports + 1))
            {
                reports = (int)(waited / stallTimeout);
                var blockers = FindBlockers(gracePeriod);
                if (blockers.Count > 0)
                    events.Stalled(gracePeriod, waited, blockers);
            }
        } while (!HasPassed(slot, gracePeriod));
    }
}
