using Lazykick.Checking.Moves;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>S9 (M27): nothing is touched through an old translation once a kick has returned for the mapping.</summary>
public sealed class S9Translations : Property
{
    internal const string Name = "S9";

    /// <inheritdoc/>
    public override string Id => Name;

    /// <inheritdoc/>
    public override string Sentence => "no access goes through an old translation once the kick has returned";

    /// <inheritdoc/>
    public override string Violation => "through the old translation, though the kick has returned";

    /// <inheritdoc/>
    public override bool IsPromisedByDefault => true;

    /// <inheritdoc/>
    public override string? WhyNotStated(Scheme scheme) =>
        scheme.AllSteps().OfType<MappingStep>().Any(s => s.Kind == MappingStepKind.Touch)
            ? null
            : "no stale translation: nothing is touched through a mapping";

    /// <inheritdoc/>
    public override string? WhyNotExported(string step) =>
        $"{Id} turns on a translation, at {step}: the litmus tests that are written here have no page tables";

    internal override string? WhyVacuous(IEvidence evidence) =>
        !evidence.IsTaken<MappingStep>(s => s.Kind == MappingStepKind.Touch) ? "nothing was touched through a mapping"
        : evidence.HasReturnedFor(evidence.Scheme.Mappings.ContainsKey) ? null
        : "no kick returned for a mapping";

    internal override PropertyChecks Compile(CheckContext context) => new Checks(this, context);

    private sealed class Checks(Property property, CheckContext context) : PropertyChecks(property, context)
    {
        private bool _applies;

        protected override bool Applies => _applies;

        public override bool CountsWithoutGuesses => true;

        public override void Takes(Step step, in StepSite site, Move move)
        {
            if (step is not MappingStep { Kind: MappingStepKind.Touch } touch)
                return;

            _applies = true;
            var mapping = Context.Fields.Mappings[touch.Mapping.Name];
            Check(move, Value.And(new Value.Read(mapping.Returned), new Value.Read(mapping.Stale[site.Cpu])));
        }
    }
}
