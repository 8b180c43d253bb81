using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>
/// What has to hold before expressions and steps can be looked at one by one: a name means one thing, and neither
/// states nor calls come back to themselves.
/// </summary>
internal sealed class NameChecker
{
    private const int MaxCallDepth = 64;
    private static readonly string[] s_reserved = ["self", "others", "all", "on", "off", "user"];

    private readonly Scheme _scheme;
    private readonly DiagnosticCollection _diagnostics;
    private readonly Dictionary<Declaration, bool> _isDone = new(ReferenceEqualityComparer.Instance);

    private NameChecker(Scheme scheme, DiagnosticCollection diagnostics)
    {
        _scheme = scheme;
        _diagnostics = diagnostics;
    }

    public static void Check(Scheme scheme, DiagnosticCollection diagnostics)
    {
        var checker = new NameChecker(scheme, diagnostics);
        checker.Clashes();
        foreach (var state in scheme.States.Values)
            checker.Visit(state, 0);
        foreach (
            var block in scheme
                .Routines.Values.Cast<Declaration>()
                .Concat(scheme.Kicks.Values)
                .Concat(scheme.Policies.Values)
        )
        {
            checker.Visit(block, 0);
        }
    }

    private void Clashes()
    {
        var known = s_reserved.ToDictionary(n => n, _ => "a word of the language", StringComparer.Ordinal);
        Declare("knob", _scheme.Knobs.Values.Select(k => (k.Name, k.Span)));
        Declare("variable", _scheme.Variables.Values.Select(v => (v.Name, v.Span)));
        Declare("text location", _scheme.Texts.Values.Select(t => (t.Name, t.Span)));
        Declare("mapping", _scheme.Mappings.Values.Select(m => (m.Name, m.Span)));
        Declare("state", _scheme.States.Values.Select(s => (s.Name, s.Span)));

        void Declare(string what, IEnumerable<(string Name, SourceSpan Span)> items)
        {
            foreach (var (name, span) in items)
            {
                if (!known.TryAdd(name, $"the name of a {what}"))
                {
                    _diagnostics.Report(
                        "LK0113",
                        span,
                        $"'{name}' is {known[name]} already",
                        "expressions use knobs, variables, text locations and states by name alone: each needs one of "
                            + "its own"
                    );
                }
            }
        }
    }

    /// <summary>Goes along states that name states, and along blocks and policies that call others.</summary>
    private void Visit(Declaration declaration, int depth)
    {
        if (_isDone.TryGetValue(declaration, out var isDone))
        {
            if (!isDone && declaration is StateDeclaration state)
            {
                _diagnostics.Report(
                    "LK0411",
                    state.Span,
                    $"the state '{state.Name}' is defined by itself",
                    "a state is a condition over variables, flags, places and other states"
                );
            }
            else if (!isDone)
            {
                _diagnostics.Report(
                    "LK0410",
                    declaration.Span,
                    $"'{declaration.Span.Text}' calls itself",
                    "routines, kicks and policies run in place, so a call cannot come back to its own block; use repeat"
                );
            }

            return;
        }

        if (depth > MaxCallDepth)
        {
            _diagnostics.Report(
                "LK0412",
                declaration.Span,
                $"more than {MaxCallDepth} calls or states lead here, one from the other",
                "write the inner ones in place"
            );
            return;
        }

        _isDone[declaration] = false;
        var inner = declaration switch
        {
            StateDeclaration d => StatesIn(d.Condition),
            BlockDeclaration d => CallsIn(d.Body),
            PolicyDeclaration d => CallsIn(d.Ask ?? []),
            _ => [],
        };
        foreach (var next in inner)
            Visit(next, depth + 1);
        _isDone[declaration] = true;
    }

    private IEnumerable<Declaration> StatesIn(Expression expression) =>
        expression switch
        {
            NameExpression n when _scheme.States.TryGetValue(n.Name, out var state) => [state],
            NotExpression n => StatesIn(n.Operand),
            BinaryExpression b => StatesIn(b.Left).Concat(StatesIn(b.Right)),
            ConditionalExpression c => StatesIn(c.Test).Concat(StatesIn(c.Then)).Concat(StatesIn(c.Else)),
            _ => [],
        };

    private IEnumerable<Declaration> CallsIn(IReadOnlyList<Step> steps) =>
        steps.SelectMany(step =>
            step switch
            {
                CallStep { Opaque: false } s when _scheme.Routines.TryGetValue(s.Name, out var r) => [r],
                KickStep s when _scheme.Kicks.TryGetValue(s.Name, out var k) => [k],
                SelectStep s when _scheme.Policies.TryGetValue(s.Policy, out var p) => [p],
                _ => step.Blocks.SelectMany(CallsIn),
            }
        );
}
