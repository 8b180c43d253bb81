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
            var rank = Math.Max(1, (int)Math.Ceiling(share * values.Length));
            var exact = values[rank - 1];
            var range = histogram.Quantile(share);
            Assert.InRange(range.AtMost, exact, exact + (exact >> precision));
            Assert.InRange(exact, range.AtLeast, range.AtMost);
            // The largest is known, and what is smaller than buckets are wide.
            Assert.Equal(rank == values.Length || exact < 2UL << precision, range.IsExact);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void The_extremes_fit(int precision)
    {
        var histogram = new LogHistogram(precision);
        Assert.Equal(new ValueRange(0, 0), histogram.Quantile(0.5));
        histogram.Add(0);
        histogram.Add(ulong.MaxValue);
        Assert.Equal((0UL, 2L), (histogram.Quantile(0.5).AtMost, histogram.Count));
        Assert.Equal(new ValueRange(ulong.MaxValue, ulong.MaxValue), histogram.Quantile(1));
    }
}
