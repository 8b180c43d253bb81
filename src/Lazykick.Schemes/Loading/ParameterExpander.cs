using System.Globalization;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>
/// Writes out routines, policies and paths that have parameters: a call of a routine becomes its steps, a policy or a
/// path that is named with values becomes one of its own. What is left knows no parameters.
/// </summary>
internal sealed class ParameterExpander(Scheme scheme, DiagnosticCollection diagnostics)
{
    private const int MaxSteps = 50_000;
    private const int MaxDepth = 64;
    private const int MaxParts = 64;
    private const int MostMeanings = 3;

    private readonly Dictionary<string, RoutineDeclaration> _routines = WithParameters(scheme.RoutineTable);
    private readonly Dictionary<string, PolicyDeclaration> _policies = WithParameters(scheme.PolicyTable);
    private readonly Dictionary<string, PathDeclaration> _paths = WithParameters(scheme.PathTable);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly List<string> _open = [];
    private readonly Dictionary<(SourceText, int, int), (string Parameter, List<string> Values)> _meanings = [];
    private int _steps;

    /// <summary>Writes out what has parameters; mistakes are reported.</summary>
    public void Expand()
    {
        Parameters("routine", _routines.Values.Select(r => (r.Name, r.Parameters)));
        Parameters("policy", _policies.Values.Select(p => (p.Name, p.Parameters)));
        Parameters("path", _paths.Values.Select(p => (p.Name, p.Parameters)));
        if (diagnostics.Count > 0)
            return;
        foreach (var role in scheme.RoleTable.Values.ToList())
            Paths(role);
        foreach (var path in scheme.PathTable.Values.ToList())
            scheme.PathTable[path.Name] = path with { Body = In(path.Body) };
        foreach (var kick in scheme.KickTable.Values.ToList())
            scheme.KickTable[kick.Name] = kick with { Body = In(kick.Body) };
        foreach (var routine in scheme.RoutineTable.Values.ToList())
            scheme.RoutineTable[routine.Name] = routine with { Body = In(routine.Body) };
        foreach (var policy in scheme.PolicyTable.Values.Where(p => p.Ask is not null && IsPlain(p)).ToList())
            scheme.PolicyTable[policy.Name] = policy with { Ask = In(policy.Ask!) };
        // What a base offers need not be taken.
        scheme.NeverGivenList.AddRange(
            _routines
                .Values.Select(r => (r.Name, r.Span))
                .Concat(_policies.Values.Select(p => (p.Name, p.Span)))
                .Concat(_paths.Values.Select(p => (p.Name, p.Span)))
                .Where(d => d.Span.Source == scheme.Header.Span.Source && !_used.Contains(d.Name))
                .Select(d => d.Name)
        );
    }

    /// <summary>What a parameter stands for where a mistake is found, or null.</summary>
    public string? MeaningAt(SourceSpan span)
    {
        if (!_meanings.TryGetValue((span.Source, span.Start, span.Length), out var known))
            return null;
        var (parameter, values) = known;
        var more = values.Count > MostMeanings ? $", and {Number(values.Count - MostMeanings)} more" : "";
        return $"here '{parameter}' is {string.Join(", ", values.Take(MostMeanings))}{more}";
    }

    private static bool IsPlain(PolicyDeclaration policy) => !policy.Name.Contains('(', StringComparison.Ordinal);

