using Lazykick.Checking.Moves;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Properties;

/// <summary>
/// S4 (M26): when a kick returns for a message, no other CPU has had it pending since the kick began.
/// </summary>
public sealed class S4Messages : Property
{
    internal const string Name = "S4";

    /// <inheritdoc/>
    public override string Id => Name;

    /// <inheritdoc/>
    public override string Sentence => "no message from before the kick is pending when it returns";

    /// <inheritdoc/>
    public override string Violation => "a message that was pending when the kick began is so still";

    /// <inheritdoc/>
    public override bool IsPromisedByDefault => true;

    /// <inheritdoc/>
    public override string? WhyNotStated(Scheme scheme) =>
        KickReturns.Any(scheme, n => scheme.Messages.Contains(n))
            ? null
            : "no pending message left: no kick returns for a message";

    /// <inheritdoc/>
    public override string? WhyNotExported(string step) => MessageEvidence.WhyNotExported(this, step);

    internal override string? WhyVacuous(IEvidence evidence) =>
        evidence.HasReturnedFor(n => evidence.Scheme.Messages.Contains(n)) ? null : "no kick returned for a message";

    internal override PropertyChecks Compile(CheckContext context) => new Checks(this, context);

    /// <summary>
    /// By message that a kick returns for, kicker and target: pending when the kick began and ever since.
    /// </summary>
    private sealed class Checks : PropertyChecks
    {
        private readonly SortedDictionary<int, Field[][]> _since = [];
        private bool _applies;

        public Checks(Property property, CheckContext context)
            : base(property, context)
        {
            foreach (var message in KickReturns.Messages(context.Scheme))
            {
                var name = context.Scheme.Messages[message];
                _since[message] =
                [
                    .. Enumerable
                        .Range(0, context.Cpus)
                        .Select(kicker =>
                            Enumerable
                                .Range(0, context.Cpus)
                                .Select(t =>
                                    context.Fields.AddRecord(
                                        $"{name} pending since kick[{kicker},{t}]",
                                        0,
                                        1,
                                        RecordKind.AtIssue
                                    )
                                )
                                .ToArray()
                        ),
                ];
            }
        }

        protected override bool Applies => _applies;

        public override void BeginsKick(KickStep kick, in StepSite site, Move move)
        {
            foreach (var (since, now) in Pending(kick, site.Cpu))
                move.Effects.Add((since, new Value.Read(now)));
        }

        public override void ReturnsFromKick(KickStep kick, in StepSite site, Move move)
        {
            foreach (var (since, _) in Pending(kick, site.Cpu))
            {
                _applies = true;

                // With guesses outstanding the return may still be taken back: then it is asked of states.
                if (Context.IsWeak)
                    continue;

                Check(move, new Value.Read(since));
                move.Effects.Add((since, Value.Zero));
            }
        }

        public override void Discovers(int message, int cpu, Move move)
        {
            if (_since.TryGetValue(message, out var since))
                move.Effects.AddRange(since.Select(kicker => (kicker[cpu], Value.Zero)));
        }

        public override bool JudgesStates => _applies;

        /// <summary>A kick has returned, and a message that was pending when it began is so still.</summary>
        public override bool IsViolatedIn(ReadOnlySpan<ulong> words, IAccessesInFlight cpus)
        {
            for (var kicker = 0; kicker < cpus.Cpus; kicker++)
            {
                if (Context.Fields.Cpus[kicker].InKick.Read(words) != 0 || !cpus.IsSettled(words, kicker))
                    continue;

                foreach (var since in _since.Values)
                {
                    foreach (var field in since[kicker])
                    {
                        if (field.Read(words) != 0)
                            return true;
                    }
                }
            }

            return false;
        }

        private IEnumerable<(Field Since, Field Now)> Pending(KickStep kick, int cpu)
        {
            foreach (var thing in kick.Returns)
            {
                var message = Context.Scheme.Messages.ToList().IndexOf(thing.Name);
                if (message < 0 || IsOther(thing.Name))
                    continue;

                for (var t = 0; t < Context.Cpus; t++)
                {
                    if (t != cpu)
                        yield return (_since[message][cpu][t], Context.Fields.Cpus[t].Messages[message]);
                }
            }
        }

        /// <summary>A name of a message that is one of something else, too, is that of the other.</summary>
        private bool IsOther(string name) =>
            Context.Scheme.Texts.ContainsKey(name)
            || Context.Scheme.Mappings.ContainsKey(name)
            || Context.Scheme.Variables.ContainsKey(name);
    }
}
