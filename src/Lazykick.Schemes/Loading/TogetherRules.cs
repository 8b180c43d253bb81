using Lazykick.Schemes.Syntax;

namespace Lazykick.Schemes.Loading;

/// <summary>What can happen in one move with other steps.</summary>
internal static class TogetherRules
{
    private const string Takes =
        "together takes exception, eret and other synchronising steps, assignments, masks, registers and assertions";

    /// <summary>The steps of a <c>together</c>, those under a knob too.</summary>
    public static IEnumerable<Step> Parts(IEnumerable<Step> body) =>
        body.SelectMany(s => s is WhenStep test ? Parts(test.Then.Concat(test.Else)) : [s]);

    /// <summary>Why a step cannot, and what to write; null if it can.</summary>
    public static (string What, string Hint)? WhyNot(Step step, Scope scope) =>
        step switch
        {
            SyncStep or AssignStep or MaskStep or InheritMasksStep or RegisterStep or AssertStep => null,
            WhenStep test when DecidedReads.IsDecided(test.Condition, scope) => null,
            WhenStep test => (
                $"a test of '{test.Condition.Span.Text}'",
                "only knobs and flags, which are known before the run, decide within a together; make the test a step around it"
            ),
            RmwStep or CasStep => (
                "an atomic",
                "what hardware stores in the same step is written 'x := e'; an atomic instruction is a step of its own"
            ),
            FenceStep => ("a barrier", "write it as a step of its own, before or after the together"),
            _ => ($"'{step.Span.Text}'", Takes),
        };
}
