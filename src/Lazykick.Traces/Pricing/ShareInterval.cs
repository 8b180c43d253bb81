namespace Lazykick.Traces.Pricing;

/// <summary>The interval in which a share lies, from a sample.</summary>
internal static class ShareInterval
{
    // 97.5 % quantile of the normal distribution.
    private const double Z = 1.959964;

    /// <summary>
    /// The Wilson score interval at 95 %: sensible for shares of 0 and 1 as well. Without a sample it is everything.
    /// </summary>
    public static (double Low, double High) Wilson(long hits, long sample)
    {
        if (sample <= 0)
            return (0, 1);
        var share = (double)hits / sample;
        var square = Z * Z / sample;
        var centre = (share + (square / 2)) / (1 + square);
        var half = Z / (1 + square) * Math.Sqrt((share * (1 - share) / sample) + (square / (4 * sample)));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
