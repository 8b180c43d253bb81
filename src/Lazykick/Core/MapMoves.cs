using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// Where a map's writer puts entries, and which of their places wait for readers. Used under the map's lock; the table
/// is the map's current one.
/// </summary>
/// <remarks>
/// <para>
/// A new value normally goes to a place <em>after</em> the old one on the way of readers, which is then taken away: a
/// reader on its way meets one or the other. Alone, that drives the entry of a key that is often updated further and
/// further from its first bucket, however many places are free there by then.
/// </para>
/// <para>
/// So an entry also moves <em>back</em>, in two steps. The new place is published, and the old one stays published with
/// the old value: a reader that has passed the new place before must find it. Who begins later meets the new place
/// first. When a grace period has passed since, nobody is on the way to the old place, and it is taken away. Until then
/// the key is in two places. A step that has to take both away publishes a third one after them first, so that at no
/// time a reader finds the key absent which is there, or an older value than another reader before it.
/// </para>
/// </remarks>
internal sealed unsafe class MapMoves<TKey, TValue, TMemory>(GracePeriods<TMemory> gracePeriods)
    where TKey : unmanaged, IEquatable<TKey>
    where TValue : unmanaged
    where TMemory : struct, ISharedMemory
{
    // Buckets that a move back must save; and how many keys may be in two places, which each update looks through.
    private const int SmallestGain = 2;
    private const int MostDoubles = 16;

    // Whether a key that is not updated any more can come back is looked at with each so many steps of the writer.
    private const int StepsToALook = 64;

    private readonly SlotRecycler<TMemory> _recycler = new(gracePeriods);
    private readonly List<Double> _doubles = new(MostDoubles);
    private readonly Queue<(uint Hash, TKey Key)> _driven = new();
    private int _count;
    private int _steps;

    /// <summary>Whether some key may be in two places, for readers that go through all of them.</summary>
    public bool HasDoubles => Volatile.Read(ref _count) != 0;

    /// <summary>Whether a place holds an older value of a key that is in another place too.</summary>
    public bool IsOlder(int place) => _doubles.Exists(one => one.Place == place);

    /// <summary>
    /// Each step of the writer begins with it. Takes away the older places to which no reader can be on its way any
    /// more, and now and then moves an entry back that no update moves.
    /// </summary>
    public void Settle(MapTable<TKey, TValue, TMemory>* table)
    {
        while (_doubles.Count > 0 && gracePeriods.HasElapsed(_doubles[0].Cookie))
        {
            TakeAway(table, _doubles[0].Place, _doubles[0].Hash);
            Forget(0);
        }

        if (_driven.Count > 0 && ++_steps % StepsToALook == 0)
        {
            Recycle(table);
            var (hash, key) = _driven.Dequeue();
            if (
                table->PlaceOf(key, hash) is >= 0 and var place
                && !TryMoveBack(table, hash, place, place, key, TMemory.LoadContent(ref table->EntryAt(place)->Value))
            )
            {
                NoteDriven(table, hash, place, key);
            }
        }
    }

    /// <summary>Frees the places whose grace period has passed.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Recycle(MapTable<TKey, TValue, TMemory>* table)
    {
        var any = false;
        while (_recycler.TryTake() is { } batch)
        {
            foreach (var place in batch)
            {
                table->Release(place);
            }

            any |= batch.Count > 0;
            _recycler.GiveBack(batch);
        }

        return any;
    }

    /// <summary>Adds an entry, or gives the key another value.</summary>
    /// <param name="table">The table.</param>
    /// <param name="hash">Of the key.</param>
    /// <param name="old">The key's place, or -1.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether there was a place; else nothing has been done.</returns>
    public bool TryPut(MapTable<TKey, TValue, TMemory>* table, uint hash, int old, TKey key, TValue value)
    {
        var place = table->FreePlace(hash, old, out var isCrowded);
        if ((isCrowded || place < 0) && Recycle(table))
        {
            place = table->FreePlace(hash, old, out _);
        }

        if (old >= 0 && TryMoveBack(table, hash, old, place, key, value))
        {
            return true;
        }

        if (place < 0)
        {
            return false;
        }

        if (old >= 0 && IndexOf(key, hash) >= 0)
        {
            PutAndTakeAway(table, place, hash, old, key, value);
        }
        else
        {
            table->Put(place, hash, old, key, value);
            if (old >= 0)
            {
                _recycler.Add(old);
            }
        }

        if (old >= 0)
        {
            NoteDriven(table, hash, place, key);
        }

        return true;
    }

    /// <summary>Removes an entry.</summary>
    /// <param name="table">The table.</param>
    /// <param name="hash">Of the key.</param>
    /// <param name="place">The key's place.</param>
    /// <param name="key">The key.</param>
    /// <returns>Whether it was removed; false if that takes a place and there is none, and nothing has been
    /// done.</returns>
    public bool TryRemove(MapTable<TKey, TValue, TMemory>* table, uint hash, int place, TKey key)
    {
        if (IndexOf(key, hash) is >= 0 and var index)
        {
            // After the older place: then one place is left, and it ends at one moment.
            var last = table->FreePlace(hash, _doubles[index].Place, out _);
            if (last < 0)
            {
                return false;
            }

            PutAndTakeAway(table, last, hash, place, key, TMemory.LoadContent(ref table->EntryAt(place)->Value));
            place = last;
        }

        TakeAway(table, place, hash);
        return true;
    }

    /// <summary>Forgets all places: their table has been replaced.</summary>
    public void Clear()
    {
        _recycler.Clear();
        _doubles.Clear();
        _driven.Clear();
        Volatile.Write(ref _count, 0);
    }

    /// <summary>A free place so much nearer to the key's first bucket that moving back pays; or -1.</summary>
    private static int Nearer(MapTable<TKey, TValue, TMemory>* table, uint hash, int old, int place)
    {
        var most = table->DistanceOf(hash, place < 0 ? old : place) - SmallestGain;
        if (most < 0)
        {
            return -1;
        }

        var near = table->FreePlace(hash, -1, out _);
        return
            near >= 0 && table->DistanceOf(hash, near) is var distance
            && distance <= most
            && distance < table->DistanceOf(hash, old)
            ? near
            : -1;
    }

    /// <summary>The first step of a move back.</summary>
    /// <param name="table">The table.</param>
    /// <param name="hash">Of the key.</param>
    /// <param name="old">The key's place.</param>
    /// <param name="place">Where the entry would be otherwise, or -1.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value that it is to have.</param>
    private bool TryMoveBack(
        MapTable<TKey, TValue, TMemory>* table,
        uint hash,
        int old,
        int place,
        TKey key,
        TValue value
    )
    {
        // In this order: mostly the entry is where it belongs.
        if (
            Nearer(table, hash, old, place) is not (>= 0 and var near)
            || _doubles.Count == MostDoubles
            || IndexOf(key, hash) >= 0
        )
        {
            return false;
        }

        table->Put(near, hash, -1, key, value);
        _doubles.Add(new Double(old, hash, key, gracePeriods.Begin()));
        Volatile.Write(ref _count, _doubles.Count);
        return true;
    }

    private void NoteDriven(MapTable<TKey, TValue, TMemory>* table, uint hash, int place, TKey key)
    {
        if (
            table->DistanceOf(hash, place) >= SmallestGain
            && _driven.Count < MostDoubles
            && !_driven.Contains((hash, key))
        )
        {
            _driven.Enqueue((hash, key));
        }
    }

    /// <summary>
    /// For a key in two places. A new place between them leaves the older one as it is; one after the older one is
    /// published first, then the older one ends, then the other.
    /// </summary>
    private void PutAndTakeAway(
        MapTable<TKey, TValue, TMemory>* table,
        int place,
        uint hash,
        int old,
        TKey key,
        TValue value
    )
    {
        table->Put(place, hash, -1, key, value);
        var index = IndexOf(key, hash);
        if (table->DistanceOf(hash, _doubles[index].Place) <= table->DistanceOf(hash, place))
        {
            TakeAway(table, _doubles[index].Place, hash);
            Forget(index);
        }

        TakeAway(table, old, hash);
    }

    private void TakeAway(MapTable<TKey, TValue, TMemory>* table, int place, uint hash)
    {
        table->Remove(place, hash);
        _recycler.Add(place);
    }

    // A loop: a delegate would be allocated with each update.
    private int IndexOf(TKey key, uint hash)
    {
        for (var index = 0; index < _doubles.Count; index++)
        {
            if (_doubles[index].Hash == hash && _doubles[index].Key.Equals(key))
            {
                return index;
            }
        }

        return -1;
    }

    private void Forget(int index)
    {
        _doubles.RemoveAt(index);
        Volatile.Write(ref _count, _doubles.Count);
    }

    private readonly record struct Double(int Place, uint Hash, TKey Key, long Cookie);
}
