using System.Runtime.InteropServices;
using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick.Tests.Typed;

/// <summary>A table of four buckets, in which it is fixed which bucket a key belongs to.</summary>
public sealed unsafe class MapTableTests : IDisposable
{
    private const int EntriesOfABucket = 7;
    private readonly MapTable<Key, int, HardwareMemory>* _table = MapTable<Key, int, HardwareMemory>.Allocate(4);
    private int _keys;

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(_table);

    [Fact]
    public void A_look_up_ends_though_every_bucket_has_been_passed_by()
    {
        for (var home = 0; home < 4; home++)
        {
            // Seven fill the bucket, the eighth passes it by and stays.
            var keys = Enumerable.Range(0, EntriesOfABucket + 1).Select(_ => NewKey(home)).ToList();
            var fitting = keys.Where(k => Add(k) / EntriesOfABucket == home).ToList();
            Assert.True(fitting.Count < keys.Count);
            fitting.ForEach(Remove);
        }

        for (var home = 0; home < 4; home++)
        {
            var missing = NewKey(home);
            Assert.True(_table->Find(missing, Hash(missing)) is null);
        }
    }

    [Fact]
    public void The_place_for_a_new_value_is_not_before_the_old_one()
    {
        var first = Enumerable.Range(0, EntriesOfABucket).Select(_ => NewKey(0)).ToList();
        first.ForEach(k => Add(k));
        var moved = NewKey(0);
        var old = Add(moved);
        Assert.Equal(1, old / EntriesOfABucket);
        first.ForEach(Remove);
        var place = _table->FreePlace(Hash(moved), old, out _);
        Assert.Equal(1, place / EntriesOfABucket);
    }

    [Fact]
    public void Nor_is_it_before_the_old_one_by_going_round()
    {
        var before = Enumerable.Range(0, 2 * EntriesOfABucket).Select(i => NewKey(i / EntriesOfABucket)).ToList();
        before.ForEach(k => Add(k));
        var moved = NewKey(0);
        var old = Add(moved);
        Assert.Equal(2, old / EntriesOfABucket);
        before.ForEach(Remove);
        for (var i = 1; i < 2 * EntriesOfABucket; i++)
            Add(NewKey(i < EntriesOfABucket ? 2 : 3));
        Assert.False(_table->IsFull);

        // All free places are in the buckets 0 and 1, where a reader on its way to bucket 2 has been.
        Assert.Equal(-1, _table->FreePlace(Hash(moved), old, out _));
        Assert.True(_table->FreePlace(Hash(moved), -1, out _) >= 0);
    }

    /// <summary>
    /// A stranger's finding: updates under an open scope drive a key on, and look-ups of it stayed slow for good. Its
    /// next update brings it back, or updates of other keys.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_key_that_updates_have_driven_away_comes_back_when_readers_have_left(bool isUpdated)
    {
        using RcuDomain domain = new();
        var large = MapTable<Key, int, HardwareMemory>.Allocate(64);
        MapMoves<Key, int, HardwareMemory> moves = new(domain.GracePeriods);
        var (key, hash) = (new Key(1), Hash(new Key(1)));
        try
        {
            using (domain.EnterRead())
            {
                for (var i = 0; i < 100; i++)
                    Assert.True(moves.TryPut(large, hash, large->PlaceOf(key, hash), key, i));
                Assert.InRange(large->DistanceOf(hash, large->PlaceOf(key, hash)), 10, 63);
            }

            if (isUpdated)
            {
                Assert.True(moves.Recycle(large));
                Assert.True(moves.TryPut(large, hash, large->PlaceOf(key, hash), key, 100));
            }
            else
            {
                for (var i = 0; i < 64; i++)
                    moves.Settle(large);
            }

            Assert.Equal(0, large->DistanceOf(hash, large->PlaceOf(key, hash)));
            Assert.Equal(isUpdated ? 100 : 99, large->Find(key, hash)->Value);
            Assert.Equal(2, Enumerable.Range(0, large->PlaceCount).Count(place => large->IsPublished(place)));
            moves.Settle(large);
            Assert.Equal(1, Enumerable.Range(0, large->PlaceCount).Count(place => large->IsPublished(place)));
            Assert.False(moves.HasDoubles);
        }
        finally
        {
            NativeMemory.AlignedFree(large);
        }
    }

    /// <summary>Above 2^28 buckets the number of a place would not be an int any more.</summary>
    [Theory]
    [InlineData(4, 11, 8)]
    [InlineData(4, 9, 4)]
    [InlineData(1 << 27, 1L << 30, 1 << 28)]
    [InlineData(1 << 28, 1L << 30, 1 << 28)]
    public void A_table_doubles_up_to_its_largest_size(int buckets, long count, int after)
    {
        Assert.Equal(after, MapTable<Key, int, HardwareMemory>.BucketsAfter(buckets, count));
        Assert.True(MapTable<Key, int, HardwareMemory>.BucketsFor(count) <= 1 << 28);
    }

    private static uint Hash(Key key) => MapTable<Key, int, HardwareMemory>.Hash(key);

    private int Add(Key key)
    {
        var place = _table->FreePlace(Hash(key), -1, out _);
        _table->Put(place, Hash(key), -1, key, 0);
        return place;
    }

    private void Remove(Key key)
    {
        var place = _table->PlaceOf(key, Hash(key));
        _table->Remove(place, Hash(key));
        _table->Release(place);
    }

    /// <summary>A key that is not there yet, and whose way begins at this bucket.</summary>
    private Key NewKey(int home)
    {
        do
            _keys++;
        while (Hash(new Key(_keys)) >> 30 != home);
        return new Key(_keys);
    }

    private readonly record struct Key(int Id)
    {
        public override int GetHashCode() => Id;
    }
}
