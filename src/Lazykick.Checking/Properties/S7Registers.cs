using Lazykick.Checking.Moves;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>S7 (M6, M19): a register that is used still holds what the interrupted program left in it.</summary>
public sealed class S7Registers : Property
{
    internal const string Name = "S7";

    /// <inheritdoc/>
    public override string Id => Name;

    /// <inheritdoc/>
    public override string Sentence => "registers of the program survive until they are used";

    /// <inheritdoc/>
    public override string Violation => "the register no longer holds the program's value";

    /// <inheritdoc/>
    public override bool IsPromisedByDefault => true;

    /// <inheritdoc/>
    public override string? WhyNotStated(Scheme scheme) =>
        scheme.AllSteps().OfType<RegisterStep>().Any(s => s.Kind == RegisterStepKind.Use)
            ? null
            : "registers survive: no step uses a register";

    /// <inheritdoc/>
    public override string? WhyNotExported(string step) =>
        $"{Id} turns on registers of one CPU, at {step}: no access of another CPU shows it";

    internal override string? WhyVacuous(IEvidence evidence) =>
        evidence.IsTaken(m => m.Instruction is { Level: 0, Step: { } step } && Uses(step))
            ? null
            : "no register of an interrupted program was ever used";

    private static bool Uses(Step step) =>
        step is RegisterStep { Kind: RegisterStepKind.Use } || step.Blocks.Any(b => b.Any(Uses));

    internal override PropertyChecks Compile(CheckContext context) => new Checks(this, context);

    private sealed class Checks(Property property, CheckContext context) : PropertyChecks(property, context)
    {
        public override void Takes(Step step, in StepSite site, Move move)
        {
            // Paths from kernel save and restore all: there register steps do nothing.
            if (step is not RegisterStep { Kind: RegisterStepKind.Use } use || site.Level > 0)
                return;

            foreach (var (number, kept) in Context.Fields.Cpus[site.Cpu].Registers)
            {
                if ((use.Registers.Bits >> number & 1) != 0)
                    Check(move, Value.Not(new Value.Read(kept)));
            }
        }
    }
}
