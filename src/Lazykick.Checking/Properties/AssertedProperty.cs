using Lazykick.Schemes.Model;

namespace Lazykick.Checking.Properties;

/// <summary>A property of a scheme's own: <c>assert e for NAME "what goes wrong"</c>.</summary>
/// <param name="id">Its name.</param>
/// <param name="wrong">What goes wrong where it is violated.</param>
public sealed class AssertedProperty(string id, string wrong) : Property
{
    /// <inheritdoc/>
    public override string Id => id;

    /// <inheritdoc/>
    public override string Sentence => wrong.Length == 0 ? "" : $"never: {wrong}";

    /// <inheritdoc/>
    public override string Violation => wrong.Length == 0 ? $"violates {id}" : wrong;

    /// <inheritdoc/>
    public override bool IsPromisedByDefault => true;

    /// <inheritdoc/>
    public override string? WhyNotStated(Scheme scheme) => null;

    /// <inheritdoc/>
    public override string? WhyNotExported(string step) => null;

    internal override string? WhyVacuous(IEvidence evidence) => "no step that asserts it was ever taken";

    internal override PropertyChecks Compile(CheckContext context) => new Asserted(this, context);

    /// <summary>Judged where it is asserted: an <c>assert</c> names its property, whichever that is.</summary>
    private sealed class Asserted(Property property, CheckContext context) : PropertyChecks(property, context)
    {
        protected override bool Applies => false;
    }
}
