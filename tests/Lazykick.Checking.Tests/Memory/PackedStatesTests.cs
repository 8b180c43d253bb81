using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Memory;

public class PackedStatesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_state_is_kept_once_with_the_parent_that_came_first(int words)
    {
        var random = new Random(17);
        var states = new PackedStates(words);
        var reference = new Dictionary<string, int>(StringComparer.Ordinal);
        var state = new ulong[words];
        for (var i = 0; i < 50_000; i++)
        {
            // Few low bits and a constant rest: keys that a weak hash would pile up.
            for (var word = 0; word < words; word++)
                state[word] = ((ulong)(uint)random.Next(64) << 40) | (uint)random.Next(16);
            var isNew = reference.TryAdd(string.Join(',', state), i);
            Assert.Equal(isNew, states.Add(state, i));
        }
        Assert.Equal(reference.Count, states.Count);
        for (var i = 0; i < states.Count; i++)
            Assert.Equal(reference[string.Join(',', states[i].ToArray())], states.Parent(i));
    }
}
