using Lazykick.Schemes.Model;

namespace Lazykick.Checking.Properties;

/// <summary>S1 (M18): ordinary code runs no old text once a kick has returned for it.</summary>
public sealed class S1Text : Property
{
    internal const string Name = "S1";

    /// <inheritdoc/>
    public override string Id => Name;

    /// <inheritdoc/>
    public override string Sentence => "ordinary text is new once the kick has returned";

    /// <inheritdoc/>
    public override string Violation => "STALE: old instruction";

    /// <inheritdoc/>
    public override bool IsPromisedByDefault => true;

    /// <inheritdoc/>
    public override string? WhyNotStated(Scheme scheme) => TextEvidence.WhyNotStated(scheme);

    /// <inheritdoc/>
    public override string? WhyNotExported(string step) => null;

    internal override string? WhyVacuous(IEvidence evidence) => TextEvidence.WhyVacuous(evidence);

    internal override PropertyChecks Compile(CheckContext context) => new AtPositions(this, context);

    /// <summary>
    /// Judged of states, by where CPUs stand: the search looks at each position for its window anyway.
    /// </summary>
    private sealed class AtPositions(Property property, CheckContext context) : PropertyChecks(property, context);
}
