using System.Numerics;

namespace Lazykick.Checking.Memory;

/// <summary>An exact set of states of a fixed number of words, in the order of their insertion, each with its parent.</summary>
/// <param name="words">Words a state.</param>
public sealed class PackedStates(int words)
{
    private ulong[] _states = new ulong[words * 1024];
    private int[] _parents = new int[1024];
    private int[] _slots = CreateSlots(4096);

    /// <summary>How many states there are.</summary>
    public int Count { get; private set; }

    /// <summary>The words of a state.</summary>
    /// <param name="index">Its number.</param>
    /// <returns>A view that the next insertion invalidates.</returns>
    public ReadOnlySpan<ulong> this[int index] => _states.AsSpan(index * words, words);

    /// <summary>The state from which a state was first reached, or -1.</summary>
    /// <param name="index">The state's number.</param>
    /// <returns>The parent's number.</returns>
    public int Parent(int index) => _parents[index];

    /// <summary>Adds a state.</summary>
    /// <param name="state">Its words.</param>
    /// <param name="parent">Where it was reached from, or -1.</param>
    /// <returns>True when it is new.</returns>
    public bool Add(ReadOnlySpan<ulong> state, int parent)
    {
        if (Count * 2 >= _slots.Length)
            Grow();
        var mask = _slots.Length - 1;
        for (var slot = (int)(Hash(state) & (ulong)mask); ; slot = (slot + 1) & mask)
        {
            if (_slots[slot] < 0)
            {
                _slots[slot] = Append(state, parent);
                return true;
            }
            if (this[_slots[slot]].SequenceEqual(state))
                return false;
        }
    }

    private int Append(ReadOnlySpan<ulong> state, int parent)
    {
        if (Count == _parents.Length)
        {
            Array.Resize(ref _parents, Count * 2);
            Array.Resize(ref _states, Count * 2 * words);
        }
        state.CopyTo(_states.AsSpan(Count * words, words));
        _parents[Count] = parent;
        return Count++;
    }

    private void Grow()
    {
        _slots = CreateSlots(_slots.Length * 2);
        var mask = _slots.Length - 1;
        for (var i = 0; i < Count; i++)
        {
            var slot = (int)(Hash(this[i]) & (ulong)mask);
            while (_slots[slot] >= 0)
                slot = (slot + 1) & mask;
            _slots[slot] = i;
        }
    }

    private static int[] CreateSlots(int count)
    {
        var slots = new int[count];
        Array.Fill(slots, -1);
        return slots;
    }

    private static ulong Hash(ReadOnlySpan<ulong> state)
    {
        var hash = 0x9E3779B97F4A7C15UL;
        foreach (var word in state)
            hash = (BitOperations.RotateLeft(hash, 23) ^ word) * 0xD6E8FEB86659FD93UL;
        return hash ^ (hash >> 32);
    }
}
