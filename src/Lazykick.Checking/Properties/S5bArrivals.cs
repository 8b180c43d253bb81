using Lazykick.Checking.Moves;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>S5b (M19): no path is entered with a message pending, in <c>eqs</c>.</summary>
public sealed class S5bArrivals : Property
{
    internal const string Name = "S5b";

    /// <inheritdoc/>
    public override string Id => Name;

    /// <inheritdoc/>
    public override string Sentence => "no IPI arrives in the EQS";

    /// <inheritdoc/>
    public override string Violation => "the interrupt breaks the EQS";

    /// <summary>No scheme that samples the state of another CPU can keep it.</summary>
    public override bool IsPromisedByDefault => false;

    /// <inheritdoc/>
    public override string? WhyNotStated(Scheme scheme) =>
        MessageEvidence.WhyNotStated(scheme, "no IPI in the EQS");

    /// <inheritdoc/>
    public override string? WhyNotExported(string step) => MessageEvidence.WhyNotExported(this, step);

    internal override string? WhyVacuous(IEvidence evidence) => MessageEvidence.WhyVacuous(evidence);

    internal override PropertyChecks Compile(CheckContext context) => new Checks(this, context);

    private sealed class Checks(Property property, CheckContext context) : PropertyChecks(property, context)
    {
        public override void Enters(PathDeclaration path, Value messagePending, int cpu, Move move)
        {
            if (!messagePending.IsConstant(out _))
                Check(move, Value.And(messagePending, Context.Eqs[cpu]));
        }
    }
}
