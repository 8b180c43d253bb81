using Lazykick.Cli.Demo;

namespace Lazykick.Cli.Tests.Demo;

public class GapHistogramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Percentiles_agree_with_sorting_to_within_one_part_in_64(int seed)
    {
        Random random = new(seed);
        long[] values = [.. Enumerable.Range(0, 5_000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 12))];
        GapHistogram histogram = new();
        foreach (var value in values)
            histogram.Add(value);
        Array.Sort(values);
        foreach (var share in new[] { 0.0001, 0.1, 0.5, 0.9, 0.99, 0.9999, 1 })
        {
            var exact = values[Math.Max(1, (int)Math.Ceiling(share * values.Length)) - 1];
            Assert.InRange(histogram.Percentile(share), exact - (exact / 64), exact);
        }
    }

    [Fact]
    public void The_extremes_fit()
    {
        GapHistogram histogram = new();
        Assert.Equal(0, histogram.Percentile(0.5));
        histogram.Add(-5);
        histogram.Add(long.MaxValue);
        Assert.Equal((0L, 2L), (histogram.Percentile(0.5), histogram.Count));
        Assert.True(histogram.Percentile(1) > long.MaxValue - (long.MaxValue / 64) - 1);
    }
}
