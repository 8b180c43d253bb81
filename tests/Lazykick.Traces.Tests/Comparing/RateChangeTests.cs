using Lazykick.Traces.Comparing;

namespace Lazykick.Traces.Tests.Comparing;

public sealed class RateChangeTests
{
    [Fact]
    public void A_cure_that_works_is_shown()
    {
        var change = new RateChange(410, 3, 10, 10, 1);

        Assert.Equal((41.0, 0.3), (change.RateBefore, change.RateAfter));
        Assert.Equal(-99.27, change.Percent!.Value, 0.01);
        Assert.InRange(-99.27, change.Interval.Low, change.Interval.High);
        Assert.Equal(ChangeVerdict.Fewer, change.Verdict);
    }

    [Theory]
    [InlineData(0, 0, 1, ChangeVerdict.NotShown)]
    [InlineData(0, 3, 1, ChangeVerdict.NotShown)]
    [InlineData(0, 30, 1, ChangeVerdict.More)]
    [InlineData(100, 120, 1, ChangeVerdict.NotShown)]
    [InlineData(1000, 1200, 1, ChangeVerdict.More)]
    [InlineData(1000, 1200, 50, ChangeVerdict.NotShown)]
    public void A_difference_is_shown_where_it_is_more_than_chance(
        long before,
        long after,
        double dispersion,
        ChangeVerdict verdict
    ) => Assert.Equal(verdict, new RateChange(before, after, 10, 10, dispersion).Verdict);

    [Fact]
    public void Rates_are_compared_not_counts()
    {
        var change = new RateChange(100, 1000, 1, 10, 1);

        Assert.Equal(0, change.Percent!.Value, 0.001);
        Assert.Equal(ChangeVerdict.NotShown, change.Verdict);
    }

    [Fact]
    public void Two_recordings_of_one_rate_differ_as_seldom_as_said()
    {
        const int seed = 20180325;
        var random = new Random(seed);
        var shown = 0;
        for (var round = 0; round < 2_000; round++)
        {
            if (new RateChange(Poisson(40), Poisson(80), 1, 2, 1).Verdict != ChangeVerdict.NotShown)
                shown++;
        }

        Assert.InRange(shown / 2_000.0, 0.03, 0.07);

        long Poisson(double mean)
        {
            var (limit, product, count) = (Math.Exp(-mean), random.NextDouble(), 0L);
            for (; product > limit; count++)
                product *= random.NextDouble();
            return count;
        }
    }

    [Fact]
    public void Bursts_are_seen_whatever_their_number()
    {
        var steady = new Bursts(100);
        var bursty = new Bursts(100);
        for (ulong i = 0; i < 100_000; i++)
        {
            steady.Add(1000 + (i * 50));
            bursty.Add(1000 + (i / 20 * 1000));
        }

        Assert.InRange(steady.Dispersion, 0, 0.1);
        Assert.True(bursty.Dispersion > 2 || steady.Dispersion < bursty.Dispersion);
        Assert.Equal(1, new Bursts(1).Dispersion);
    }
}
