using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Tests.Exploration;

/// <summary>The exact set of keys, against one that cannot be wrong.</summary>
public sealed class KeyTableTests
{
    /// <summary>Few bits: slots tell whole keys early. Many: keys are compared where they are kept.</summary>
    [Theory]
    [InlineData(12, 4_000)]
    [InlineData(20, 100_000)]
    [InlineData(36, 100_000)]
    [InlineData(44, 300_000)]
    [InlineData(64, 300_000)]
    public void It_knows_each_key_once_in_the_order_of_their_coming(int bits, int count)
    {
        var random = new Random(bits);
        var table = new KeyTable(count + 1, bits);
        var known = new Dictionary<ulong, int>();
        for (var i = 0; i < count; i++)
        {
            // Near one another as well as far apart: states of one level differ in few bits.
            var key = (ulong)random.NextInt64() & Mask(i % 3 == 0 ? bits : bits / 2);
            Grow(table);
            var number = table.Add(key, table.Mix(key), out var isNew);
            Assert.Equal(known.TryAdd(key, known.Count), isNew);
            Assert.Equal(known[key], number);
        }

        Assert.Equal(known.Count, table.Count);
        Assert.All(known, k => Assert.Equal((k.Key, k.Value), (table.Keys[k.Value], table.Find(k.Key))));
        Assert.Equal(-1, table.Find(Missing(known, bits)));
    }

    [Fact]
    public void Keys_keep_their_numbers_when_they_get_another_form()
    {
        var table = new KeyTable(100_000, 16);
        for (ulong key = 0; key < 60_000; key++)
        {
            Grow(table);
            table.Add(key, table.Mix(key), out _);
        }

        table.Rewrite(40, key => key << 20 | 5);
        for (var i = 0; i < 60_000; i++)
            Assert.Equal(i, table.Find((ulong)i << 20 | 5));
        Assert.Equal(-1, table.Find(7));
    }

    [Fact]
    public void A_bijection_mixes_the_keys()
    {
        var table = new KeyTable(1, 40);
        var random = new Random(1);
        var keys = Enumerable
            .Range(0, 100_000)
            .Select(i => i % 2 == 0 ? (ulong)i : (ulong)random.NextInt64() & Mask(40))
            .ToHashSet();
        Assert.Equal(keys.Count, keys.Select(table.Mix).Distinct().Count());
        Assert.All(keys, k => Assert.True(table.Mix(k) <= Mask(40)));
    }

    private static void Grow(KeyTable table)
    {
        if (!table.HasRoomFor(1))
            table.Grow();
    }

    private static ulong Missing(Dictionary<ulong, int> known, int bits)
    {
        var key = Mask(bits);
        while (known.ContainsKey(key))
            key--;
        return key;
    }

    private static ulong Mask(int bits) => bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
}
