using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Lazykick.Checking.Exploration;

/// <summary>
/// The exact set of visited states, in the order in which they were found. Open addressing with linear probing over
/// slots of an index and 32 bits of the hash; states themselves are kept once, so no two are ever confused.
/// </summary>
internal sealed class StateTable<T>
    where T : unmanaged, IState<T>
{
    /// <summary>States beyond this number have no index.</summary>
    public const int MaxCount = 1 << 29;

    private const ulong Tag = 0xFFFF_FFFF_0000_0000;

    private readonly ChunkedList<T> _states = new();
    private ulong[] _slots = new ulong[1 << 12];

    public int Count => _states.Count;

    /// <summary>Bytes held.</summary>
    public long Bytes => _slots.LongLength * sizeof(ulong) + _states.Bytes;

    /// <summary>Bytes that <see cref="Grow"/> needs while it copies.</summary>
    public long GrowthBytes => 2 * _slots.LongLength * sizeof(ulong);

    public ref readonly T this[int index] => ref _states[index];

    /// <summary>True if so many states more can be added before the table has to grow.</summary>
    public bool HasRoomFor(int states) => 2 * ((long)Count + states) <= _slots.Length;

    /// <summary>Fetches the slot of a hash into the cache, without waiting for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(ulong hash)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref _slots[(uint)hash & (uint)(_slots.Length - 1)]));
    }

    /// <summary>Fetches the state that a hash most likely belongs to; its slot should be in the cache by now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void PrefetchState(ulong hash)
    {
        var entry = _slots[(uint)hash & (uint)(_slots.Length - 1)];
        if (Sse.IsSupported && entry != 0 && ((entry ^ hash) & Tag) == 0)
            Sse.Prefetch0(Unsafe.AsPointer(ref _states[(int)(uint)entry - 1]));
    }

    /// <summary>Adds a state if it is new; there must be room for it.</summary>
    /// <param name="state">The state.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="isNew">True if it was not in the table.</param>
    /// <returns>Its index.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Add(in T state, ulong hash, out bool isNew)
    {
        var slots = _slots;
        var mask = (uint)slots.Length - 1;
        for (var slot = (uint)hash & mask; ; slot = slot + 1 & mask)
        {
            var entry = slots[slot];
            if (entry == 0)
            {
                isNew = true;
                _states.Add(state);
                slots[slot] = hash & Tag | (uint)_states.Count;
                return _states.Count - 1;
            }

            if (((entry ^ hash) & Tag) == 0 && _states[(int)(uint)entry - 1].Equals(state))
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
        for (var slot = (uint)hash & mask; _slots[slot] != 0; slot = slot + 1 & mask)
        {
            if (((_slots[slot] ^ hash) & Tag) == 0 && _states[(int)(uint)_slots[slot] - 1].Equals(state))
                return (int)(uint)_slots[slot] - 1;
        }

        return -1;
    }

    /// <summary>Doubles the number of slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Grow()
    {
        var slots = new ulong[_slots.Length * 2L];
        var mask = (uint)slots.Length - 1;
        for (var i = 0; i < Count; i++)
        {
            var hash = _states[i].Hash();
            var slot = (uint)hash & mask;
            while (slots[slot] != 0)
                slot = slot + 1 & mask;
            slots[slot] = hash & Tag | (uint)(i + 1);
        }

        _slots = slots;
    }
}
