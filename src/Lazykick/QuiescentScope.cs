using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick;

/// <summary>
/// An extended quiescent state inside an active region, around whatever blocks or must not be disturbed. Protected
/// references from before it must not be used in it nor after it.
/// </summary>
public ref struct QuiescentScope
{
    private readonly long _ticket;
    private readonly long _outer;
    private readonly bool _entered;
    private Slot? _slot;

    internal QuiescentScope(Slot slot, long outer, bool entered) =>
        (_slot, _ticket, _outer, _entered) = (slot, slot.Innermost, outer, entered);

    /// <summary>
    /// Comes back: a full barrier, and the thread is active again if it was before. A second call does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">This is not the innermost open scope, or a copy of a closed
    /// one.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed; the thread stays in EQS.</exception>
    public void Dispose()
    {
        if (_slot is { } slot)
        {
            _slot = null;
            ReadSide<HardwareMemory>.ExitQuiescent(slot, _ticket, _outer, _entered);
        }
    }
}
