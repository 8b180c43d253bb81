using Lazykick.Traces.Totals;

namespace Lazykick.Traces.Tests.Analysis;

public sealed class LogHistogramTests
{
    [Theory]
    [InlineData(1, 6)]
    [InlineData(2, 6)]
    [InlineData(3, 3)]
    public void Quantiles_agree_with_sorting_to_within_one_part_of_an_octave(int seed, int precision)
    {
        var random = new Random(seed);
        ulong[] values = [.. Enumerable.Range(0, 5_000).Select(_ => (ulong)Math.Pow(10, random.NextDouble() * 12))];
        var histogram = new LogHistogram(precision);
        foreach (var value in values)
            histogram.Add(value);
        Array.Sort(values);
        foreach (var share in new[] { 0.0001, 0.1, 0.5, 0.9, 0.99, 0.9999, 1 })
        {
            var exact = values[Math.Max(1, (int)Math.Ceiling(share * values.Length)) - 1];
            Assert.InRange(histogram.Quantile(share), exact, exact + (exact >> precision));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void The_extremes_fit(int precision)
    {
        var histogram = new LogHistogram(precision);
        Assert.Equal(0UL, histogram.Quantile(0.5));
        histogram.Add(0);
        histogram.Add(ulong.MaxValue);
        Assert.Equal((0UL, 2L), (histogram.Quantile(0.5), histogram.Count));
        Assert.Equal(ulong.MaxValue, histogram.Quantile(1));
    }
}
