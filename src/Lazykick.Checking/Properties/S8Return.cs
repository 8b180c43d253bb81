using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>S8 (M20): from every state with a kick in progress its return can be reached without a free move.</summary>
public sealed class S8Return : Property
{
    internal const string Name = "S8";

    /// <inheritdoc/>
    public override string Id => Name;

    /// <inheritdoc/>
    public override string Sentence => "the kick returns";

    /// <inheritdoc/>
    public override string Violation => "from here the kick cannot return";

    /// <inheritdoc/>
    public override bool IsPromisedByDefault => true;

    /// <inheritdoc/>
    public override string? WhyNotStated(Scheme scheme) =>
        scheme.AllSteps().Any(s => s is KickStep) ? null : "the kick returns: the scheme has no kick";

    /// <inheritdoc/>
    public override string? WhyNotExported(string step) =>
        $"{Id} is about what happens at last; a litmus test asks what may happen";

    internal override string? WhyVacuous(IEvidence evidence) =>
        evidence.IsTaken<KickStep>(_ => true) ? null : "no kick ever began";

    internal override PropertyChecks Compile(CheckContext context) => new OverTheSpace(this, context);

    /// <summary>Judged of the whole space, once it is known: the search looks back from the returns of kicks.</summary>
    private sealed class OverTheSpace(Property property, CheckContext context) : PropertyChecks(property, context);
}
