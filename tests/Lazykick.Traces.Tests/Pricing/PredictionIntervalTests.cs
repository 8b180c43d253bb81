using Lazykick.Traces.Pricing;

namespace Lazykick.Traces.Tests.Pricing;

public sealed class PredictionIntervalTests
{
    // Computed with the gamma function, outside of the product.
    [Theory]
    [InlineData(0, 0, 1.0, 0, 0)]
    [InlineData(0, 198, 1.0, 0, 3)]
    [InlineData(10, 80, 1.0, 3, 20)]
    [InlineData(10, 80, 2.0, 2, 24)]
    [InlineData(80, 80, 1.0, 77, 80)]
    [InlineData(5, 10, 1.0, 1, 9)]
    [InlineData(0, 1, 1.0, 0, 1)]
    public void The_other_run_lies_in_the_beta_binomial_interval(
        long hits,
        long chances,
        double dependence,
        double low,
        double high
    ) => Assert.Equal((low, high), PredictionInterval.Of(hits, chances, dependence));

    [Fact]
    public void Many_chances_are_taken_for_normal_without_a_step()
    {
        var (low, high) = PredictionInterval.Of(1_000, 10_000, 1);
        var (nextLow, nextHigh) = PredictionInterval.Of(1_001, 10_010, 1);

        Assert.InRange(nextLow - low, -3, 4);
        Assert.InRange(nextHigh - high, -3, 4);
    }

    [Fact]
    public void Two_runs_of_one_coin_lie_in_each_others_interval_as_often_as_said()
    {
        const int seed = 20180416;
        var random = new Random(seed);
        var inside = 0;
        for (var round = 0; round < 4_000; round++)
        {
            var share = random.NextDouble();
            var (low, high) = PredictionInterval.Of(Toss(share), 60, 1);
            var other = Toss(share);
            inside += other >= low && other <= high ? 1 : 0;
        }

        // Discrete counts make the interval a little wider than 95 %.
        Assert.InRange(inside / 4_000.0, 0.94, 0.99);

        int Toss(double share) => Enumerable.Range(0, 60).Count(_ => random.NextDouble() < share);
    }

    [Theory]
    [InlineData("0000000000", 1.0)]
    [InlineData("1111111111", 1.0)]
    [InlineData("0101010101", 1.0)]
    [InlineData("0000011111", 8.0)]
    public void Decisions_that_come_in_runs_are_worth_fewer_independent_ones(string decisions, double dependence)
    {
        var runs = default(DecisionRuns);
        foreach (var decision in decisions)
            runs.Add(decision == '1');

        Assert.Equal(dependence, runs.Dependence, 0.001);
    }
}
