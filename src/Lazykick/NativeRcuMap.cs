using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick;

/// <summary>
/// A hash map outside of the garbage collector's heap: readers take no lock and write nothing, writers take turns, and
/// what they replace, remove or outgrow is used again or freed after a grace period. Of use where millions of entries
/// make collections long; a small map is better a
/// <see cref="System.Collections.Concurrent.ConcurrentDictionary{TKey, TValue}"/>.
/// </summary>
/// <typeparam name="TKey">Keys; equality and hash code as it defines them.</typeparam>
/// <typeparam name="TValue">Values; copied in and out as a whole, never seen half written.</typeparam>
public sealed unsafe class NativeRcuMap<TKey, TValue> : IDisposable
    where TKey : unmanaged, IEquatable<TKey>
    where TValue : unmanaged
{
    private const int Most = MapTable<TKey, TValue, HardwareMemory>.LargestCapacity;

    private readonly RcuDomain _domain;
    private readonly Cell _closed;
    private readonly Lock _writing = new();
    private readonly MapMoves<TKey, TValue, HardwareMemory> _moves;
    private nint _table;
    private long _count;

    /// <summary>Creates an empty map.</summary>
    /// <param name="domain">Whose read scopes protect the entries, and whose reclaimer frees the tables. It is not
    /// disposed here.</param>
    /// <param name="capacity">Entries to make room for; at least 0. The map grows by itself.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative, or above 1,073,741,824.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public NativeRcuMap(RcuDomain domain, int capacity = 0)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, Most);
        domain.ThrowIfDisposed();
        _domain = domain;
        _closed = domain.ClosedCell;
        _moves = new MapMoves<TKey, TValue, HardwareMemory>(domain.GracePeriods);
        _table = (nint)Allocate(capacity);
    }

    /// <summary>How many entries there are.</summary>
    /// <exception cref="ObjectDisposedException">The map has been disposed.</exception>
    public long Count
    {
        get
        {
            if (Volatile.Read(ref _table) == 0)
            {
                ThrowDisposed();
            }

            return Volatile.Read(ref _count);
        }
    }

    /// <summary>Bytes of native memory that the current table takes.</summary>
    /// <exception cref="ObjectDisposedException">The map has been disposed.</exception>
    public long ByteCount
    {
        get
        {
            lock (_writing)
            {
                if (_table == 0)
                {
                    ThrowDisposed();
                }

                return (long)Table->ByteCount;
            }
        }
    }

    private MapTable<TKey, TValue, HardwareMemory>* Table => (MapTable<TKey, TValue, HardwareMemory>*)_table;

    /// <summary>Looks a key up.</summary>
    /// <param name="scope">An open scope of the map's domain, held in a variable.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">A copy of the value; zero if there is none.</param>
    /// <returns>Whether the key is there.</returns>
    /// <exception cref="InvalidOperationException">The scope is closed or belongs to another domain.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetValue(scoped in ReadScope scope, TKey key, out TValue value)
    {
        var entry = Find(scope, key);
        if (entry is null)
        {
            value = default;
            return false;
        }

        value = entry->Value;
        return true;
    }

    /// <summary>Looks a key up without copying the value.</summary>
    /// <param name="scope">An open scope of the map's domain, held in a variable; the result does not leave that
    /// variable's block. Use it only before the scope ends: LKR002 reports a use after that.</param>
    /// <param name="key">The key.</param>
    /// <returns>One value, or none if the key is not there.</returns>
    /// <exception cref="InvalidOperationException">The scope is closed or belongs to another domain.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed.</exception>
    public ReadOnlySpan<TValue> GetValue(in ReadScope scope, TKey key)
    {
        var entry = Find(scope, key);
        return entry is null ? default : new ReadOnlySpan<TValue>(&entry->Value, 1);
    }

    /// <summary>
    /// Calls back for each entry, in no order; entries that writers change meanwhile may be met once, twice or not,
    /// never half.
    /// </summary>
    /// <param name="scope">An open scope of the map's domain, held in a variable. It holds up grace periods until the
    /// end.</param>
    /// <param name="state">Handed to <paramref name="visit"/>.</param>
    /// <param name="visit">Gets each key and value; returns whether to go on.</param>
    /// <exception cref="InvalidOperationException">The scope is closed or belongs to another domain.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed.</exception>
    public void ForEach<TState>(scoped in ReadScope scope, TState state, Func<TState, TKey, TValue, bool> visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        scope.ThrowIfNotOf(_closed);
        var table = (MapTable<TKey, TValue, HardwareMemory>*)Volatile.Read(ref _table);
        if (table is null)
        {
            ThrowDisposed();
        }

        for (var place = 0; place < table->PlaceCount; place++)
        {
            if (table->IsPublished(place))
            {
                var entry = table->EntryAt(place);
                if (
                    _moves.HasDoubles
                    && table->Find(entry->Key, MapTable<TKey, TValue, HardwareMemory>.Hash(entry->Key)) != entry
                )
                {
                    // An older value, or one that has been replaced since.
                    continue;
                }

                if (!visit(state, entry->Key, entry->Value))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Adds an entry or replaces the value of one; readers see the old value or the new one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ObjectDisposedException">The map or its domain has been disposed.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory for a larger table; the map is as it was.</exception>
    /// <exception cref="InvalidOperationException">There are 1,073,741,824 entries; the map is as it was.</exception>
    public void Set(TKey key, TValue value) => Put(key, value, replace: true);

    /// <summary>Adds an entry, if the key is not there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether it was added.</returns>
    /// <exception cref="ObjectDisposedException">The map or its domain has been disposed.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory for a larger table; the map is as it was.</exception>
    /// <exception cref="InvalidOperationException">There are 1,073,741,824 entries; the map is as it was.</exception>
    public bool TryAdd(TKey key, TValue value) => Put(key, value, replace: false);

    /// <summary>Removes an entry.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="ObjectDisposedException">The map or its domain has been disposed.</exception>
    public bool TryRemove(TKey key)
    {
        lock (_writing)
        {
            ThrowIfDisposed();
            _moves.Settle(Table);
            var hash = MapTable<TKey, TValue, HardwareMemory>.Hash(key);
            var place = Table->PlaceOf(key, hash);
            if (place < 0)
            {
                return false;
            }

            if (!_moves.TryRemove(Table, hash, place, key))
            {
                Grow();
                _ = _moves.TryRemove(Table, hash, Table->PlaceOf(key, hash), key);
            }

            Volatile.Write(ref _count, _count - 1);
            return true;
        }
    }

    /// <summary>Removes all entries.</summary>
    /// <exception cref="ObjectDisposedException">The map or its domain has been disposed.</exception>
    public void Clear()
    {
        lock (_writing)
        {
            ThrowIfDisposed();
            Replace(Allocate(0));
            Volatile.Write(ref _count, 0);
        }
    }

    /// <summary>
    /// Frees the map after a grace period. Readers and writers that come later get an
    /// <see cref="ObjectDisposedException"/>; a second call does nothing.
    /// </summary>
    public void Dispose()
    {
        lock (_writing)
        {
            if (_table != 0)
            {
                Replace(null);
                Volatile.Write(ref _count, 0);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private MapEntry<TKey, TValue>* Find(scoped in ReadScope scope, TKey key)
    {
        scope.ThrowIfNotOf(_closed);
        var table = (MapTable<TKey, TValue, HardwareMemory>*)Volatile.Read(ref _table);
        if (table is null)
        {
            ThrowDisposed();
        }

        return table->Find(key, MapTable<TKey, TValue, HardwareMemory>.Hash(key));
    }

    private bool Put(TKey key, TValue value, bool replace)
    {
        var hash = MapTable<TKey, TValue, HardwareMemory>.Hash(key);
        lock (_writing)
        {
            ThrowIfDisposed();
            _moves.Settle(Table);
            var old = Table->PlaceOf(key, hash);
            if (old >= 0 && !replace)
            {
                return false;
            }

            if (old < 0 && _count >= Most)
            {
                throw new InvalidOperationException(
                    $"A map takes {Most} entries at most. Spread them over several maps."
                );
            }

            if (Table->IsFull && !_moves.Recycle(Table))
            {
                Grow();
                old = Table->PlaceOf(key, hash);
            }

            if (!_moves.TryPut(Table, hash, old, key, value))
            {
                Grow();
                _ = _moves.TryPut(Table, hash, Table->PlaceOf(key, hash), key, value);
            }

            if (old < 0)
            {
                Volatile.Write(ref _count, _count + 1);
            }

            return true;
        }
    }

    /// <summary>
    /// A table with room, twice as large if entries fill this one; places that readers may be on keep the old one
    /// alive.
    /// </summary>
    private void Grow()
    {
        var larger = MapTable<TKey, TValue, HardwareMemory>.Allocate(
            MapTable<TKey, TValue, HardwareMemory>.BucketsAfter(Table->BucketCount, _count)
        );
        larger->CopyFrom(Table, _moves);
        Replace(larger);
    }

    private static MapTable<TKey, TValue, HardwareMemory>* Allocate(int capacity) =>
        MapTable<TKey, TValue, HardwareMemory>.Allocate(MapTable<TKey, TValue, HardwareMemory>.BucketsFor(capacity));

    private void Replace(MapTable<TKey, TValue, HardwareMemory>* next)
    {
        Succession exchange = new(this, next);
        try
        {
            _domain.Exchange(ref exchange);
        }
        catch (ObjectDisposedException) when (next is null)
        {
            // Retiring is refused only when every reader has left for good.
            _ = exchange.TryExchange(out var old);
            old.Run();
        }
        catch
        {
            // Nobody has seen it.
            NativeMemory.AlignedFree(next);
            throw;
        }

        _moves.Clear();
    }

    private void ThrowIfDisposed()
    {
        if (_table == 0)
        {
            ThrowDisposed();
        }

        _domain.ThrowIfDisposed();
    }

    [DoesNotReturn]
    private static void ThrowDisposed() => Misuse.Disposed(nameof(NativeRcuMap<TKey, TValue>));

    /// <summary>The step in which readers go over to another table; the old one is never null.</summary>
    private readonly struct Succession(NativeRcuMap<TKey, TValue> map, MapTable<TKey, TValue, HardwareMemory>* next)
        : IExchange
    {
        public bool TryExchange(out RetiredItem old)
        {
            var table = map.Table;
            Volatile.Write(ref map._table, (nint)next);
            old = RetiredItem.FreeAligned(table, (long)table->ByteCount);
            return true;
        }
    }
}
