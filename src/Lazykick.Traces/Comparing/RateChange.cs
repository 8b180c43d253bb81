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
    double Before,
    double After,
    double SecondsBefore,
    double SecondsAfter,
    double Dispersion
)
{
    // 97.5 % quantile of the normal distribution.
    private const double Z = 1.959964;

    // What is added to each count, so that none of them is no information (Haldane, Anscombe).
    private const double Half = 0.5;

    // Of fewer the rate is known so badly that a share of it says nothing.
    private const double FewestForAShare = 10;

    /// <summary>What each time counts for in the first recording.</summary>
    /// <value>Default: 1.</value>
    public double UnitBefore { get; init; } = 1;

    /// <summary>The same in the second recording.</summary>
    /// <value>Default: 1.</value>
    public double UnitAfter { get; init; } = 1;

    /// <summary>Per second in the first recording.</summary>
    public double RateBefore => Before * UnitBefore / SecondsBefore;

    /// <summary>Per second in the second one.</summary>
    public double RateAfter => After * UnitAfter / SecondsAfter;

    /// <summary>
    /// A change in percent means something: the first recording has ten of them or more. With fewer
    /// <see cref="Difference"/> is what can be said.
    /// </summary>
    public bool HasPercent => Before >= FewestForAShare;

    /// <summary>Change of the rate in percent; null where it means nothing.</summary>
    public double? Percent => HasPercent ? 100 * ((RateAfter / RateBefore) - 1) : null;

    /// <summary>
    /// The 95 % interval of the change in percent: the logarithm of the ratio of two rates is taken for normal, with
    /// the variance of two counts that come in bursts.
    /// </summary>
    public (double Low, double High) Interval
    {
        get
        {
            var ratio = (After + Half) * UnitAfter / SecondsAfter / ((Before + Half) * UnitBefore / SecondsBefore);
            var variance = Math.Max(1, Dispersion) * ((1 / (Before + Half)) + (1 / (After + Half)));
            var factor = Math.Exp(Z * Math.Sqrt(variance));
            // None after may be none at all.
            return (After == 0 ? -100 : 100 * ((ratio / factor) - 1), 100 * ((ratio * factor) - 1));
        }
    }

    /// <summary>The 95 % interval of the change in times a second.</summary>
    public (double Low, double High) Difference => DifferenceFrom(1);

    /// <summary>There is nothing to compare.</summary>
    public bool IsEmpty => Before == 0 && After == 0;

    /// <summary>What the interval shows.</summary>
    public ChangeVerdict Verdict =>
        (HasPercent ? Interval : Difference) switch
        {
            { High: < 0 } => ChangeVerdict.Fewer,
            { Low: > 0 } => ChangeVerdict.More,
            _ => ChangeVerdict.NotShown,
        };

    /// <summary>The change is surely above a share of the first rate.</summary>
    /// <param name="percent">The share; negative for less than before.</param>
    public bool IsAbove(double percent) =>
        HasPercent ? Interval.Low > percent : DifferenceFrom(1 + (percent / 100)).Low > 0;

    /// <summary>The change is surely below a share of the first rate.</summary>
    /// <param name="percent">The share; negative for less than before.</param>
    public bool IsBelow(double percent) =>
        HasPercent ? Interval.High < percent : DifferenceFrom(1 + (percent / 100)).High < 0;

    /// <summary>
    /// The interval of the second rate less a multiple of the first: recovered from those of the two rates (MOVER:
    /// Zou and Donner, Statistics in Medicine 27, 2008), each by Byar's approximation for counts.
    /// </summary>
    private (double Low, double High) DifferenceFrom(double multiple)
    {
        var (first, second) = (multiple * RateBefore, RateAfter);
        var (firstLow, firstHigh) = RateOf(Before, multiple * UnitBefore / SecondsBefore);
        var (secondLow, secondHigh) = RateOf(After, UnitAfter / SecondsAfter);
        var (below, above) = (Math.Min(firstLow, firstHigh), Math.Max(firstLow, firstHigh));
        return (
            second - first - double.Hypot(second - secondLow, above - first),
            second - first + double.Hypot(secondHigh - second, first - below)
        );
    }

    /// <summary>The interval of a count, times what makes a rate of it. Bursts count as one each.</summary>
    private (double Low, double High) RateOf(double count, double perSecond)
    {
        var together = Math.Max(1, Dispersion);
        var bursts = count / together;
        var low = bursts > 0 ? bursts * Cube(1 - (1 / (9 * bursts)) - (Z / (3 * Math.Sqrt(bursts)))) : 0;
        var next = bursts + 1;
        var high = next * Cube(1 - (1 / (9 * next)) + (Z / (3 * Math.Sqrt(next))));
        return (Math.Max(0, low) * together * perSecond, high * together * perSecond);
    }

    private static double Cube(double value) => value * value * value;
}
