using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick;

/// <summary>
/// A region in which reading protected data costs nothing: no scope, no barrier, no store. In return the thread
/// announces a
/// quiescent state (<see cref="RcuThread.QuiescentState"/>) whenever it holds no protected reference, often enough that
/// grace periods end, and wraps what blocks into <see cref="RcuThread.EnterQuiescent"/>.
/// </summary>
public ref struct ActiveScope : IDisposable
{
    private Slot? _slot;
    private readonly int _depth;
    private readonly bool _left;

    internal ActiveScope(Slot slot, bool left) => (_slot, _depth, _left) = (slot, slot.Depth, left);

    /// <summary>Ends the region; a second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">A scope that was opened later on this thread is still
    /// open.</exception>
    public void Dispose()
    {
        var slot = _slot;
        if (slot is null)
            return;
        ReadSide<HardwareMemory>.ExitActive(slot, _depth, _left);
        _slot = null;
    }
}
