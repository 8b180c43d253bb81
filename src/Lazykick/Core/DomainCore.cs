using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>A domain without its public face, over either the real machine or a simulated one.</summary>
internal sealed class DomainCore<TMemory>
    where TMemory : struct, ISharedMemory
{
    public DomainCore(RcuDomainOptions options, IDomainEvents events, Action startReclaimer)
    {
        Registry = new SlotRegistry<TMemory>(events);
        GracePeriods = new GracePeriods<TMemory>(Registry, events, options.TimeProvider, options.StallTimeout);
        Kicks = new Kicks<TMemory>(Registry);
        Retired = new RetireQueue<TMemory>(
            GracePeriods,
            events,
            options.MaxPending,
            options.MaxPendingBytes,
            startReclaimer
        );
    }

    public SlotRegistry<TMemory> Registry { get; }

    public GracePeriods<TMemory> GracePeriods { get; }

    public Kicks<TMemory> Kicks { get; }

    public RetireQueue<TMemory> Retired { get; }

    /// <summary>Waits for a grace period that begins now.</summary>
    public void Synchronize(CancellationToken cancellationToken)
    {
        var number = GracePeriods.Begin();
        GracePeriods.Wait(number, "Synchronize", cancellationToken);
    }

    /// <summary>A task for a grace period that begins now; complete if it is over at once.</summary>
    public Task SynchronizeAsync()
    {
        GracePeriods.ThrowIfCallerIsActive("SynchronizeAsync");
        return GracePeriods.HasElapsed(GracePeriods.Begin()) ? Task.CompletedTask : Retired.AddWaiter();
    }

    /// <summary>Waits until everything that has been retired so far has run.</summary>
    public void Barrier(CancellationToken cancellationToken)
    {
        ThrowIfBarrierWouldDeadlock("Barrier");
        Retired.Barrier(cancellationToken);
    }

    /// <summary>A task that completes when everything that has been retired so far has run.</summary>
    public Task BarrierAsync()
    {
        ThrowIfBarrierWouldDeadlock("BarrierAsync");
        return Retired.AddBarrier();
    }

    /// <summary>Gives a slot back in the name of its owner.</summary>
    public void Unregister(Slot slot, Registration registration)
    {
        if (slot.Depth != 0)
            Misuse.UnregisterWhileActive(registration);
        Registry.Remove(slot, registration);
    }

    private void ThrowIfBarrierWouldDeadlock(string operation)
    {
        if (Retired.IsReclaiming)
            Misuse.WaitInsideCallback(operation);
        GracePeriods.ThrowIfCallerIsActive(operation);
    }
}
