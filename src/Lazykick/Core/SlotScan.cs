using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>One pass over the slots of a domain, for <c>foreach</c>.</summary>
internal struct SlotScan<TMemory>(Slot[] slots, int count)
    where TMemory : struct, ISharedMemory
{
    private int _next;

    public Slot Current { get; private set; } = null!;

    public readonly SlotScan<TMemory> GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next >= count)
        {
            return false;
        }

        Current = TMemory.LoadElement(slots, _next++);
        return true;
    }
}
