using Lazykick.Checking.Moves;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>
/// S2 (M25, W14): what another CPU reads after a kick's return, in program order, is what the kicker sees.
/// </summary>
public sealed class S2Data : Property
{
    internal const string Name = "S2";

    /// <inheritdoc/>
    public override string Id => Name;

    /// <inheritdoc/>
    public override string Sentence => "what a CPU reads after the return, in program order, is new";

    /// <inheritdoc/>
    public override string Violation => "a read after the return, in program order, has returned an old value";

    /// <inheritdoc/>
    public override bool IsPromisedByDefault => true;

    /// <inheritdoc/>
    public override string? WhyNotStated(Scheme scheme) =>
        KickReturns.Any(scheme, scheme.Variables.ContainsKey) ? null : "no stale data: no kick returns for a variable";

    /// <inheritdoc/>
    public override string? WhyNotExported(string step) => null;

    internal override string? WhyVacuous(IEvidence evidence) =>
        evidence.HasReturnedFor(evidence.Scheme.Variables.ContainsKey) ? null : "no kick returned for a variable";

    internal override PropertyChecks Compile(CheckContext context) => new Checks(this, context);

    /// <summary>
    /// For each variable that a kick returns for: 1 + the CPU whose kick did, since the last write to it; else 0. None
    /// under <c>sc</c>, where nobody reads an old value.
    /// </summary>
    private sealed class Checks : PropertyChecks
    {
        private readonly Dictionary<Field, Field> _returned = [];
        private bool _applies;

        public Checks(Property property, CheckContext context)
            : base(property, context)
        {
            foreach (var variable in context.IsWeak ? KickReturns.Variables(context.Scheme, context.Fields) : [])
            {
                var name = $"{variable.Name} returned";
                _returned[variable] = context.Fields.AddRecord(name, 0, context.Cpus, RecordKind.AtIssue);
            }
        }

        protected override bool Applies => _applies;

        public override bool MarksAccesses => _returned.Count > 0;

        public override void Writes(Field variable, Move move)
        {
            if (_returned.TryGetValue(variable, out var returned))
                move.Effects.Add((returned, Value.Zero));
        }

        public override void ReturnsFromKick(KickStep kick, in StepSite site, Move move)
        {
            foreach (var name in kick.Returns.Where(r => Context.Scheme.Variables.ContainsKey(r.Name)))
            {
                _applies = true;
                if (_returned.TryGetValue(site.Scope.FieldOf(name), out var returned))
                    move.Effects.Add((returned, new Value.Constant(site.Cpu + 1)));
            }
        }

        /// <summary>
        /// After the return another CPU has in flight a read of the variable that returned another value than the
        /// kicker sees.
        /// </summary>
        public override void Mark(Span<ulong> words, IAccessesInFlight cpus)
        {
            foreach (var (variable, returned) in _returned)
            {
                var kicker = returned.Read(words) - 1;
                if (kicker < 0 || !cpus.IsSettled(words, kicker))
                    continue;

                var value = cpus.Seen(words, kicker, variable);
                for (var cpu = 0; cpu < cpus.Cpus; cpu++)
                {
                    if (cpu != kicker)
                        cpus.MarkReads(words, cpu, variable, value, Index);
                }
            }
        }
    }
}
