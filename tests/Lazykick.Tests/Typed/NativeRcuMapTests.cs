using Lazykick.Tests.Support;

namespace Lazykick.Tests.Typed;

public class NativeRcuMapTests
{
    /// <summary>Random operations, with a reader parked now and then, agree with a dictionary.</summary>
    [Theory]
    [InlineData(1, 50)]
    [InlineData(2, 5_000)]
    [InlineData(3, 200_000)]
    public void Agrees_with_a_dictionary(int seed, int keys)
    {
        Random random = new(seed);
        using RcuDomain domain = new();
        using NativeRcuMap<int, (long, long)> map = new(domain);
        Dictionary<int, (long, long)> model = [];
        ParkedReader? parked = null;
        for (var i = 0; i < 60_000; i++)
        {
            var key = random.Next(keys);
            switch (random.Next(10))
            {
                case < 5:
                    map.Set(key, (i, -i));
                    model[key] = (i, -i);
                    break;
                case < 6:
                    Assert.Equal(model.TryAdd(key, (i, i)), map.TryAdd(key, (i, i)));
                    break;
                case < 9:
                    Assert.Equal(model.Remove(key), map.TryRemove(key));
                    break;
                default:
                    using (var scope = domain.EnterRead())
                    {
                        Assert.Equal(
                            model.TryGetValue(key, out var expected),
                            map.TryGetValue(scope, key, out var value)
                        );
                        Assert.Equal(expected, value);
                        Assert.Equal(model.ContainsKey(key) ? [expected] : [], map.GetValue(scope, key).ToArray());
                    }

                    break;
            }

            if (random.Next(5_000) == 0)
            {
                parked?.Dispose();
                parked = random.Next(2) == 0 ? new ParkedReader(domain) : null;
            }

            if (random.Next(30_000) == 0)
            {
                map.Clear();
                model.Clear();
            }
        }

        parked?.Dispose();
        Assert.Equal(model.Count, map.Count);
        Dictionary<int, (long, long)> seen = [];
        using (var scope = domain.EnterRead())
        {
            map.ForEach(scope, seen, static (seen, key, value) => seen.TryAdd(key, value));
            map.ForEach(scope, seen, static (seen, _, _) => false);
        }

        Assert.Equal(model, seen);
    }

    /// <summary>All keys in one bucket and the next ones: what passes a bucket by is found, and forgotten.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Agrees_with_a_dictionary_where_hash_codes_are_bad(int hashCodes)
    {
        Random random = new(4);
        using RcuDomain domain = new();
        using NativeRcuMap<BadKey, long> map = new(domain);
        Dictionary<BadKey, long> model = [];
        for (var i = 0; i < 10_000; i++)
        {
            BadKey key = new(random.Next(600), hashCodes);
            if (random.Next(3) == 0)
            {
                Assert.Equal(model.Remove(key), map.TryRemove(key));
            }
            else
            {
                map.Set(key, i);
                model[key] = i;
            }

            using var scope = domain.EnterRead();
            BadKey other = new(random.Next(600), hashCodes);
            Assert.Equal(model.TryGetValue(other, out var expected), map.TryGetValue(scope, other, out var value));
            Assert.Equal(expected, value);
        }

        Assert.Equal(model.Count, map.Count);
    }

    /// <summary>
    /// Few keys in few buckets, with readers that hold places up: entries move on to later buckets under the readers,
    /// who find each key all the same.
    /// </summary>
    [Fact]
    public void A_key_that_is_there_all_the_time_is_found_wherever_updates_move_it()
    {
        using RcuDomain domain = new();
        using NativeRcuMap<BadKey, long> map = new(domain);
        const int Keys = 40;
        for (var i = 0; i < Keys; i++)
            map.Set(new BadKey(i, 2), 0);
        var stop = false;
        long misses = 0,
            found = 0;
        Threads.RunTogether(
            () => Read(1),
            () => Read(2),
            () =>
            {
                Random random = new(3);
                for (long i = 1; i < (LongMode.IsOn ? 5_000_000 : 100_000); i++)
                    map.Set(new BadKey(random.Next(Keys), 2), i);
                Volatile.Write(ref stop, true);
            }
        );
        Assert.True(found > 0);
        Assert.Equal(0, misses);

        void Read(int seed)
        {
            Random random = new(seed);
            do
            {
                using var scope = domain.EnterRead();
                for (var i = 0; i < 50; i++)
                {
                    if (map.TryGetValue(scope, new BadKey(random.Next(Keys), 2), out _))
                        Interlocked.Increment(ref found);
                    else
                        Interlocked.Increment(ref misses);
                }
            } while (!Volatile.Read(ref stop));
        }
    }

