namespace Lazykick.Traces.Pricing;

/// <summary>
/// What a scheme would have changed for one CPU. <see cref="Fewest"/> and <see cref="Most"/> are the bounds that what
/// the trace cannot tell leaves.
/// </summary>
public sealed class SchemePrice
{
    internal SchemePrice(SkipRule rule, int index, SchemeTotals[] totals, long interrupts)
    {
        Rule = rule;
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
    /// What another run of the same length under the same load may show as <see cref="SchemeOutcome.InterruptsLeft"/>:
    /// whether a kick finds its target in a state that is skipped is chance,
    /// and this is the 95 % interval (Wilson) of that share, applied to the kicks of this trace. It widens the bounds,
    /// and knows nothing of a load that changes.
    /// </summary>
    public (double Low, double High) AnotherRun
    {
        get
        {
            var served = Expected.ServedInterrupts;
            var others = Expected.InterruptsLeft - (served - Expected.InterruptsAvoided);
            var low = ShareInterval.Wilson(served - Math.Min(served, Most.InterruptsAvoided), served).Low;
            var high = ShareInterval.Wilson(served - Fewest.InterruptsAvoided, served).High;
            return (others + (low * served), others + (high * served));
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
            Collapsed = Math.Max(0, scheme.Skipped - scheme.CatchUps - scheme.PendingAtEnd),
        };
    }
}
