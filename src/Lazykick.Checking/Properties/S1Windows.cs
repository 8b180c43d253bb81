using Lazykick.Schemes.Model;

namespace Lazykick.Checking.Properties;

/// <summary>S1.windows (M18): no position of a path lies in a window.</summary>
public sealed class S1Windows : Property
{
    internal const string Name = "S1.windows";

    /// <inheritdoc/>
    public override string Id => Name;

    /// <inheritdoc/>
    public override string Sentence => "so is text at every step of every path";

    /// <inheritdoc/>
    public override string Violation => "STALE: old instruction";

    /// <summary>The thread's own schemes have windows, and know.</summary>
    public override bool IsPromisedByDefault => false;

    /// <inheritdoc/>
    public override string? WhyNotStated(Scheme scheme) => TextEvidence.WhyNotStated(scheme);

    /// <inheritdoc/>
    public override string? WhyNotExported(string step) => null;

    internal override string? WhyVacuous(IEvidence evidence) => TextEvidence.WhyVacuous(evidence);

    internal override PropertyChecks Compile(CheckContext context) => new AtPositions(this, context);

    /// <summary>Judged of states, as S1 is.</summary>
    private sealed class AtPositions(Property property, CheckContext context) : PropertyChecks(property, context);
}
