using Lazykick.Checking.Moves;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>S5a (M19): no message is sent to a CPU that has been in <c>eqs</c> since the sender's kick began.</summary>
public sealed class S5aSends : Property
{
    internal const string Name = "S5a";

    /// <inheritdoc/>
    public override string Id => Name;

    /// <inheritdoc/>
    public override string Sentence => "no IPI is sent to a CPU that was in the EQS all along";

    /// <inheritdoc/>
    public override string Violation => "sent to a CPU that has been in the EQS since the kick began";

    /// <inheritdoc/>
    public override bool IsPromisedByDefault => true;

    /// <inheritdoc/>
    public override string? WhyNotStated(Scheme scheme) =>
        MessageEvidence.WhyNotStated(scheme, "no IPI to a CPU in EQS");

    /// <inheritdoc/>
    public override string? WhyNotExported(string step) => MessageEvidence.WhyNotExported(this, step);

    internal override string? WhyVacuous(IEvidence evidence) => MessageEvidence.WhyVacuous(evidence);

    internal override PropertyChecks Compile(CheckContext context) => new Checks(this, context);

    /// <summary>By kicker and target: in an EQS when the kick began and ever since.</summary>
    private sealed class Checks : PropertyChecks
    {
        private readonly Field[][] _since;
        private readonly HashSet<Field>[] _eqs;

        public Checks(Property property, CheckContext context)
            : base(property, context)
        {
            _since =
            [
                .. Enumerable
                    .Range(0, context.Cpus)
                    .Select(k => Enumerable.Range(0, context.Cpus).Select(t => Since(k, t)).ToArray()),
            ];
            _eqs = [.. context.Eqs.Select(e => e.Fields())];
        }

        public override void Takes(Step step, in StepSite site, Move move)
        {
            if (step is SendStep send)
                Check(move, new Value.Read(_since[site.Cpu][site.Scope.CpuOf(send.Cpu)]));
        }

        public override void BeginsKick(KickStep kick, in StepSite site, Move move)
        {
            for (var t = 0; t < Context.Cpus; t++)
            {
                if (t != site.Cpu)
                    move.Effects.Add((_since[site.Cpu][t], Context.Eqs[t]));
            }
        }

        public override void ReturnsFromKick(KickStep kick, in StepSite site, Move move) =>
            move.Effects.AddRange(_since[site.Cpu].Select(f => (f, Value.Zero)));

        /// <summary>The EQS that ends with this move has ended for every kick that watches it.</summary>
        public override void Completes(Move move)
        {
            var written = move.Effects.Select(e => e.Field).ToHashSet();
            for (var target = 0; target < Context.Cpus; target++)
            {
                if (!_eqs[target].Overlaps(written))
                    continue;

                for (var kicker = 0; kicker < Context.Cpus; kicker++)
                {
                    if (kicker != target)
                    {
                        move.Effects.Add(
                            (
                                _since[kicker][target],
                                Value.And(new Value.Read(_since[kicker][target]), Context.Eqs[target])
                            )
                        );
                    }
                }
            }
        }

        private Field Since(int kicker, int target) =>
            Context.Fields.AddRecord(
                $"eqs since kick[{kicker},{target}]",
                0,
                target == kicker ? 0 : 1,
                RecordKind.AtWrite
            );
    }
}
