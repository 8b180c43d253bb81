namespace Lazykick.Traces.Comparing;

/// <summary>How often something happens in two recordings, and whether the difference is more than chance.</summary>
/// <param name="Before">Times in the first recording.</param>
/// <param name="After">Times in the second one.</param>
/// <param name="SecondsBefore">Length of the first recording, above 0.</param>
/// <param name="SecondsAfter">Length of the second one, above 0.</param>
/// <param name="Dispersion">
/// Events that come together as one: variance over mean of their number in slices of time, 1 for independent ones.
/// </param>
public readonly record struct RateChange(
    long Before,
    long After,
    double SecondsBefore,
    double SecondsAfter,
    double Dispersion
)
{
    // 97.5 % quantile of the normal distribution.
    private const double Z = 1.959964;

    // What is added to each count, so that none of them is no information (Haldane, Anscombe).
    private const double Half = 0.5;

    /// <summary>Per second in the first recording.</summary>
    public double RateBefore => Before / SecondsBefore;

    /// <summary>Per second in the second one.</summary>
    public double RateAfter => After / SecondsAfter;

    /// <summary>Change of the rate in percent; null where there was none before.</summary>
    public double? Percent => Before == 0 ? null : 100 * ((RateAfter / RateBefore) - 1);

    /// <summary>
    /// The 95 % interval of the change in percent: the logarithm of the ratio of two rates is taken for normal, with
    /// the variance of two counts that come in bursts.
    /// </summary>
    public (double Low, double High) Interval
    {
        get
        {
            var ratio = (After + Half) / SecondsAfter / ((Before + Half) / SecondsBefore);
            var variance = Math.Max(1, Dispersion) * ((1 / (Before + Half)) + (1 / (After + Half)));
            var factor = Math.Exp(Z * Math.Sqrt(variance));
            return (100 * ((ratio / factor) - 1), 100 * ((ratio * factor) - 1));
        }
    }

    /// <summary>There is nothing to compare.</summary>
    public bool IsEmpty => Before == 0 && After == 0;

    /// <summary>What the interval shows.</summary>
    public ChangeVerdict Verdict =>
        Interval switch
        {
            { High: < 0 } => ChangeVerdict.Fewer,
            { Low: > 0 } => ChangeVerdict.More,
            _ => ChangeVerdict.NotShown,
        };
}
