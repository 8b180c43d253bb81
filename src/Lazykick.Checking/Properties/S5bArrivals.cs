using Lazykick.Checking.Moves;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>S5b (M19): no interrupt path is entered with a message pending, in <c>eqs</c>.</summary>
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
        !scheme.States.ContainsKey("eqs") ? "no IPI in the EQS: the scheme has no state eqs"
        : scheme.AllSteps().Any(s => s is SendStep) ? null
        : "no IPI in the EQS: no message is sent";

    /// <inheritdoc/>
    public override string? WhyNotExported(string step) =>
        $"{Id} turns on an interrupt, at {step}: litmus tests have no interrupts";

    internal override string? WhyVacuous(IEvidence evidence) =>
        !evidence.EqsIsVisited ? "no CPU was ever in state eqs"
        : evidence.IsTaken<SendStep>(_ => true) ? null
        : "no message was ever sent";

    internal override PropertyChecks Compile(CheckContext context) => new Checks(this, context);

    private sealed class Checks(Property property, CheckContext context) : PropertyChecks(property, context)
    {
        public override void Enters(PathDeclaration path, Value messagePending, int cpu, Move move)
        {
            if (path.Trigger == Trigger.Irq)
                Check(move, Value.And(messagePending, Context.Eqs[cpu]));
        }
    }
}
