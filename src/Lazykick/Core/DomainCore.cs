using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>A domain without its public face, over either the real machine or a simulated one.</summary>
internal sealed class DomainCore<TMemory>
    where TMemory : struct, ISharedMemory
{
    // From one on: zero means EQS in a slot.
    private readonly PaddedCell _gracePeriod = new(1);
    private readonly PaddedCell _closed = new(DomainState.Open);

    public DomainCore(DomainSettings settings, IDomainEvents events, IThreadStarter threads)
    {
        Registry = new SlotRegistry<TMemory>(events, _gracePeriod, _closed);
        GracePeriods = new GracePeriods<TMemory>(
            Registry,
            _gracePeriod,
            events,
            settings.TimeProvider,
            settings.StallTimeout
        );
        Waiters = new GracePeriodWaiters<TMemory>(GracePeriods, events, threads.StartWaiter);
        Kicks = new Kicks<TMemory>(Registry);
        Retired = new RetireQueue<TMemory>(GracePeriods, events, settings, threads.StartReclaimer);
    }

    public SlotRegistry<TMemory> Registry { get; }

    public GracePeriods<TMemory> GracePeriods { get; }

    public GracePeriodWaiters<TMemory> Waiters { get; }

    public Kicks<TMemory> Kicks { get; }

    public RetireQueue<TMemory> Retired { get; }

    /// <summary>One of <see cref="DomainState"/>.</summary>
    public Cell Closed => _closed;

    /// <summary>Gives the calling thread a slot; <paramref name="byFirstRead"/>, if it did not ask for one.</summary>
    public Slot Register(Thread owner, string member, string file, int line, bool byFirstRead = false)
    {
        ThrowIfClosed();
        var isReclaimer = Retired.IsReclaiming;
        var slot = Registry.Add(
            new Registration(owner, member, file, line) { IsReclaimer = isReclaimer, IsByFirstRead = byFirstRead }
        );
        if (isReclaimer)
        {
            Retired.Watch(slot);
        }

        return slot;
    }

    /// <summary>Waits for a grace period that begins now.</summary>
    /// <returns>Whether it is over; false if the time is up.</returns>
    public bool Synchronize(in WaitLimit limit)
    {
        ThrowIfClosed();
        return GracePeriods.Wait(GracePeriods.Begin(), "Synchronize", limit);
    }

    /// <summary>A task for a grace period that begins now; complete if it is over at once.</summary>
    public Task SynchronizeAsync()
    {
        ThrowIfClosed();
        GracePeriods.ThrowIfCallerIsActive("SynchronizeAsync");
        return GracePeriods.HasElapsed(GracePeriods.Begin()) ? Task.CompletedTask : Waiters.Add();
    }

    /// <summary>Waits until everything that has been retired so far has run.</summary>
    public void Barrier(CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        ThrowIfItWouldDeadlock("Barrier");
        Retired.Barrier(cancellationToken);
    }

    /// <summary>A task that completes when everything that has been retired so far has run.</summary>
    public Task BarrierAsync()
    {
        ThrowIfClosed();
        ThrowIfItWouldDeadlock("BarrierAsync");
        return Retired.AddBarrier();
    }

    /// <summary>Waits until the queue is below its limits.</summary>
    public bool WaitForRoom(in WaitLimit limit)
    {
        ThrowIfClosed();
        ThrowIfItWouldDeadlock("WaitForRoom");
        return Retired.Backlog.WaitForRoom(limit);
    }

    /// <summary>A task that completes when the queue is below its limits.</summary>
    public Task WaitForRoomAsync()
    {
        ThrowIfClosed();
        ThrowIfItWouldDeadlock("WaitForRoomAsync");
        return Retired.Backlog.RoomAsync();
    }

    /// <summary>Gives a slot back in the name of its owner.</summary>
    public void Unregister(Slot slot, Registration registration)
    {
        if (slot.Innermost != 0)
        {
            Misuse.UnregisterWhileActive(registration);
        }

        Registry.Remove(slot, registration);
    }

    /// <summary>Lets no thread leave EQS any more, callbacks apart. One caller at a time.</summary>
    /// <returns>Whether this call began it.</returns>
    public bool BeginClose()
    {
        if (TMemory.LoadAcquire(_closed) != DomainState.Open)
        {
            return false;
        }

        TMemory.StoreRelease(_closed, DomainState.Closing);

        // The full barrier of the other half of the shape in ReadSide.LeaveEqs, before the look at the slots; and loops
        // that announce quiescent states see a new number.
        GracePeriods.Begin();
        return true;
    }

    /// <summary>Waits until no thread is out of EQS, then for all callbacks.</summary>
    /// <returns>Whether all of that is over; false if the time is up.</returns>
    public bool FinishClose(in WaitLimit limit)
    {
        if (!GracePeriods.Wait(GracePeriods<TMemory>.Never, "Dispose", limit))
        {
            return false;
        }

        _ = Retired.Drain.Begin();
        if (!Retired.Drain.Wait(limit))
        {
            return false;
        }

        End();
        return true;
    }

    /// <summary>
    /// Ends what <see cref="BeginClose"/> began, after the readers have left and the callbacks have run.
    /// </summary>
    public void End()
    {
        TMemory.StoreRelease(_closed, DomainState.Closed);
        Waiters.Close();
    }

    /// <summary>Refuses what a disposed domain cannot do; callbacks go on until the last one has run.</summary>
    public void ThrowIfClosed()
    {
        var state = TMemory.LoadAcquire(_closed);
        if (state != DomainState.Open && !(state == DomainState.Closing && Retired.IsReclaiming))
        {
            Misuse.DomainDisposed();
        }
    }

    /// <summary>Refuses what would wait for the calling thread or for the callback that it runs.</summary>
    public void ThrowIfItWouldDeadlock(string operation)
    {
        if (Retired.IsReclaiming)
        {
            Misuse.WaitInsideCallback(operation);
        }

        GracePeriods.ThrowIfCallerIsActive(operation);
    }
}
