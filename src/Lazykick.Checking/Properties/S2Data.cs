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
    /// For each variable that a kick returns for: 1 + the CPU whose kick did, since the last write to it, else 0; and
    /// what the kicker has seen since, as 1 + value - lowest value. None under <c>sc</c>, where nobody reads an old
    /// value.
    /// </summary>
    private sealed class Checks : PropertyChecks
    {
        private readonly Dictionary<Field, (Field Returned, Field Seen)> _kicks = [];
        private bool _applies;

        public Checks(Property property, CheckContext context)
            : base(property, context)
        {
            foreach (var variable in context.IsWeak ? KickReturns.Variables(context.Scheme, context.Fields) : [])
            {
                _kicks[variable] = (
                    context.Fields.AddRecord($"{variable.Name} returned", 0, context.Cpus, RecordKind.AtIssue),
                    context.Fields.AddRecord(
                        $"{variable.Name} seen",
                        0,
                        variable.High - variable.Low + 1,
                        RecordKind.AtIssue
                    )
                );
            }
        }

        protected override bool Applies => _applies;

        public override bool MarksAccesses => _kicks.Count > 0;

        public override void Writes(Field variable, Move move)
        {
            if (_kicks.TryGetValue(variable, out var kick))
                move.Effects.AddRange([(kick.Returned, Value.Zero), (kick.Seen, Value.Zero)]);
        }

        public override void ReturnsFromKick(KickStep kick, in StepSite site, Move move)
        {
            foreach (var name in kick.Returns.Where(r => Context.Scheme.Variables.ContainsKey(r.Name)))
            {
                _applies = true;
                if (_kicks.TryGetValue(site.Scope.FieldOf(name), out var books))
                {
                    move.Effects.AddRange(
                        [(books.Returned, new Value.Constant(site.Cpu + 1)), (books.Seen, Value.Zero)]
                    );
                }
            }
        }

        /// <summary>
        /// After the return another CPU has in flight a read of the variable that returned another value than the
        /// kicker sees. A write that becomes visible only now, and was issued before the return, changes what the
        /// kicker sees: a read before that was no older, and the kick vouches no longer.
        /// </summary>
        public override void Mark(Span<ulong> words, IAccessesInFlight cpus)
        {
            foreach (var (variable, (returned, seen)) in _kicks)
            {
                var kicker = returned.Read(words) - 1;
                if (kicker < 0)
                    continue;

                var value = cpus.Seen(words, kicker, variable);
                var (before, now) = (seen.Read(words), 1 + value - variable.Low);
                if (before != 0 && before != now)
                {
                    returned.Write(words, 0);
                    seen.Write(words, 0);
                    continue;
                }

                seen.Write(words, now);
                for (var cpu = 0; cpu < cpus.Cpus && cpus.IsSettled(words, kicker); cpu++)
                {
                    if (cpu != kicker)
                        cpus.MarkReads(words, cpu, variable, value, Index);
                }
            }
        }
    }
}
