using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick;

/// <summary>
/// A region in which reading protected data costs nothing: no scope, no barrier, no store. In return the thread
/// announces a quiescent state (<see cref="RcuThread.QuiescentState"/>) whenever it holds no protected reference, often
/// enough that grace periods end, and wraps what blocks into <see cref="RcuThread.EnterQuiescent"/>.
/// </summary>
public ref struct ActiveScope
{
    private readonly long _ticket;
    private readonly long _outer;
    private readonly bool _left;
    private Slot? _slot;

    internal ActiveScope(Slot slot, long outer, bool left) =>
        (_slot, _ticket, _outer, _left) = (slot, slot.Innermost, outer, left);

    /// <summary>Ends the region; a second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">This is not the innermost open scope, or a copy of a closed
    /// one.</exception>
    public void Dispose()
    {
        if (_slot is { } slot)
        {
            ReadSide<HardwareMemory>.ExitActive(slot, _ticket, _outer, _left);
            _slot = null;
        }
    }
}
