using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Tests.Exploration;

/// <summary>Several workers give keys the numbers that one gives them.</summary>
public sealed class SharedEntryTests
{
    /// <summary>Few bits: slots tell whole keys. Many: keys are compared where they are kept.</summary>
    [Theory]
    [InlineData(2, 20)]
    [InlineData(3, 20)]
    [InlineData(2, 64)]
    [InlineData(5, 64)]
    public void Keys_have_the_numbers_that_one_worker_gives_them(int count, int bits)
    {
        const int Keys = 60_000;
        var random = new Random(100 * count + bits);
        var (one, many) = (new KeyTable(2 * Keys, bits), new KeyTable(2 * Keys, bits));
        using var workers = new Workers(count);
        var entry = new SharedEntry(many, workers);
        for (var entered = 0; entered < Keys;)
        {
            var some = random.Next(1, 9_000);
            var (keys, weights) = (new ulong[some], new byte[some]);
            for (var i = 0; i < some; i++)
            {
                // Many come twice, some in one go; homes lie close together where few bits are set.
                keys[i] = (ulong)random.NextInt64() & (1UL << (i % 3 == 0 ? 12 : Math.Min(bits, 17))) - 1;
                weights[i] = (byte)(random.Next(8) == 0 ? 2 : 1);
            }

            while (!one.HasRoomFor(some))
                one.Grow();
            while (!many.HasRoomFor(some))
                many.Grow();
            var numbers = new int[some];
            for (var i = 0; i < some; i++)
                numbers[i] = weights[i] > 1 ? -1 : one.Add(keys[i], one.Mix(keys[i]), out _);
            entry.Enter(keys, weights, some);
            Assert.Equal(one.Count, many.Count);
            for (var i = 0; i < some; i++)
            {
                var expected = weights[i] > 1 ? one.Find(keys[i]) : numbers[i];
                Assert.True(expected == entry.NumberAt(i), $"{count} workers, {bits} bits, key {i} of {some}");
            }

            entered += some;
        }

        Assert.True(one.Keys.All.SequenceEqual(many.Keys.All));
        Assert.All(Enumerable.Range(0, many.Count), i => Assert.Equal(i, many.Find(many.Keys[i])));
    }

    [Fact]
    public void What_fails_in_one_worker_fails_for_the_caller_and_the_workers_go_on()
    {
        using var workers = new Workers(3);
        for (var failing = 0; failing < 3; failing++)
        {
            var at = failing;
            var thrown = Assert.Throws<InvalidOperationException>(() =>
                workers.Run(w =>
                {
                    if (w == at)
                        throw new InvalidOperationException($"worker {w}");
                })
            );
            Assert.Equal($"worker {failing}", thrown.Message);
        }

        var done = new int[3];
        workers.Run(w => done[w]++);
        Assert.Equal([1, 1, 1], done);
    }
}
