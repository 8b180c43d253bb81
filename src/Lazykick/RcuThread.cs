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
    private readonly Registration _registration;

    // Null once disposed; one comparison then tells foreign and late use apart from right use.
    private Thread? _owner;

    internal RcuThread(DomainCore<HardwareMemory> core, Slot slot)
    {
        _core = core;
        _slot = slot;
        _registration = slot.Registration!;
        _owner = _registration.Owner;
    }

    /// <summary>Opens a read scope: about 8 ns out of EQS, about 2 ns inside another scope. Scopes nest.</summary>
    /// <exception cref="InvalidOperationException">The handle belongs to another thread.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The registration or its domain has been disposed. Inside a scope that is open, another one opens all the same.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadScope EnterRead()
    {
        var slot = CheckedSlot();
        var left = ReadSide<HardwareMemory>.EnterRead(slot, out var outer);
        return new ReadScope(slot, outer, left);
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
        var left = ReadSide<HardwareMemory>.EnterActive(slot, out var outer);
        return new ActiveScope(slot, outer, left);
    }

    /// <summary>Opens an extended quiescent state inside an active region; in EQS already, it only nests.</summary>
    /// <exception cref="InvalidOperationException">A read scope is open, or the handle belongs to another
    /// thread.</exception>
    /// <exception cref="ObjectDisposedException">The registration or its domain has been disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public QuiescentScope EnterQuiescent()
    {
        var slot = CheckedSlot();
        var entered = ReadSide<HardwareMemory>.EnterQuiescent(slot, out var outer);
        return new QuiescentScope(slot, outer, entered);
    }

    /// <summary>
    /// Announces that the thread holds no protected reference from before: below 1 ns while no grace period has begun
    /// since the last time. In EQS it does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">A read scope is open, or the handle belongs to another
    /// thread.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The registration or its domain has been disposed: this is where a loop in an active region learns of it.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void QuiescentState()
    {
        var slot = CheckedSlot();
        if (slot.Reads != 0)
        {
            Misuse.QuiescentInsideRead();
        }

        ReadSide<HardwareMemory>.QuiescentState(slot);
    }

    /// <summary>Ends the registration; a second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">A scope is open, or the thread is another one and still
    /// alive.</exception>
    public void Dispose()
    {
        if (_owner is not { } owner)
        {
            return;
        }

        if (ReferenceEquals(owner, Thread.CurrentThread))
        {
            _core.Unregister(_slot, _registration);
        }
        else if (owner.IsAlive)
        {
            Misuse.ForeignHandle(_registration);
        }
        else if (ReferenceEquals(_slot.Registration, _registration))
        {
            // Only its own: the slot may have been reaped and given to somebody else by now.
            _core.Registry.TryReap(_slot);
        }

        _owner = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Slot CheckedSlot()
    {
        if (!ReferenceEquals(_owner, Thread.CurrentThread))
        {
            Misuse.ForeignHandle(_owner is null ? null : _registration);
        }

        return _slot;
    }
}
