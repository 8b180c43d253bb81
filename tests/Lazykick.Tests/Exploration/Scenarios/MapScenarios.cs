using System.Runtime.InteropServices;
using Lazykick.Core;

namespace Lazykick.Tests.Exploration.Scenarios;

/// <summary>A table of a map under a reader: four buckets, and each key says to which of them it belongs.</summary>
internal static class MapScenarios
{
    private const int EntriesOfABucket = 7;

    /// <summary>
    /// An update puts the new entry into the bucket of the old one, whose place another key must not get yet.
    /// </summary>
    public static Action? UpdateInPlace(Simulation simulation)
    {
        Table table = new(simulation);
        Key key = new(1, 1);
        simulation.Add(null, () => table.AssertFinds(key, 1, 2));
        simulation.Add(
            () => table.Put(key, 1),
            () =>
            {
                table.Put(key, 2);
                table.Put(new Key(1, 3), 9);
            }
        );
        return table.Check;
    }

    /// <summary>
    /// The bucket is full: an update moves the entry on, and nothing has passed the bucket by before.
    /// </summary>
    public static Action? UpdateMovesOn(Simulation simulation)
    {
        Table table = new(simulation);
        Key key = new(1, 7);
        simulation.Add(null, () => table.AssertFinds(key, 1, 2));
        simulation.Add(
            () =>
            {
                table.Put(key, 1);
                table.Fill(1, EntriesOfABucket - 1);
            },
            () => table.Put(key, 2)
        );
        return table.Check;
    }

    /// <summary>The same with an entry that is not in its first bucket.</summary>
    public static Action? UpdateMovesFurtherOn(Simulation simulation)
    {
        Table table = new(simulation);
        Key key = new(0, 9);
        simulation.Add(null, () => table.AssertFinds(key, 1, 2));
        simulation.Add(
            () =>
            {
                table.Fill(0, EntriesOfABucket);
                table.Put(key, 1);
                table.Fill(1, EntriesOfABucket - 1);
            },
            () => table.Put(key, 2)
        );
        return table.Check;
    }

    /// <summary>A key that comes and goes is found whole or not at all, and its neighbour always.</summary>
    public static Action? ComesAndGoes(Simulation simulation)
    {
        Table table = new(simulation);
        Key key = new(0, 9),
            neighbour = new(0, 8);
        simulation.Add(
            null,
            () =>
            {
                if (table.Find(key) is { } value)
                    Assert.Equal(1, value);
                table.AssertFinds(neighbour, 3);
            }
        );
        simulation.Add(
            () =>
            {
                table.Fill(0, EntriesOfABucket);
                table.Put(neighbour, 3);
            },
            () =>
            {
                table.Put(key, 1);
                table.Remove(key);
                table.Put(new Key(0, 11), 9);
            }
        );
        return table.Check;
    }

    /// <summary>The place of an entry that a reader has found is not used again before its scope ends.</summary>
    public static Action? PlaceIsUsedAgain(Simulation simulation)
    {
        Table table = new(simulation);
        Key first = new(1, 1),
            second = new(1, 2);
        Slot slot = null!;
        simulation.Add(
            () => slot = table.Domain.Register(),
            () =>
                SimDomain.Read(
                    slot,
                    () =>
                    {
                        if (table.Find(first) is { } value)
                            Assert.Equal(1, value);
                    }
                )
        );
        simulation.Add(
            () => table.Put(first, 1),
            () =>
            {
                table.Remove(first);
                SimDomain.Until(table.Recycle);
                table.Put(second, 2);
            }
        );
        return table.Check;
    }

    /// <summary>
    /// An entry that updates have driven on moves back to its first bucket: readers find it all the time, and its old
    /// place is not used again before they have left.
    /// </summary>
    public static Action? MovesBack(Simulation simulation) =>
        DrivenOn(
            simulation,
            (table, key) => table.AssertFinds(key, 1, 2),
            static (_, _) => { },
            static (table, key) =>
            {
                table.Put(key, 2);
                SimDomain.Until(() => table.SettleAndRecycle(key));
                table.Put(new Key(2, 11), 9);
            }
        );

    /// <summary>
    /// Between the two steps of a move back the entry is updated, so that it goes on again: no reader finds a value
    /// that is older than one found before.
    /// </summary>
    public static Action? MovesBackAndOn(Simulation simulation) =>
        DrivenOn(
            simulation,
            static (table, key) =>
            {
                var first = table.Find(key);
                Assert.True(table.Find(key) >= first, "an older value after a newer one");
            },
            static (table, key) =>
            {
                table.Put(key, 2);
                table.Fill(0, EntriesOfABucket - 1);
            },
            static (table, key) => table.Put(key, 3)
        );

