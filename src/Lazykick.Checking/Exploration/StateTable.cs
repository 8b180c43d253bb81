using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>
/// The exact set of visited states, in the order in which they were found. Open addressing with linear probing over slots of an index and
/// 32 bits of the hash; states themselves are kept once, so no two are ever confused.
/// </summary>
internal sealed class StateTable<T>
    where T : unmanaged, IPacked<T>
{
    private ulong[] _slots = new ulong[1 << 12];
    private T[] _states = new T[1 << 11];

    public int Count { get; private set; }

    /// <summary>Bytes held.</summary>
    public long Bytes => _slots.LongLength * sizeof(ulong) + _states.LongLength * Unsafe.SizeOf<T>();

    public ref readonly T this[int index] => ref _states[index];

    /// <summary>Adds a state if it is new.</summary>
    /// <returns>Its index.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Add(in T state, out bool isNew)
    {
        var hash = state.Hash();
        var mask = (uint)_slots.Length - 1;
        var tag = hash & 0xFFFF_FFFF_0000_0000;
        for (var slot = (uint)hash & mask; ; slot = slot + 1 & mask)
        {
            var entry = _slots[slot];
            if (entry == 0)
            {
                isNew = true;
                return Insert(state, tag, slot);
            }

            if ((entry & 0xFFFF_FFFF_0000_0000) == tag && _states[(uint)entry - 1].Equals(state))
            {
                isNew = false;
                return (int)(uint)entry - 1;
            }
        }
    }

    /// <summary>The index of a state, or -1.</summary>
    public int Find(in T state)
    {
        var hash = state.Hash();
        var mask = (uint)_slots.Length - 1;
        var tag = hash & 0xFFFF_FFFF_0000_0000;
        for (var slot = (uint)hash & mask; _slots[slot] != 0; slot = slot + 1 & mask)
        {
            if ((_slots[slot] & 0xFFFF_FFFF_0000_0000) == tag && _states[(uint)_slots[slot] - 1].Equals(state))
                return (int)(uint)_slots[slot] - 1;
        }

        return -1;
    }

    private int Insert(in T state, ulong tag, uint slot)
    {
        if (Count == _states.Length)
            Array.Resize(ref _states, checked(Count * 2));
        _states[Count] = state;
        _slots[slot] = tag | (uint)(Count + 1);
        if (++Count * 2L > _slots.Length)
            Grow();
        return Count - 1;
    }

    private void Grow()
    {
        var slots = new ulong[_slots.Length * 2L];
        var mask = (uint)slots.Length - 1;
        for (var i = 0; i < Count; i++)
        {
            var hash = _states[i].Hash();
            var slot = (uint)hash & mask;
            while (slots[slot] != 0)
                slot = slot + 1 & mask;
            slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | (uint)(i + 1);
        }

        _slots = slots;
    }
}
