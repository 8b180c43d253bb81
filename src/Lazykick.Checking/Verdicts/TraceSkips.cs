using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Verdicts;

/// <summary>
/// Holds the line <c>trace skip when</c> of each policy, which <c>report</c> prices, against what the policy was seen
/// to answer of CPUs in the states that a trace shows.
/// </summary>
internal static class TraceSkips
{
    /// <summary>
    /// Reports lines that promise more than the policy gives: with the knobs that a price is for, the policy never
    /// skips a CPU in that state.
    /// </summary>
    public static void Require(Evidence evidence, DiagnosticCollection diagnostics)
    {
        foreach (var (policy, state) in TooMuch(evidence))
        {
            var condition = policy.TraceSkip!;
            diagnostics.Report(
                "LK0507",
                condition.Span,
                $"'{policy.Name}' never skips a CPU in state {state}, and this line says that it does",
                "'lazykick report' prices what this line says; leave the state out, or mend the policy"
            );
        }
    }

    /// <summary>
    /// What a reader of a price should know: the line leaves a state out, or the search could not confirm it.
    /// </summary>
    public static IEnumerable<string> Remarks(Evidence evidence, bool areDefaults)
    {
        foreach (var (policy, state) in areDefaults ? [] : TooMuch(evidence))
        {
            yield return $"with these knobs policy {policy.Name} never skips a CPU in state {state}; 'trace skip' is "
                + "for the defaults";
        }

        foreach (var policy in Asked(evidence))
        {
            var seen = evidence.Decisions.Where(d => d.Policy == policy.Name).ToList();
            var less = seen.Where(d => d is { Skipped: true, Interrupted: false } && !Says(policy, d.State)).ToList();
            var unseen = TraceStates.Names.Where(s =>
                Says(policy, s) && s != TraceStates.User && seen.All(d => d.State != s)
            );
            foreach (var decision in less.Where(d => d.State != TraceStates.Kernel))
            {
                yield return $"policy {policy.Name} skips every CPU in state {decision.State}, which 'trace skip' "
                    + "leaves out: a price is too low";
            }

            foreach (var state in unseen)
            {
                yield return $"policy {policy.Name} was never asked about a CPU in state {state}: 'trace skip' is not "
                    + "confirmed there";
            }
        }
    }

    private static IEnumerable<(Schemes.Syntax.PolicyDeclaration Policy, string State)> TooMuch(Evidence evidence) =>
        Asked(evidence)
            .SelectMany(policy =>
                evidence
                    .Decisions.Where(d => d.Policy == policy.Name && !d.Skipped && Says(policy, d.State))
                    .Select(d => (policy, d.State))
            );

    private static IEnumerable<Schemes.Syntax.PolicyDeclaration> Asked(Evidence evidence) =>
        evidence.Scheme.Policies.Values.Where(p =>
            p.TraceSkip is not null && evidence.Decisions.Any(d => d.Policy == p.Name)
        );

    private static bool Says(Schemes.Syntax.PolicyDeclaration policy, string state) =>
        TraceStates.Holds(policy.TraceSkip!, state);
}
