using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick;

/// <summary>
/// A read-side critical section: what was reachable when it began is not freed before it ends. A ref struct, so that
/// the
/// compiler refuses to hold it across an <see langword="await"/> or a <see langword="yield"/> (CS4007).
/// </summary>
public ref struct ReadScope : IDisposable
{
    private Slot? _slot;
    private readonly int _depth;
    private readonly bool _left;

    internal ReadScope(Slot slot, bool left) => (_slot, _depth, _left) = (slot, slot.Depth, left);

    /// <summary>Ends the section; a second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">A scope that was opened later on this thread is still
    /// open.</exception>
    public void Dispose()
    {
        var slot = _slot;
        if (slot is null)
            return;
        ReadSide<HardwareMemory>.ExitRead(slot, _depth, _left);
        _slot = null;
    }
}
