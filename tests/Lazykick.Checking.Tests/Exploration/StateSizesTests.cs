using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Tests.Exploration;

public sealed class StateSizesTests
{
    [Fact]
    public void Every_number_of_words_up_to_the_limit_has_a_type_that_keeps_them_apart_by_each_bit()
    {
        for (var words = 1; words <= StateSizes.MaxWords; words++)
            Assert.InRange(StateSizes.Run(words, new RoundTrip(words)), words, 2 * words);
    }

    [Fact]
    public void Beyond_it_there_is_none_and_the_message_says_how_many_there_are()
    {
        var error = Assert.Throws<NotSupportedException>(() =>
            StateSizes.Run(StateSizes.MaxWords + 1, new RoundTrip(1))
        );
        Assert.Equal("a state takes 129 words of 64 bits; at most 128 are supported", error.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(128)]
    public void Masks_work_on_each_word_alike(int words) =>
        Assert.Equal(words, StateSizes.Run(words, new Masks(words)));

    private sealed class Masks(int words) : ISizedWork<int>
    {
        public int Run<T>()
            where T : unmanaged, IPacked<T>
        {
            var random = new Random(words);
            for (var round = 0; round < 50; round++)
            {
                var state = Random(random, words, 1);
                var mask = Random(random, words, 0.5 / words);
                var value = state.Zip(mask, (_, m) => m & (ulong)random.NextInt64()).ToArray();
                var (t, m, v) = (T.From(state), T.From(mask), T.From(value));
                Assert.Equal(T.From([.. state.Select((s, i) => s & mask[i])]), T.And(t, m));
                Assert.Equal(T.From([.. state.Select((s, i) => s & ~mask[i] | value[i])]), T.Replace(t, m, v));
                Assert.Equal(state.Select((s, i) => (s & mask[i]) == mask[i]).All(x => x), T.HasAll(t, m));
                Assert.True(T.HasAll(T.Replace(t, m, m), m));
                var bits = Enumerable.Range(0, 64 * words).Where(b => (mask[b / 64] >> (b % 64) & 1) != 0).ToList();
                Assert.Equal(bits.Count, T.Count(m));
                if (bits.Count <= 64)
                {
                    Assert.Equal(
                        bits.Select((b, i) => (state[b / 64] >> (b % 64) & 1) << i).Aggregate(0UL, (x, y) => x | y),
                        T.Extract(t, m)
                    );
                }
            }

            return T.Words;
        }

        private static ulong[] Random(Random random, int words, double density)
        {
            var result = new ulong[words];
            for (var bit = 0; bit < 64 * words; bit++)
                result[bit / 64] |= random.NextDouble() < density / 2 ? 1UL << (bit % 64) : 0;
            return result;
        }
    }

    private sealed class RoundTrip(int words) : ISizedWork<int>
    {
        public int Run<T>()
            where T : unmanaged, IPacked<T>
        {
            var random = new Random(words);
            var given = new ulong[words];
            for (var i = 0; i < words; i++)
                given[i] = (ulong)random.NextInt64();
            var state = T.From(given);
            var returned = new ulong[words];
            state.CopyTo(returned);
            Assert.Equal(given, returned);
            for (var word = 0; word < words; word++)
            {
                var other = given.ToArray();
                other[word] ^= 1UL << random.Next(64);
                Assert.False(T.From(other).Equals(state));
                Assert.NotEqual(state.Hash(), T.From(other).Hash());
                Assert.Equal(given[word], state.Word64(word));
            }

            return T.Words;
        }
    }
}
