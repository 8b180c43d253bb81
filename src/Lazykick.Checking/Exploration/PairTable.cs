using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Lazykick.Checking.Exploration;

/// <summary>For each pair of a CPU's own part and the shared part that was met: where its moves are.</summary>
internal sealed class PairTable
{
    private Slot[] _slots = new Slot[1 << 8];
    private int _shift = 64 - 8;

    public int Count { get; private set; }

    /// <summary>Fetches the slot of a pair into the cache, without waiting for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(int own, int shared)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref _slots[HomeOf(KeyOf(own, shared))]));
    }

    /// <summary>The pair's number, or -1 if it was not met yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int own, int shared)
    {
        var key = KeyOf(own, shared);
        for (var at = HomeOf(key); ; at = at + 1 & _slots.Length - 1)
        {
            ref var slot = ref _slots[at];
            if (slot.Key == key)
                return slot.Pair;
            if (slot.Key == 0)
                return -1;
        }
    }

    /// <summary>Adds a pair that is new.</summary>
    public void Add(int own, int shared, int pair)
    {
        if (2 * ++Count > _slots.Length)
            Grow();
        Put(KeyOf(own, shared), pair);
    }

    /// <summary>Calls with the parts and the number of every pair.</summary>
    public void ForEach(Action<int, int, int> action)
    {
        foreach (var slot in _slots)
        {
            if (slot.Key != 0)
                action((int)(slot.Key >> 32) - 1, (int)(uint)slot.Key, slot.Pair);
        }
    }

    // Never 0, which is an empty slot.
    private static ulong KeyOf(int own, int shared) => (ulong)(uint)(own + 1) << 32 | (uint)shared;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int HomeOf(ulong key) => (int)(key * 0x9E3779B97F4A7C15UL >> _shift);

    private void Put(ulong key, int pair)
    {
        var at = HomeOf(key);
        while (_slots[at].Key != 0)
            at = at + 1 & _slots.Length - 1;
        _slots[at] = new Slot { Key = key, Pair = pair };
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new Slot[2 * old.Length];
        _shift--;
        foreach (var slot in old)
        {
            if (slot.Key != 0)
                Put(slot.Key, slot.Pair);
        }
    }

    private struct Slot
    {
        public ulong Key;
        public int Pair;
    }
}
