using System.Runtime.CompilerServices;
using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick;

/// <summary>
/// A read-side critical section: what was reachable when it began is not freed before it ends. A ref struct, so that
/// the compiler refuses to hold it across an <see langword="await"/> or a <see langword="yield"/> (CS4007).
/// </summary>
public ref struct ReadScope
{
    private readonly long _ticket;
    private readonly long _outer;
    private readonly bool _left;
    private Slot? _slot;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadScope(Slot slot, long outer, bool left) =>
        (_slot, _ticket, _outer, _left) = (slot, slot.Innermost, outer, left);

    /// <summary>Ends the section; a second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">This is not the innermost open scope, or a copy of a closed
    /// one.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        if (_slot is { } slot)
        {
            ReadSide<HardwareMemory>.ExitRead(slot, _ticket, _outer, _left);
            _slot = null;
        }
    }

    /// <summary>Refuses a scope that protects nothing of a domain.</summary>
    /// <param name="closed">The domain's own word, by which its slots are known.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void ThrowIfNotOf(Cell closed)
    {
        // A copy of a scope that has been closed still has its slot; out of EQS the thread is in some scope, and safe.
        if (_slot is not { Watching: true } slot || !ReferenceEquals(slot.Closed, closed))
        {
            Misuse.ScopeProtectsNothing(_slot, _ticket, closed);
        }
    }
}
