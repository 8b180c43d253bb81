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

    [Theory]
    [InlineData(0, 30, true)]
    [InlineData(9, 30, true)]
    [InlineData(9, 12, false)]
    public void Of_fewer_than_ten_the_change_is_told_in_times_a_second(long before, long after, bool isMore)
    {
        var change = new RateChange(before, after, 10, 10, 1);

        Assert.Null(change.Percent);
        Assert.InRange((after - before) / 10.0, change.Difference.Low, change.Difference.High);
        Assert.Equal(isMore, change.Difference.Low > 0);
        Assert.Equal(isMore, change.Verdict == ChangeVerdict.More);
        Assert.Equal(isMore, change.IsAbove(0));
        Assert.False(change.IsBelow(0));
    }

    [Fact]
    public void The_interval_of_a_difference_has_the_truth_as_often_as_said()
    {
        const int seed = 20261128;
        var random = new Random(seed);
        var missed = 0;
        for (var round = 0; round < 4_000; round++)
        {
            var (low, high) = new RateChange(Poisson(random, 6), Poisson(random, 24), 1, 2, 1).Difference;
            if (low > 6 || high < 6)
                missed++;
        }

        Assert.InRange(missed / 4_000.0, 0.02, 0.06);
    }

    [Fact]
    public void A_time_of_a_few_long_breaks_tells_less_than_the_same_of_many()
    {
        var many = new RateChange(1000, 500, 10, 10, 1) { UnitBefore = 1e6, UnitAfter = 1e6 };
        var few = new RateChange(10, 5, 10, 10, 1) { UnitBefore = 1e8, UnitAfter = 1e8 };

        Assert.Equal((1e8, 5e7, -50.0), (few.RateBefore, few.RateAfter, few.Percent!.Value));
        Assert.Equal((many.RateBefore, many.RateAfter), (few.RateBefore, few.RateAfter));
        Assert.Equal(
            (ChangeVerdict.Fewer, ChangeVerdict.NotShown),
            (many.Verdict, few.Verdict)
        );
    }

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
            if (new RateChange(Poisson(random, 40), Poisson(random, 80), 1, 2, 1).Verdict != ChangeVerdict.NotShown)
                shown++;
        }

        Assert.InRange(shown / 2_000.0, 0.03, 0.07);
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

    private static long Poisson(Random random, double mean)
    {
        var (limit, product, count) = (Math.Exp(-mean), random.NextDouble(), 0L);
        for (; product > limit; count++)
            product *= random.NextDouble();
        return count;
    }
}
