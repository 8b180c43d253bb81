using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>Checks what can happen in one move with other steps.</summary>
internal sealed class TogetherChecker(Scheme scheme, DiagnosticCollection diagnostics)
{
    private const string Takes =
        "together takes exception, eret and other synchronising steps, assignments, masks, registers and assertions";

    private readonly HashSet<string> _objects =
    [
        .. scheme.AllSteps().OfType<AssignStep>().Where(s => s.Object is not null).Select(s => s.Object!.Name),
    ];

    /// <summary>Whether a step can happen together with others; if it cannot, the reason is reported.</summary>
    public bool Part(Step step, Scope scope)
    {
        if (WhyNot(step, scope) is not var (what, hint))
            return true;
        diagnostics.Report("LK0301", step.Span, $"{what} cannot happen together with other steps", hint);
        return false;
    }

    /// <summary>All steps of a <c>together</c>, taken together.</summary>
    public void Body(TogetherStep step, Scope scope)
    {
        var parts = Parts(step.Body).ToList();
        if (parts.OfType<AssignStep>().FirstOrDefault(TouchesObject) is { } touching)
        {
            diagnostics.Report(
                "LK0322",
                touching.Span,
                "an object that is freed somewhere is accessed together with other steps",
                "what happens together takes effect at once; give the access a step of its own"
            );
        }

        if (
            parts.OfType<SyncStep>().Any()
            && parts.OfType<AssignStep>().FirstOrDefault(a => a.Order != MemoryOrder.Relaxed) is { } ordered
        )
        {
            diagnostics.Report(
                "LK0309",
                ordered.Span,
                "what hardware does together with an exception or a return has no order of its own",
                "give the access a step of its own, or leave the order out"
            );
        }

        if (DecidedReads.Most(step.Body, scope) > 1)
        {
            diagnostics.Report(
                "LK0319",
                step.Span,
                "these steps make more than one access to memory",
                "what happens together happens in one move, and a move makes one access (M7)"
            );
        }
    }

    private bool TouchesObject(AssignStep step) =>
        step.Object is not null || Names(step.Target).Concat(Names(step.Value)).Any(n => _objects.Contains(n));

    /// <summary>The steps of a <c>together</c>, those under a knob too.</summary>
    private static IEnumerable<Step> Parts(IEnumerable<Step> body) =>
        body.SelectMany(s => s is WhenStep test ? Parts(test.Then.Concat(test.Else)) : [s]);

    private static IEnumerable<string> Names(Expression expression) =>
        expression switch
        {
            NameExpression n => [n.Name],
            NotExpression n => Names(n.Operand),
            BinaryExpression b => Names(b.Left).Concat(Names(b.Right)),
            ConditionalExpression c => Names(c.Test).Concat(Names(c.Then)).Concat(Names(c.Else)),
            _ => [],
        };

    /// <summary>Why a step cannot, and what to write; null if it can.</summary>
    private static (string What, string Hint)? WhyNot(Step step, Scope scope) =>
        step switch
        {
            SyncStep or AssignStep or MaskStep or InheritMasksStep or RegisterStep or AssertStep => null,
            WhenStep test when DecidedReads.IsDecided(test.Condition, scope) => null,
            WhenStep test => (
                $"a test of '{test.Condition.Span.Text}'",
                "only knobs and flags, which are known before the run, decide within a together; "
                    + "make the test a step around it"
            ),
            RmwStep or CasStep => (
                "an atomic",
                "what hardware stores in the same step is written 'x := e'; "
                    + "an atomic instruction is a step of its own"
            ),
            FenceStep => ("a barrier", "write it as a step of its own, before or after the together"),
            _ => ($"'{step.Span.Text}'", Takes),
        };
}
