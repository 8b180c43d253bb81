using System.Runtime.CompilerServices;
using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick;

/// <summary>
/// A thread's registration with an <see cref="RcuDomain"/>. It belongs to the thread that called
/// <see cref="RcuDomain.Register"/> and starts in EQS. Only that thread may use it; once it has ended anybody may
/// dispose it.
/// </summary>
public sealed class RcuThread : IDisposable
{
    private readonly DomainCore<HardwareMemory> _core;
    private readonly Slot _slot;
    private readonly Cell _gracePeriod;
    private readonly Registration _registration;

    // Null once disposed, here or by the domain; one comparison then tells foreign and late use apart from right use.
    private Thread? _owner;

    internal RcuThread(DomainCore<HardwareMemory> core, Registration registration)
    {
        _core = core;
        _gracePeriod = core.GracePeriods.Number;
        _registration = registration;
        _slot = core.Registry.Add(registration);
        _owner = registration.Owner;
        registration.Handle = this;
    }

    /// <summary>Opens a read scope: about 5 ns out of EQS, about 1 ns inside another scope. Scopes nest.</summary>
    /// <exception cref="InvalidOperationException">The handle belongs to another thread.</exception>
    /// <exception cref="ObjectDisposedException">The registration or its domain has been disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadScope EnterRead()
    {
        var slot = CheckedSlot();
        return new ReadScope(slot, ReadSide<HardwareMemory>.EnterRead(slot, _gracePeriod));
    }

    /// <summary>
    /// Opens an active region, in which reads are free and the thread announces its quiescent states itself.
    /// </summary>
    /// <exception cref="InvalidOperationException">The handle belongs to another thread.</exception>
    /// <exception cref="ObjectDisposedException">The registration or its domain has been disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ActiveScope EnterActive()
    {
        var slot = CheckedSlot();
        return new ActiveScope(slot, ReadSide<HardwareMemory>.EnterActive(slot, _gracePeriod));
    }

    /// <summary>Opens an extended quiescent state inside an active region; in EQS already, it only nests.</summary>
    /// <exception cref="InvalidOperationException">A read scope is open, or the handle belongs to another
    /// thread.</exception>
    /// <exception cref="ObjectDisposedException">The registration or its domain has been disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public QuiescentScope EnterQuiescent()
    {
        var slot = CheckedSlot();
        return new QuiescentScope(slot, _gracePeriod, ReadSide<HardwareMemory>.EnterQuiescent(slot));
    }

    /// <summary>
    /// Announces that the thread holds no protected reference from before: below 1 ns while no grace period has begun
    /// since
    /// the last time. In EQS it does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">A read scope is open, or the handle belongs to another
    /// thread.</exception>
    /// <exception cref="ObjectDisposedException">The registration or its domain has been disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void QuiescentState()
    {
        var slot = CheckedSlot();
        if (slot.Reads != 0)
            Misuse.QuiescentInsideRead();
        ReadSide<HardwareMemory>.QuiescentState(slot, _gracePeriod);
    }

    /// <summary>Ends the registration; a second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">A scope is open, or the thread is another one and still
    /// alive.</exception>
    public void Dispose()
    {
        var owner = _owner;
        if (owner is null)
            return;
        if (ReferenceEquals(owner, Thread.CurrentThread))
            _core.Unregister(_slot, _registration);
        else if (owner.IsAlive)
            Misuse.ForeignHandle(_registration);
        else
            _core.Registry.TryReap(_slot);
        _owner = null;
    }

    /// <summary>Makes every further use throw.</summary>
    internal void Revoke() => _owner = null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Slot CheckedSlot()
    {
        if (!ReferenceEquals(_owner, Thread.CurrentThread))
            Misuse.ForeignHandle(_owner is null ? null : _registration);
        return _slot;
    }
}
