using Lazykick.Traces.Kicks;

namespace Lazykick.Traces.Pricing;

/// <summary>What each scheme decided about a kick, so that anybody can check the totals.</summary>
/// <param name="schemes">The schemes of the analysis that told the kicks
/// (<see cref="AnalysisOptions.Schemes"/>).</param>
public sealed class KickDecisions(IReadOnlyList<SkipRule> schemes)
{
    private readonly SkipTable _skips = new(schemes);

    /// <summary>The schemes, in their order.</summary>
    public IReadOnlyList<SkipRule> Schemes { get; } = schemes;

    /// <summary>Whether a scheme does without the kick; null where it does not serve the kick's function.</summary>
    /// <param name="kick">A kick of the analysis.</param>
    /// <param name="scheme">One of <see cref="Schemes"/>.</param>
    public bool? Skips(KickDetail kick, SkipRule scheme)
    {
        var bit = SkipTable.Bit(_skips.PolicyOf(scheme), SkipVariant.Expected);
        return (kick.Policies.Served & bit) == 0 ? null : (kick.Policies.Skip & bit) != 0;
    }
}
