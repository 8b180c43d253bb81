namespace Lazykick.Traces.Pricing;

/// <summary>
/// What a scheme would have changed for one CPU. <see cref="Fewest"/> and <see cref="Most"/> are the bounds that what
/// the trace cannot tell leaves.
/// </summary>
public sealed class SchemePrice
{
    private readonly double _dependence;

    internal SchemePrice(SkipRule rule, int index, SchemeTotals[] totals, long interrupts)
    {
        Rule = rule;
        _dependence = totals[index * SkipTable.Variants].Decisions.Dependence;
        Expected = Outcome(totals, interrupts, index, SkipVariant.Expected);
        Fewest = Outcome(totals, interrupts, index, SkipVariant.Fewest);
        Most = Outcome(totals, interrupts, index, SkipVariant.Most);
    }

    /// <summary>The scheme's policy.</summary>
    public SkipRule Rule { get; }

    /// <summary>With the states as reconstructed; what is unknown is not skipped.</summary>
    public SchemeOutcome Expected { get; }

    /// <summary>Nothing is skipped that is unknown or within the error of a change of state.</summary>
    public SchemeOutcome Fewest { get; }

    /// <summary>Everything unknown is skipped.</summary>
    public SchemeOutcome Most { get; }

    /// <summary>
    /// What another run of the same length under the same load shows as <see cref="SchemeOutcome.InterruptsLeft"/>,
    /// with 95 %: a prediction interval. It takes in the bounds, the chance of this run and that of the other one, and
    /// that kicks of a burst find their target in the same state (docs/reference/report.md). It knows nothing of a load
    /// that changes, nor of how a CPU that is interrupted less behaves otherwise.
    /// </summary>
    public (double Low, double High) AnotherRun
    {
        get
        {
            var served = Expected.ServedInterrupts;
            var others = Expected.InterruptsLeft - (served - Expected.InterruptsAvoided);
            var least = served - Math.Min(served, Most.InterruptsAvoided);
            var most = served - Fewest.InterruptsAvoided;
            return (
                others + PredictionInterval.Of(least, served, _dependence).Low,
                others + PredictionInterval.Of(most, served, _dependence).High
            );
        }
    }

    private static SchemeOutcome Outcome(SchemeTotals[] totals, long interrupts, int index, SkipVariant variant)
    {
        var scheme = totals[(index * SkipTable.Variants) + (int)variant];
        return new SchemeOutcome
        {
            Served = scheme.Served,
            ServedInterrupts = scheme.ServedInterrupts,
            Skipped = scheme.Skipped,
            InterruptsAvoided = scheme.Avoided,
            InterruptsAdded = scheme.Added,
            InterruptsLeft = interrupts - scheme.Avoided + scheme.Added,
            UserBreaksAvoided = scheme.UserBreaksAvoided,
            IdleWakesAvoided = scheme.IdleWakesAvoided,
            GuestExitsAvoided = scheme.GuestExitsAvoided,
            TimeSaved = scheme.StolenAvoided,
            CatchUps = scheme.CatchUps,
            Collapsed = Math.Max(0, scheme.Skipped - scheme.CatchUps),
        };
    }
}