    /// <summary>An entry that is in two places is removed at one moment.</summary>
    public static Action? RemovedWhileItMovesBack(Simulation simulation) =>
        DrivenOn(
            simulation,
            static (table, key) =>
            {
                var first = table.Find(key);
                var second = table.Find(key);
                if (first is null)
                    Assert.Null(second);
                else if (second is not null)
                    Assert.True(second >= first, "an older value after a newer one");
            },
            static (_, _) => { },
            static (table, key) =>
            {
                table.Put(key, 2);
                table.Remove(key);
            }
        );

    /// <summary>A key two buckets from its first one, which is empty by now; a reader, and the map's writer.</summary>
    private static Action? DrivenOn(
        Simulation simulation,
        Action<Table, Key> read,
        Action<Table, Key> before,
        Action<Table, Key> write
    )
    {
        Table table = new(simulation);
        Key key = new(0, 9);
        Slot slot = null!;
        simulation.Add(() => slot = table.Domain.Register(), () => SimDomain.Read(slot, () => read(table, key)));
        simulation.Add(
            () =>
            {
                table.FillTo(key);
                table.Put(key, 1);
                table.Empty(0);
                before(table, key);
            },
            () => write(table, key)
        );
        return table.Check;
    }

    /// <summary>A table that is freed with its execution, which may be left anywhere.</summary>
    private sealed unsafe class Table : IDisposable
    {
        private readonly MapTable<Key, int, SimulatedMemory>* _table = MapTable<Key, int, SimulatedMemory>.Allocate(4);
        private readonly MapMoves<Key, int, SimulatedMemory> _moves;
        private int _found;

        public Table(Simulation simulation)
        {
            Domain = new SimDomain(simulation);
            _moves = new MapMoves<Key, int, SimulatedMemory>(Domain.Core.GracePeriods);
            simulation.Own(this);
        }

        public void Dispose() => NativeMemory.AlignedFree(_table);

        public SimDomain Domain { get; }

        /// <summary>A look-up, and a read of the value that it found.</summary>
        public int? Find(Key key)
        {
            var entry = _table->Find(key, HashOf(key));
            _found++;
            return entry is null ? null : SimulatedMemory.LoadContent(ref entry->Value);
        }

        public void AssertFinds(Key key, params int[] values)
        {
            var value = Find(key);
            Assert.True(value is not null, "a key that is there all the time was not found");
            Assert.Contains(value.Value, values);
        }

        public void Put(Key key, int value)
        {
            var hash = HashOf(key);
            Assert.True(_moves.TryPut(_table, hash, _table->PlaceOf(key, hash), key, value));
        }

        /// <summary>Fills the buckets in which a key would find a place, but for the last two.</summary>
        public void FillTo(Key key)
        {
            for (var bucket = key.Bucket; bucket < 2; bucket++)
                Fill(bucket, EntriesOfABucket);
        }

        /// <summary>Removes what fills a bucket; nobody reads yet.</summary>
        public void Empty(int bucket)
        {
            for (var i = 0; i < EntriesOfABucket; i++)
                Remove(new Key(bucket, 100 + (2 * i)));
            while (!Recycle()) { }
        }

        /// <summary>So many other, even keys that belong to this bucket.</summary>
        public void Fill(int bucket, int count)
        {
            for (var i = 0; i < count; i++)
                Put(new Key(bucket, 100 + (2 * i)), 0);
        }

        public void Remove(Key key)
        {
            var hash = HashOf(key);
            Assert.True(_moves.TryRemove(_table, hash, _table->PlaceOf(key, hash), key));
        }

        /// <summary>Whether a place has become free.</summary>
        public bool Recycle() => _moves.Recycle(_table);

        /// <summary>Whether a key is in one place, and a place has become free.</summary>
        public bool SettleAndRecycle(Key key)
        {
            _moves.Settle(_table);
            return !_moves.HasDoubles && _moves.Recycle(_table);
        }

        public void Check() => Assert.True(_found > 0);

        private static uint HashOf(Key key) => MapTable<Key, int, SimulatedMemory>.Hash(key);
    }

    /// <summary>A key whose hash code begins with its bucket; even keys have one mark, odd ones another.</summary>
    private readonly record struct Key(int Bucket, int Id)
    {
        // The inverse of the factor by which the table spreads hash codes.
        private const uint Inverse = 0x0E8B_2F51;

        public override int GetHashCode() => (int)((((uint)Bucket << 30) | (uint)(Id & 1)) * Inverse);
    }
}
