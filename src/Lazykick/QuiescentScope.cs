using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick;

/// <summary>
/// An extended quiescent state inside an active region, around whatever blocks or must not be disturbed. Protected
/// references from before it must not be used in it nor after it.
/// </summary>
public ref struct QuiescentScope : IDisposable
{
    private Slot? _slot;
    private readonly Cell? _gracePeriod;
    private readonly int _depth;
    private readonly bool _entered;

    internal QuiescentScope(Slot slot, Cell gracePeriod, bool entered) =>
        (_slot, _gracePeriod, _depth, _entered) = (slot, gracePeriod, slot.Depth, entered);

    /// <summary>
    /// Comes back: a full barrier, and the thread is active again if it was before. A second call does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">A scope that was opened later on this thread is still
    /// open.</exception>
    public void Dispose()
    {
        var slot = _slot;
        if (slot is null)
            return;
        ReadSide<HardwareMemory>.ExitQuiescent(slot, _gracePeriod!, _depth, _entered);
        _slot = null;
    }
}