    private static Dictionary<string, T> WithParameters<T>(OrderedDictionary<string, T> table)
        where T : Declaration, IHasParameters
    {
        var found = table
            .Where(t => t.Value.Parameters.Count > 0)
            .ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);
        foreach (var name in found.Keys)
            table.Remove(name);
        return found;
    }

    /// <summary>
    /// A parameter has a name of its own, so that nobody takes it for something that its file declares.
    /// </summary>
    private void Parameters(string what, IEnumerable<(string Name, IReadOnlyList<Token> Parameters)> items)
    {
        foreach (var (name, parameters) in items)
        {
            foreach (var (index, parameter) in parameters.Index())
            {
                // What another file declares is hidden: a base cannot know the names of the schemes that include it.
                var known =
                    IsHere(scheme.Variables.GetValueOrDefault(parameter.Text)?.Span) ? "a variable"
                    : IsHere(scheme.Knobs.GetValueOrDefault(parameter.Text)?.Span) ? "a knob"
                    : IsHere(scheme.Texts.GetValueOrDefault(parameter.Text)?.Span) ? "a text location"
                    : IsHere(scheme.Mappings.GetValueOrDefault(parameter.Text)?.Span) ? "a mapping"
                    : IsHere(scheme.States.GetValueOrDefault(parameter.Text)?.Span) ? "a state"
                    : parameters.Take(index).Any(p => p.Text == parameter.Text) ? $"a parameter of {what} '{name}'"
                    : null;
                bool IsHere(SourceSpan? declared) => declared?.Source == parameter.Span.Source;
                if (known is not null)
                {
                    diagnostics.Report(
                        "LK0328",
                        parameter.Span,
                        $"'{parameter.Text}' is the name of {known} already",
                        "give the parameter a name of its own"
                    );
                }
            }
        }
    }

    private void Paths(RoleDeclaration role)
    {
        foreach (var (path, _) in role.Takes)
        {
            var given = role.PathValues.GetValueOrDefault(path.Text, (path.Text, []));
            if (!_paths.TryGetValue(given.Path, out var declared))
            {
                if (given.Values.Count > 0 && scheme.Paths.ContainsKey(given.Path))
                    Count(path.Span, given.Path, 0, given.Values.Count);
                continue;
            }

            _used.Add(declared.Name);
            if (
                scheme.PathTable.ContainsKey(path.Text)
                || Bind(path.Span, declared.Name, declared.Parameters, given.Values) is not { } values
            )
            {
                continue;
            }

            scheme.PathTable[path.Text] = declared with { Name = path.Text, Body = values.In(declared.Body) };
        }
    }

    private IReadOnlyList<Step> In(IReadOnlyList<Step> steps) => [.. steps.Select(In)];

    private Step In(Step step)
    {
        if (_steps > MaxSteps)
            return step;
        if (_open.Count > 0 && ++_steps > MaxSteps)
        {
            diagnostics.Report(
                "LK0329",
                step.Span,
                $"with the values of their parameters put in, routines have more than {MaxSteps} steps",
                "a routine without parameters is kept once, however often it is called"
            );
            return step;
        }

        return step switch
        {
            CallStep { Opaque: false } call when _routines.ContainsKey(call.Name) => Call(call),
            CallStep { Opaque: false, Arguments.Count: > 0 } call when scheme.Routines.ContainsKey(call.Name) => Wrong(
                call,
                call.Name,
                call.Arguments.Count
            ),
            SelectStep select when _policies.ContainsKey(select.Policy) => Select(select),
            SelectStep { Arguments.Count: > 0 } select when scheme.Policies.ContainsKey(select.Policy) => Wrong(
                select,
                select.Policy,
                select.Arguments.Count
            ),
            _ => step.WithBlocks(In),
        };
    }

    private Step Call(CallStep call)
    {
        var routine = _routines[call.Name];
        _used.Add(call.Name);
        if (_open.Contains(call.Name))
        {
            diagnostics.Report(
                "LK0410",
                routine.Span,
                $"'{call.Name}' calls itself",
                "routines, kicks and policies run in place, so a call cannot come back to its own block; use repeat"
            );
            return call;
        }

        if (_open.Count > MaxDepth)
        {
            diagnostics.Report(
                "LK0412",
                routine.Span,
                $"more than {MaxDepth} calls or states lead here, one from the other",
                "write the inner ones in place"
            );
            return call;
        }

        if (Bind(call.Span, call.Name, routine.Parameters, call.Arguments) is not { } values)
            return call;
        _open.Add(call.Name);
        var body = In(values.In(routine.Body));
        _open.RemoveAt(_open.Count - 1);
        // What the call itself does to registers and RCU is a step before it, as it is for a routine without values.
        var clauses = call with { Opaque = true, Arguments = [] };
        var isPlain = call.Clobbers.IsEmpty && !call.UsesRcu;
        return new SequenceStep(isPlain ? body : [clauses, .. body], call.Span)
        {
            Call = call.Name,
            Label = call.Label,
            Kernel = call.Kernel,
        };
    }

    private SelectStep Select(SelectStep select)
    {
        var policy = _policies[select.Policy];
        _used.Add(select.Policy);
        if (Bind(select.Span, policy.Name, policy.Parameters, select.Arguments) is not { } values)
            return select;
        var name = $"{policy.Name}({string.Join(", ", select.Arguments.Select(a => a.Span.Text))})";
        if (!scheme.PolicyTable.ContainsKey(name))
        {
            scheme.PolicyTable[name] = policy with
            {
                Name = name,
                SkipWhen = policy.SkipWhen is null ? null : values.In(policy.SkipWhen),
                Ask = policy.Ask is null ? null : In(values.In(policy.Ask)),
            };
        }

        return select with { Policy = name, Arguments = [] };
    }

    private Substitution? Bind(
        SourceSpan span,
        string name,
        IReadOnlyList<Token> parameters,
        IReadOnlyList<Expression> given
    )
    {
        if (parameters.Count != given.Count)
        {
            Count(span, name, parameters.Count, given.Count);
            return null;
        }

        // A value that names parameters grows with every call that hands it on.
        if (given.FirstOrDefault(g => Parts(g) > MaxParts) is { } large)
        {
            diagnostics.Report(
                "LK0329",
                span,
                $"'{large.Span.Text}' stands for a value of more than {MaxParts} parts",
                "hand on a variable that holds the value"
            );
            return null;
        }

        var values = parameters
            .Zip(given)
            .ToDictionary(p => p.First.Text, p => p.Second, StringComparer.Ordinal);
        return new Substitution(
            values,
            diagnostics,
            (use, parameter) =>
            {
                if (!values.TryGetValue(parameter, out var value))
                    return;
                var place = (use.Source, use.Start, use.Length);
                if (!_meanings.TryGetValue(place, out var known))
                    _meanings[place] = known = (parameter, []);
                var file = Path.GetFileName(span.Source.Path);
                var meaning = $"'{value.Span.Text}' (line {Number(span.Line)} of {file})";
                if (!known.Values.Contains(meaning))
                    known.Values.Add(meaning);
            }
        );
    }

    private static int Parts(Expression expression) =>
        1
        + expression switch
        {
            NameExpression n => n.Index.Sum(Parts),
            NotExpression n => Parts(n.Operand),
            BinaryExpression b => Parts(b.Left) + Parts(b.Right),
            SetExpression s => s.Elements.Sum(Parts),
            ConditionalExpression c => Parts(c.Test) + Parts(c.Then) + Parts(c.Else),
            _ => 0,
        };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Step Wrong(Step step, string name, int given)
    {
        Count(step.Span, name, 0, given);
        return step;
    }

    private void Count(SourceSpan span, string name, int wanted, int given) =>
        diagnostics.Report(
            "LK0326",
            span,
            $"'{name}' takes {(wanted == 0 ? "no values" : wanted == 1 ? "1 value" : $"{wanted} values")}, here "
                + $"{(given == 1 ? "stands 1" : given == 0 ? "is none" : $"stand {given}")}",
            wanted == 0 ? $"write {name} alone" : $"write {name}({string.Join(", ", Names(name))})"
        );

    private IEnumerable<string> Names(string name) =>
        (
            _routines.TryGetValue(name, out var routine) ? routine.Parameters
            : _policies.TryGetValue(name, out var policy) ? policy.Parameters
            : _paths[name].Parameters
        ).Select(p => p.Text);
}
