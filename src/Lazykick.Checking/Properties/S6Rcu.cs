using Lazykick.Checking.Moves;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>S6 (M19): no step that uses RCU is taken in <c>eqs</c>.</summary>
public sealed class S6Rcu : Property
{
    internal const string Name = "S6";

    /// <inheritdoc/>
    public override string Id => Name;

    /// <inheritdoc/>
    public override string Sentence => "RCU is not used in the EQS";

    /// <inheritdoc/>
    public override string Violation => "RCU is used, and does not watch this CPU";

    /// <inheritdoc/>
    public override bool IsPromisedByDefault => true;

    /// <inheritdoc/>
    public override string? WhyNotStated(Scheme scheme) =>
        !scheme.States.ContainsKey("eqs") ? "no RCU in the EQS: the scheme has no state eqs"
        : scheme.AllSteps().Any(Uses) ? null
        : "no RCU in the EQS: no step uses RCU";

    /// <inheritdoc/>
    public override string? WhyNotExported(string step) =>
        $"{Id} turns on where {step} stands in its own CPU's program: no access of another CPU shows it";

    internal override string? WhyVacuous(IEvidence evidence) =>
        !evidence.EqsIsVisited ? "no CPU was ever in state eqs"
        : evidence.IsTaken(m => Uses(m.Instruction.Step)) ? null
        : "RCU was never used";

    private static bool Uses(Step? step) => step is CodeStep { UsesRcu: true } or CallStep { UsesRcu: true };

    internal override PropertyChecks Compile(CheckContext context) => new Checks(this, context);

    private sealed class Checks(Property property, CheckContext context) : PropertyChecks(property, context)
    {
        public override void Takes(Step step, in StepSite site, Move move)
        {
            if (Uses(step))
                Check(move, Context.Eqs[site.Cpu]);
        }
    }
}
