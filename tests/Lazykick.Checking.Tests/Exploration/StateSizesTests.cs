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
        var error = Assert.Throws<NotSupportedException>(() => StateSizes.Run(StateSizes.MaxWords + 1, new RoundTrip(1)));
        Assert.Equal("a state takes 129 words of 64 bits; at most 128 are supported", error.Message);
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
