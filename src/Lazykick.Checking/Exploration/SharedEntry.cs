using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>
/// Enters many keys into a table with several workers, and gives them the numbers that one worker would give them, in
/// the order of their places. Each worker has a region of the table to itself: there it finds the keys that are new,
/// which have their place for a number until all are known.
/// </summary>
internal sealed class SharedEntry(KeyTable table, Workers workers)
{
    private const int Batch = 32;

    /// <summary>In place of the number of a key that was only looked for and is not in the table.</summary>
    public const int Missing = -1;

    private readonly List<int>[] _left = [.. Enumerable.Range(0, workers.Count).Select(_ => new List<int>())];
    private readonly int[] _new = new int[workers.Count];
    private ulong[] _keys = [];
    private byte[] _weights = [];
    private int[] _numbers = [];
    private int[] _final = [];
    private long[] _slots = [];
    private int _count;
    private int _base;

    /// <summary>Enters keys; there must be room for all of them.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="weights">Those with more than 1 are only looked for.</param>
    /// <param name="count">So many of them.</param>
    public void Enter(ulong[] keys, byte[] weights, int count)
    {
        (_keys, _weights, _count, _base) = (keys, weights, count, table.Count);
        if (_numbers.Length < count)
        {
            _numbers = new int[2 * count];
            _final = new int[2 * count];
            _slots = new long[2 * count];
        }

        table.Keys.MakeRoom(count);
        workers.Run(Place);
        // What runs over the end of a region is rare, and comes after all others.
        foreach (var place in _left.SelectMany(l => l).Order())
        {
            var mixed = table.Mix(keys[place]);
            _ = table.TryPlace(keys[place], mixed, place, 1, 0, out _numbers[place], out _slots[place]);
        }

        workers.Run(CountNew);
        workers.Run(GiveNumbers);
        table.Keys.Extend(_new.Sum());
    }

    /// <summary>The number of the key at a place, or <see cref="Missing"/>.</summary>
    public int NumberAt(int place)
    {
        var number = _numbers[place];
        return number < _base ? number : _final[number - _base];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Place(int worker)
    {
        _left[worker].Clear();
        Span<int> places = stackalloc int[Batch];
        Span<ulong> mixed = stackalloc ulong[Batch];
        var waiting = 0;
        for (var place = 0; place < _count; place++)
        {
            var m = table.Mix(_keys[place]);
            if (table.RegionOf(m, workers.Count) != worker || _weights[place] > 1)
                continue;
            table.Prefetch(m);
            (places[waiting], mixed[waiting]) = (place, m);
            if (++waiting < Batch)
                continue;
            Flush(worker, places, mixed);
            waiting = 0;
        }

        Flush(worker, places[..waiting], mixed);
    }

    private void Flush(int worker, ReadOnlySpan<int> places, ReadOnlySpan<ulong> mixed)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var place = places[i];
            if (
                !table.TryPlace(
                    _keys[place],
                    mixed[i],
                    place,
                    workers.Count,
                    worker,
                    out _numbers[place],
                    out _slots[place]
                )
            )
            {
                _left[worker].Add(place);
            }
        }
    }

    private void CountNew(int worker)
    {
        var (from, to) = workers.ShareOf(worker, _count);
        var found = 0;
        for (var place = from; place < to; place++)
        {
            if (_weights[place] > 1)
                _numbers[place] = table.FindPlaced(_keys[place], table.Mix(_keys[place]));
            else if (_numbers[place] == _base + place)
                found++;
        }

        _new[worker] = found;
    }

    private void GiveNumbers(int worker)
    {
        var (from, to) = workers.ShareOf(worker, _count);
        var number = _base;
        for (var w = 0; w < worker; w++)
            number += _new[w];
        for (var place = from; place < to; place++)
        {
            if (_numbers[place] != _base + place || _weights[place] > 1)
                continue;
            table.GiveNumber(_slots[place], _keys[place], number);
            _final[place] = number++;
        }
    }
}