    [Fact]
    public void Readers_see_whole_values_while_writers_replace_remove_and_grow()
    {
        using RcuDomain domain = new();
        using NativeRcuMap<long, (long, long, long)> map = new(domain);
        var stop = false;
        long found = 0;
        void Read(int seed)
        {
            Random random = new(seed);
            while (!Volatile.Read(ref stop))
            {
                using var scope = domain.EnterRead();
                for (var i = 0; i < 20; i++)
                {
                    var key = random.Next(2_000);
                    if (map.TryGetValue(scope, key, out var value))
                    {
                        Assert.Equal((key, value.Item2, value.Item2 * 3), value);
                        found++;
                    }

                    // Never removed: there all the time, whatever grows or is recycled around it.
                    Assert.True(map.TryGetValue(scope, -1, out _));
                }
            }
        }

        map.Set(-1, (-1, 0, 0));
        Threads.RunTogether(
            () => Read(1),
            () => Read(2),
            () =>
            {
                Random random = new(3);
                for (long i = 0; i < (LongMode.IsOn ? 20_000_000 : 300_000); i++)
                {
                    var key = random.Next(2_000);
                    if (random.Next(3) == 0)
                        map.TryRemove(key);
                    else
                        map.Set(key, (key, i, i * 3));
                }

                Volatile.Write(ref stop, true);
            }
        );
        Assert.True(found > 0);
    }

    [Fact]
    public void Nodes_are_used_again_when_readers_have_left_so_that_churn_does_not_grow_the_map()
    {
        using RcuDomain domain = new();
        using NativeRcuMap<int, int> map = new(domain);
        for (var i = 0; i < 10_000; i++)
            map.Set(i, i);
        var bytes = map.ByteCount;
        for (var i = 0; i < 1_000_000; i++)
            map.Set(i % 10_000, i);
        Assert.Equal(bytes, map.ByteCount);
        Assert.Equal(10_000, map.Count);
    }

    /// <summary>
    /// A key is in two places while it moves back: it is one entry with its newest value all the same.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_entry_that_moves_back_is_one_entry(bool grows)
    {
        using RcuDomain domain = new();
        using NativeRcuMap<int, int> map = new(domain, 400);
        for (var key = 0; key < 50; key++)
            map.Set(key, -1);
        using (domain.EnterRead())
        {
            for (var i = 0; i < 100; i++)
                map.Set(7, i);
        }

        using var scope = domain.EnterRead();
        // One finds places free again, and moves back; the scope keeps the older value published.
        for (var i = 100; i < 140; i++)
        {
            map.Set(7, i);
            AssertOne(i, 50, scope);
        }

        if (grows)
        {
            for (var key = 50; key < 5_000; key++)
                map.Set(key, -1);
            AssertOne(139, 5_000, scope);
        }

        Assert.True(map.TryRemove(7));
        Assert.False(map.TryGetValue(scope, 7, out _));
        Assert.False(map.TryRemove(7));
        map.ForEach(scope, 0, static (_, key, _) => { Assert.NotEqual(7, key); return true; });

        void AssertOne(int value, int count, in ReadScope scope)
        {
            Assert.True(map.TryGetValue(scope, 7, out var found));
            Assert.Equal(value, found);
            List<(int Key, int Value)> met = [];
            map.ForEach(scope, met, static (all, key, value) => { all.Add((key, value)); return true; });
            Assert.Equal(count, met.Count);
            Assert.Equal(count, map.Count);
            Assert.Equal(value, Assert.Single(met, static one => one.Key == 7).Value);
        }
    }

    [Fact]
    public void Updates_allocate_nothing()
    {
        using RcuDomain domain = new();
        using NativeRcuMap<int, int> map = new(domain, 1_000);
        for (var round = 0; round < 20; round++)
            Update();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Update();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Update()
        {
            for (var key = 0; key < 500; key++)
                map.Set(key, key);
        }
    }

    [Fact]
    public void Bad_use_is_refused()
    {
        RcuDomain domain = new();
        using RcuDomain other = new();
        NativeRcuMap<int, int> map = new(domain, 1_000);
        map.Set(1, 2);
        Assert.Throws<InvalidOperationException>(() =>
        {
            using var scope = other.EnterRead();
            map.TryGetValue(scope, 1, out _);
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NativeRcuMap<int, int>(domain, -1));
        map.Dispose();
        map.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map.Set(1, 2));
        Assert.Throws<ObjectDisposedException>(() =>
        {
            using var scope = domain.EnterRead();
            map.TryGetValue(scope, 1, out _);
        });
        Assert.Throws<ObjectDisposedException>(() => map.Count);
        Assert.Throws<ObjectDisposedException>(() => map.ByteCount);
        NativeRcuMap<int, int> left = new(domain);
        domain.Dispose();
        Assert.Throws<ObjectDisposedException>(() => left.Set(1, 2));
        left.Dispose();
    }

    /// <summary>A key with few hash codes.</summary>
    private readonly record struct BadKey(int Id, int HashCodes) : IEquatable<BadKey>
    {
        public bool Equals(BadKey other) => Id == other.Id;

        public override int GetHashCode() => Id % HashCodes;
    }
}
