using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Lazykick.Checking.Exploration;

/// <summary>
/// The exact set of visited keys, in the order in which they were found. Open addressing: keys are mixed by a bijection
/// and lie about in the order of their mixed values, so that a slot of 8 bytes (the low bits of the mixed key, and its
/// number) tells the whole key, and growing streams through the table from its end without a look at any key. While the
/// table is too small for that, the key is compared where it is kept.
/// </summary>
internal sealed unsafe class KeyTable
{
    /// <summary>Keys beyond this number have no slot.</summary>
    public const int MaxCount = (1 << IndexBits) - 2;

    private const int IndexBits = 28;
    private const int TagBits = 64 - IndexBits;
    private const ulong IndexMask = (1UL << IndexBits) - 1;
    private const ulong TagMask = (1UL << TagBits) - 1;
    private const int FirstBits = 12;

    // No key is further from its home than this many slots while slots tell whole keys.
    private const int MaxDistanceBits = 12;
    private const int Beyond = 1 << MaxDistanceBits + 1;

    // Of 32 slots so many are in use before the table grows.
    private const int FullOf32 = 27;

    private readonly NativeList<ulong> _keys;
    private readonly ReservedMemory _memory;
    private ulong* _slots;
    private int _slotBits;
    private int _keyBits;
    private int _full;
    private bool _isExact;
    private ulong[] _cluster = new ulong[256];

    /// <summary>An empty table.</summary>
    /// <param name="maxCount">Keys, at most.</param>
    /// <param name="keyBits">Bits of a key that may be set.</param>
    /// <param name="file">A file to keep the keys in, in the order in which they were found; null: memory.</param>
    public KeyTable(long maxCount, int keyBits, string? file = null)
    {
        maxCount = Math.Clamp(maxCount, 1 << FirstBits, MaxCount);
        _keys = new NativeList<ulong>(maxCount, file);
        var slots = 1L << FirstBits;
        while (slots / 32 * FullOf32 < maxCount)
            slots *= 2;
        _memory = new ReservedMemory((slots + Beyond) * sizeof(ulong));
        SetKeyBits(keyBits);
        Resize(FirstBits);
    }

    public int Count => _keys.Count;

    /// <summary>The keys, by number.</summary>
    public NativeList<ulong> Keys => _keys;

    /// <summary>Bytes in use.</summary>
    public long Bytes => _memory.Bytes + _keys.Bytes;

    /// <summary>Bytes that the next growing adds.</summary>
    public long GrowthBytes => 8L << _slotBits;

    /// <summary>Bits of a key up to which slots of this table tell whole keys.</summary>
    public int ExactBits => _slotBits + TagBits - MaxDistanceBits;

    /// <summary>True if so many keys more can be added before the table has to grow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasRoomFor(int keys) => Count + keys <= _full;

    /// <summary>A bijection of the keys that spreads every bit over the highest ones, which tell the home.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Mix(ulong key)
    {
        var left = 64 - _keyBits;
        var half = _keyBits / 2 + 1;
        var x = (key * 0x9E3779B97F4A7C15UL) << left >> left;
        x ^= x >> half;
        return (x * 0xBF58476D1CE4E5B9UL) << left >> left;
    }

