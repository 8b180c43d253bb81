using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Weak;

/// <summary>The instances in a CPU's window, oldest first, and the slot that each belongs to.</summary>
/// <param name="slots">Slots of the window.</param>
internal sealed class InstanceList(int slots)
{
    // A slot is an access, the branch behind it, and the fence of an LL/SC atomic; one more for a step that asks
    // whether it may be taken.
    private const int InstancesPerSlot = 3;

    private readonly Instance[] _instances = new Instance[Capacity(slots)];
    private readonly int[] _slotOf = new int[Capacity(slots)];

    /// <summary>Most instances in a window of so many slots.</summary>
    public static int Capacity(int slots) => (slots * InstancesPerSlot) + 1;

    public int Count { get; private set; }

    public Span<Instance> Instances => _instances.AsSpan(0, Count);

    /// <summary>Variables, as bits, whose value hangs on a read that has not taken place.</summary>
    public ulong Unknown { get; set; }

    /// <summary>Variables whose value hangs on a prediction only.</summary>
    public ulong Speculative { get; set; }

    /// <summary>Variables whose value may turn out otherwise.</summary>
    public ulong Unsettled => Unknown | Speculative;

    /// <summary>A branch is not settled.</summary>
    public bool IsSpeculative { get; set; }

    public void Clear()
    {
        Count = 0;
        Unknown = Speculative = 0;
        IsSpeculative = false;
    }

    public ref Instance this[int instance] => ref _instances[instance];

    public void Add(int slot, in Instance instance)
    {
        _slotOf[Count] = slot;
        _instances[Count++] = instance;
    }

    /// <summary>The instances with one more behind them, which is not kept.</summary>
    public Span<Instance> With(in Instance next)
    {
        _instances[Count] = next;
        return _instances.AsSpan(0, Count + 1);
    }

    /// <summary>The slot of an instance.</summary>
    public int SlotOf(int instance) => _slotOf[instance];

    /// <summary>The instance that accesses memory for a slot.</summary>
    public int AccessOf(int slot) => Array.IndexOf(_slotOf, slot, 0, Count);
}
