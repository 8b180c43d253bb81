namespace Lazykick.Traces.Pricing;

/// <summary>
/// How many of n further chances hit, after some of n have hit: the second run has its own chance beside what the first
/// leaves unknown of the share. Beta-binomial from Jeffreys' prior, 95 %, over as many independent chances as n that
/// depend on each other are worth.
/// </summary>
internal static class PredictionInterval
{
    private const double Tail = 0.025;

    // Beyond, the normal distribution of the same mean and variance is as good, and takes no time.
    private const int LargestExact = 10_000;

    // 97.5 % quantile of the normal distribution.
    private const double Z = 1.959964;

    /// <summary>The least and the most hits in another run of the same length.</summary>
    /// <param name="hits">Hits of this run, 0 to <paramref name="chances"/>.</param>
    /// <param name="chances">Chances of either run.</param>
    /// <param name="dependence">Chances that are worth one independent one, 1 or more.</param>
    public static (double Low, double High) Of(long hits, long chances, double dependence)
    {
        if (chances <= 0)
            return (0, 0);
        var independent = Math.Max(1, Math.Round(chances / dependence));
        var scale = chances / independent;
        var alpha = (hits / scale) + 0.5;
        var beta = ((chances - hits) / scale) + 0.5;
        var (low, high) =
            independent <= LargestExact ? Exact((int)independent, alpha, beta) : Normal(independent, alpha, beta);
        return (Math.Floor(low * scale), Math.Ceiling(high * scale));
    }

    private static (double Low, double High) Exact(int chances, double alpha, double beta)
    {
        // Logarithms of the chances of 0, 1, ... hits, up to a constant.
        var weights = new double[chances + 1];
        var most = 0.0;
        for (var hits = 0; hits < chances; hits++)
        {
            weights[hits + 1] =
                weights[hits]
                + Math.Log((chances - hits) * (hits + alpha) / ((hits + 1) * (chances - hits - 1 + beta)));
            most = Math.Max(most, weights[hits + 1]);
        }

        var sum = 0.0;
        for (var hits = 0; hits <= chances; hits++)
            sum += weights[hits] = Math.Exp(weights[hits] - most);
        var (low, high) = (0, chances);
        for (var below = weights[0]; below <= Tail * sum; below += weights[low])
            low++;
        for (var above = weights[chances]; above <= Tail * sum; above += weights[high])
            high--;
        return (low, high);
    }

    private static (double Low, double High) Normal(double chances, double alpha, double beta)
    {
        var all = alpha + beta;
        var mean = chances * alpha / all;
        var half = Z * Math.Sqrt(chances * alpha * beta * (all + chances) / (all * all * (all + 1)));
        return (Math.Max(0, mean - half), Math.Min(chances, mean + half));
    }
}