    /// <summary>Fetches the slot of a mixed key into the cache, without waiting for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong mixed)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(_slots + HomeOf(mixed));
    }

    /// <summary>Adds a key if it is new; there must be room for it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="mixed">The same, mixed.</param>
    /// <param name="isNew">True if it was not in the table.</param>
    /// <returns>Its number.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Add(ulong key, ulong mixed, out bool isNew)
    {
        var tag = mixed & TagMask;
        var home = _slots + HomeOf(mixed);
        for (var slot = home; ; slot++)
        {
            var entry = *slot;
            if (entry == 0)
            {
                isNew = true;
                return Insert(slot, key, mixed);
            }

            if (
                entry >> IndexBits == tag
                && ((_isExact && slot - home < 1 << MaxDistanceBits) || _keys[(int)(entry & IndexMask) - 1] == key)
            )
            {
                isNew = false;
                return (int)(entry & IndexMask) - 1;
            }
        }
    }

    /// <summary>The number of a key, or -1.</summary>
    public int Find(ulong key) => Find(key, Mix(key));

    /// <summary>The number of a key, or -1.</summary>
    /// <param name="key">The key.</param>
    /// <param name="mixed">The same, mixed.</param>
    public int Find(ulong key, ulong mixed)
    {
        for (var slot = _slots + HomeOf(mixed); *slot != 0; slot++)
        {
            if (*slot >> IndexBits == (mixed & TagMask) && _keys[(int)(*slot & IndexMask) - 1] == key)
                return (int)(*slot & IndexMask) - 1;
        }

        return -1;
    }

    /// <summary>The region of the table in which a mixed key is, of so many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int RegionOf(ulong mixed, int regions) => (int)(HomeOf(mixed) * regions >> _slotBits);

    /// <summary>
    /// Adds a key if it is new, with <see cref="Count"/> and its place for a number until
    /// <see cref="GiveNumber"/>. Several threads may, each in its region.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="mixed">The same, mixed.</param>
    /// <param name="place">Its place among those that are added together.</param>
    /// <param name="regions">Regions of the table.</param>
    /// <param name="region">The region of the key.</param>
    /// <param name="number">Its number, which it may have from another place.</param>
    /// <param name="at">Its slot.</param>
    /// <returns>False: it may be in the next region, or belong there.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPlace(ulong key, ulong mixed, int place, int regions, int region, out int number, out long at)
    {
        var tag = mixed & TagMask;
        var home = _slots + HomeOf(mixed);
        var end = _slots + (region + 1 == regions ? (1L << _slotBits) + Beyond : EndOf(region, regions));
        for (var slot = home; slot < end; slot++)
        {
            var entry = *slot;
            if (entry == 0)
            {
                number = Count + place;
                _keys.Items[number] = key;
                Put(slot, mixed, (uint)number + 1);
                at = slot - _slots;
                return true;
            }

            if (IsAt(entry, tag, slot - home, key))
            {
                number = (int)(entry & IndexMask) - 1;
                at = slot - _slots;
                return true;
            }
        }

        (number, at) = (0, 0);
        return false;
    }

    /// <summary>As <see cref="Find(ulong, ulong)"/>, also of keys that <see cref="TryPlace"/> added.</summary>
    public int FindPlaced(ulong key, ulong mixed)
    {
        var home = _slots + HomeOf(mixed);
        for (var slot = home; *slot != 0; slot++)
        {
            if (IsAt(*slot, mixed & TagMask, slot - home, key))
                return (int)(*slot & IndexMask) - 1;
        }

        return -1;
    }

    /// <summary>Gives a key that <see cref="TryPlace"/> added the number that it keeps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void GiveNumber(long at, ulong key, int number)
    {
        _slots[at] = _slots[at] & ~IndexMask | (uint)number + 1;
        _keys.Items[number] = key;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsAt(ulong entry, ulong tag, long distance, ulong key) =>
        entry >> IndexBits == tag
        && ((_isExact && distance < 1 << MaxDistanceBits) || _keys.Items[(int)(entry & IndexMask) - 1] == key);

    // Homes are in this region up to here, as RegionOf has it.
    private long EndOf(int region, int regions) => ((region + 1L << _slotBits) + regions - 1) / regions;

    /// <summary>Doubles the number of slots.</summary>
    public void Grow()
    {
        if (!_isExact)
        {
            Resize(_slotBits + 1);
            Rebuild();
            return;
        }

        var old = (1L << _slotBits) + Beyond;
        Resize(_slotBits + 1);
        Spread(old);
    }

    /// <summary>Enters keys into an empty table.</summary>
    /// <param name="keyBits">Bits of a key that may be set.</param>
    /// <param name="keys">The keys, all different.</param>
    public void Fill(int keyBits, ReadOnlySpan<ulong> keys)
    {
        SetKeyBits(keyBits);
        Resize(_slotBits);
        foreach (var key in keys)
        {
            if (!HasRoomFor(1))
                Grow();
            Add(key, Mix(key), out _);
        }
    }

    /// <summary>Gives the keys another form, and enters them anew.</summary>
    /// <param name="keyBits">Bits of a key that may be set from now on.</param>
    /// <param name="form">From the old form to the new one.</param>
    public void Rewrite(int keyBits, Func<ulong, ulong> form)
    {
        for (var i = 0; i < Count; i++)
            _keys[i] = form(_keys[i]);
        SetKeyBits(keyBits);
        Resize(_slotBits);
        Rebuild();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long HomeOf(ulong mixed) => (long)(mixed >> _keyBits - _slotBits);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Insert(ulong* slot, ulong key, ulong mixed)
    {
        _keys.Add(key);
        Put(slot, mixed, (uint)_keys.Count);
        return _keys.Count - 1;
    }

    private void Put(ulong* slot, ulong mixed, ulong number)
    {
        var distance = slot - _slots - HomeOf(mixed);
        if (distance >= 1 << MaxDistanceBits)
            _isExact = false;
        if (slot - _slots >= (1L << _slotBits) + Beyond - 1)
            throw new InvalidOperationException("the table of states is clustered beyond its end");
        *slot = (mixed & TagMask) << IndexBits | number;
    }

    private void SetKeyBits(int bits) => _keyBits = Math.Clamp(bits, 40, 64);

    private void Resize(int slotBits)
    {
        _slotBits = slotBits;
        _memory.GrowTo(((1L << slotBits) + Beyond) * sizeof(ulong));
        _slots = (ulong*)_memory.Start;
        _full = (int)Math.Min(MaxCount, (1L << slotBits) / 32 * FullOf32);
        _isExact = _keyBits <= ExactBits;
    }

    private void Rebuild()
    {
        new Span<byte>(_memory.Start, checked((int)Math.Min(int.MaxValue, _memory.Bytes))).Clear();
        for (var at = (long)int.MaxValue; at < _memory.Bytes; at += int.MaxValue)
            new Span<byte>(_memory.Start + at, (int)Math.Min(int.MaxValue, _memory.Bytes - at)).Clear();
        for (var i = 0; i < Count; i++)
        {
            var mixed = Mix(_keys[i]);
            var slot = _slots + HomeOf(mixed);
            while (*slot != 0)
                slot++;
            Put(slot, mixed, (uint)i + 1);
        }
    }

    /// <summary>
    /// Moves every run of slots in use, from the last to the first, to where it belongs in the table of twice the size:
    /// never below where the run began, so never onto one that still waits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread(long slots)
    {
        var oldBits = _slotBits - 1;
        for (var last = slots - 1; last >= 0; last--)
        {
            if (_slots[last] == 0)
                continue;
            var first = last;
            while (first > 0 && _slots[first - 1] != 0)
                first--;
            var count = (int)(last - first + 1);
            if (count > _cluster.Length)
                Array.Resize(ref _cluster, 2 * count);
            for (var i = 0; i < count; i++)
            {
                _cluster[i] = _slots[first + i];
                _slots[first + i] = 0;
            }

            for (var i = 0; i < count; i++)
                Spread(_cluster[i], first + i, oldBits);
            last = first;
        }
    }

    private void Spread(ulong entry, long at, int oldBits)
    {
        // The greatest mixed key with these low bits of which the home is not after the slot.
        var tag = entry >> IndexBits;
        var end = (ulong)Math.Min(at + 1, 1L << oldBits) << _keyBits - oldBits;
        end--;
        var mixed = (end - tag & ~TagMask) + tag;
        var slot = _slots + HomeOf(mixed);
        while (*slot != 0)
            slot++;
        Put(slot, mixed, entry & IndexMask);
    }
}
