using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>Checks a scheme that has been put together: names, types, shapes of paths and policies.</summary>
internal static class SchemeChecker
{
    public static void Check(Scheme scheme, DiagnosticCollection diagnostics)
    {
        NameChecker.Check(scheme, diagnostics);
        if (diagnostics.Count > 0)
            return;
        var scope = new Scope(scheme, [], Access.Machine);
        var expressions = new ExpressionChecker(diagnostics);
        foreach (var assumption in scheme.Assumptions.Where(a => a.Condition is not null))
            expressions.Condition(assumption.Condition!, scope.Allowing(Access.Knobs));
        foreach (var state in scheme.States.Values)
            expressions.Condition(state.Condition, scope.Allowing(Access.Places));
        Initials(scheme, expressions, scope, diagnostics);
        foreach (var message in scheme.MessageKinds.Values.Where(m => m.OffWhen is not null))
            expressions.Condition(message.OffWhen!, scope.Allowing(Access.Start));
        foreach (var place in scheme.Places.Values.Where(p => p.TextClass is not null))
            TextClass(scheme, place, diagnostics);
        foreach (var routine in scheme.Routines.Values)
            new StepChecker(scheme, diagnostics).Check(routine.Body, scope);
        foreach (var kick in scheme.Kicks.Values)
        {
            new StepChecker(scheme, diagnostics).Check(kick.Body, scope);
            Serving(scheme, kick, diagnostics);
        }

        foreach (var path in scheme.Paths.Values)
            Path(scheme, path, scope, diagnostics);
        foreach (var policy in scheme.Policies.Values)
            Policy(scheme, policy, scope, expressions, diagnostics);
        foreach (var role in scheme.Roles.Values)
            Role(scheme, role, scope, expressions, diagnostics);
        if (!scheme.IsBase && scheme.Cast.Count < 2)
        {
            diagnostics.Report(
                "LK0400",
                scheme.Header.Span,
                scheme.Cast.Count == 0 ? "the scheme has no CPUs" : $"the scheme has one CPU, {scheme.Cast[0]}",
                scheme.Cast.Count == 0
                    ? "add a line such as: cpus kicker target"
                    : $"name the roles of two or more: cpus {scheme.Cast[0]} target"
            );
        }
    }

    /// <summary>
    /// A kick selects by policies that serve it: one that was written for another kick says nothing of this one.
    /// </summary>
    private static void Serving(Scheme scheme, KickDeclaration kick, DiagnosticCollection diagnostics)
    {
        var called = new HashSet<string>(StringComparer.Ordinal);
        foreach (var select in Steps(kick.Body).OfType<SelectStep>().DistinctBy(s => s.Span))
        {
            if (!scheme.Policies.TryGetValue(select.Policy, out var policy) || policy.Serves.Count == 0)
                continue;
            if (policy.Serves.Any(s => s.Text == kick.Name))
                continue;
            var serves = string.Join(", ", policy.Serves.Select(s => s.Text));
            diagnostics.Report(
                "LK0323",
                select.Span,
                $"kick '{kick.Name}' selects by policy '{policy.Name}', which serves {serves}",
                $"select by a policy that serves it; or write: policy {policy.Name} serves {serves}, {kick.Name}"
            );
        }

        IEnumerable<Step> Steps(IEnumerable<Step> steps) =>
            steps.SelectMany(s =>
                s is CallStep { Opaque: false } call && scheme.Routines.TryGetValue(call.Name, out var routine)
                    ? called.Add(call.Name)
                        ? Steps(routine.Body)
                        : []
                    : s.Blocks.SelectMany(Steps).Prepend(s)
            );
    }

    private static void Initials(
        Scheme scheme,
        ExpressionChecker expressions,
        Scope scope,
        DiagnosticCollection diagnostics
    )
    {
        foreach (var variable in scheme.Variables.Values.Where(v => v.Type is LockType))
            Lock(variable, diagnostics);
        foreach (var variable in scheme.Variables.Values.Where(v => v is { Initial: not null, Type: not LockType }))
        {
            expressions.Expect(variable.Initial!, Scope.KindOf(scope, variable.Type), scope.Allowing(Access.Start));
            if (variable is { Initial: NumberExpression n, Type: RangeType r } && (n.Value < r.Low || n.Value > r.High))
            {
                diagnostics.Report(
                    "LK0204",
                    n.Span,
                    $"'{variable.Name}' holds {r.Low} to {r.High}, not {n.Value}",
                    "widen its type or mend the value"
                );
            }
        }
    }

    private static void TextClass(Scheme scheme, PlaceDeclaration place, DiagnosticCollection diagnostics)
    {
        var classes = scheme.Texts.Values.SelectMany(t => t.Classes).Distinct(StringComparer.Ordinal).ToList();
        if (classes.Count == 0 || classes.Contains(place.TextClass!))
            return;
        diagnostics.Report(
            "LK0415",
            place.Span,
            $"no text location has a class '{place.TextClass}' that could run at '{place.Name}'",
            Suggestion.For(place.TextClass!, classes) ?? $"the classes are {string.Join(", ", classes)}"
        );
    }

    private static void Lock(VariableDeclaration variable, DiagnosticCollection diagnostics)
    {
        if (variable.Storage is not (Storage.Shared or Storage.PerCpu))
        {
            diagnostics.Report(
                "LK0413",
                variable.Span,
                $"a lock is shared or percpu, '{variable.Name}' is {variable.Storage.ToString().ToLowerInvariant()}",
                $"shared {variable.Name} : lock is one for all, percpu {variable.Name} : lock one for each CPU"
            );
        }

        if (variable.Initial is not null)
        {
            diagnostics.Report(
                "LK0414",
                variable.Initial.Span,
                $"the lock '{variable.Name}' is free at the start",
                "leave '= ...' out; a path can take it before anything else"
            );
        }
    }

    private static void Path(Scheme scheme, PathDeclaration path, Scope scope, DiagnosticCollection diagnostics)
    {
        new StepChecker(scheme, diagnostics).Check(path.Body, scope);
        if (path.From is not ("user" or "kernel") && !scheme.Places.ContainsKey(path.From))
        {
            diagnostics.Report(
                "LK0401",
                path.Span,
                $"there is no place '{path.From}'",
                Suggestion.For(path.From, [.. scheme.Places.Keys, "user", "kernel"]) ?? $"declare it: place {path.From}"
            );
        }

        if (path.From == "kernel" && path.Trigger == Trigger.Own)
        {
            diagnostics.Report(
                "LK0402",
                path.Span,
                "a path from anywhere in the kernel needs something that brings the CPU there",
                "add on irq, fiq, debug, brk, serror or nmi; or name a place to start from"
            );
        }

        var isException = path.Trigger != Trigger.Own || path.From == "user";
        if (isException && !Starts(path.Body, scope))
        {
            var first = path.Body.Count > 0 ? $"; it begins with '{path.Body[0].Span.Text}'" : "";
            diagnostics.Report(
                "LK0403",
                path.Body.Count > 0 ? path.Body[0].Span : path.Span,
                $"path '{path.Name}' is entered by an exception, and does not begin with one{first}",
                path.Body is [WhenStep test, ..]
                    ? DecidedReads.IsDecided(test.Condition, scope)
                        ? "whatever the knob, the first step is 'exception' (x86: 'x86_exception', RISC-V, LoongArch: "
                            + "'trap'): also write one below 'else'"
                        : "the test comes after 'exception' (x86: 'x86_exception', RISC-V, LoongArch: 'trap'): only "
                            + "knobs and flags can choose between two entries"
                    : "make 'exception' (x86: 'x86_exception', RISC-V, LoongArch: 'trap') its first step, or the first "
                        + "of a 'together' block"
            );
        }

        if (isException && !Ends(path.Body))
        {
            diagnostics.Report(
                "LK0404",
                path.Body.Count > 0 ? path.Body[^1].Span : path.Span,
                $"path '{path.Name}' is entered by an exception, and does not end with a return",
                path.Body is [.., WhenStep]
                    ? "each branch of the last test ends with 'eret' (x86: 'iret', 'sysret'; 'sret', 'mret', 'ertn'): "
                        + "also one below 'else'"
                    : "make 'eret' (x86: 'iret', 'sysret'; 'sret', 'mret', 'ertn') its last step"
            );
        }
    }

    /// <summary>The first step is an exception; where knobs or flags choose the first step, each is.</summary>
    private static bool Starts(IReadOnlyList<Step> body, Scope scope) =>
        body.Count > 0
        && body[0] switch
        {
            SyncStep s => s.Kind is SyncKind.Exception or SyncKind.X86Exception,
            TogetherStep s => Starts(s.Body, scope),
            SectionStep s => Starts(s.Body, scope),
            WhenStep s => DecidedReads.IsDecided(s.Condition, scope) && Starts(s.Then, scope) && Starts(s.Else, scope),
            _ => false,
        };

    private static bool Ends(IReadOnlyList<Step> body) =>
        body.Count > 0
        && body[^1] switch
        {
            SyncStep s => s.Kind is SyncKind.Eret or SyncKind.Iret or SyncKind.Sysret,
            TogetherStep s => s.Body.Any(b => Ends([b])),
            SectionStep s => Ends(s.Body),
            WhenStep s => Ends(s.Then) && Ends(s.Else),
            EitherStep s => s.Branches.All(Ends),
            _ => false,
        };

    private static void Policy(
        Scheme scheme,
        PolicyDeclaration policy,
        Scope scope,
        ExpressionChecker expressions,
        DiagnosticCollection diagnostics
    )
    {
        foreach (var kick in policy.Serves.Where(k => !scheme.Kicks.ContainsKey(k.Text)))
        {
            diagnostics.Report(
                "LK0313",
                kick.Span,
                $"there is no kick '{kick.Text}'",
                Suggestion.For(kick.Text, scheme.Kicks.Keys)
            );
        }

        var inner = scope.With(policy.Variable);
        if ((policy.SkipWhen is null) == (policy.Ask is null))
        {
            diagnostics.Report(
                "LK0405",
                policy.Span,
                $"policy '{policy.Name}' needs either 'skip {policy.Variable} when ...' or 'ask {policy.Variable}:', "
                    + "and not both",
                null
            );
        }

        if (policy.SkipWhen is not null)
        {
            expressions.Condition(policy.SkipWhen, inner);
            if (DecidedReads.Most(policy.SkipWhen, inner) is > 1 and var reads)
            {
                diagnostics.Report(
                    "LK0318",
                    policy.SkipWhen.Span,
                    $"this condition would read memory {reads} times",
                    $"one step is one access; a policy that needs more says 'ask {policy.Variable}:' with a load a step"
                );
            }
        }

        if (policy.Ask is not null)
        {
            new StepChecker(scheme, diagnostics).Check(policy.Ask, inner, inAsk: true);
            if (!Answers(policy.Ask))
            {
                diagnostics.Report(
                    "LK0406",
                    policy.Span,
                    $"the 'ask' of policy '{policy.Name}' can end without an answer",
                    "end every way through it with 'skip' or 'interrupt'"
                );
            }
        }

        if (policy.TraceSkip is not null)
            TraceNames(policy.TraceSkip, diagnostics);
    }

    private static bool Answers(IReadOnlyList<Step> steps) =>
        steps.Count > 0
        && steps[^1] switch
        {
            AnswerStep => true,
            WhenStep s => Answers(s.Then) && Answers(s.Else),
            EitherStep s => s.Branches.All(Answers),
            RepeatStep => true,
            _ => false,
        };

    private static void TraceNames(Expression expression, DiagnosticCollection diagnostics)
    {
        switch (expression)
        {
            case NameExpression { Index.Count: 0 } name when TraceStates.Names.Contains(name.Name):
            case NumberExpression { Value: 0 or 1 }:
                break;
            case NotExpression not:
                TraceNames(not.Operand, diagnostics);
                break;
            case BinaryExpression { Operator: BinaryOperator.And or BinaryOperator.Or } binary:
                TraceNames(binary.Left, diagnostics);
                TraceNames(binary.Right, diagnostics);
                break;
            default:
                diagnostics.Report(
                    "LK0407",
                    expression.Span,
                    $"'{expression.Span.Text}' is nothing that a trace shows of a CPU",
                    $"use {string.Join(", ", TraceStates.Names)}, on and off with and, or, not"
                );
                break;
        }
    }

    private static void Role(
        Scheme scheme,
        RoleDeclaration role,
        Scope scope,
        ExpressionChecker expressions,
        DiagnosticCollection diagnostics
    )
    {
        if (role.Starts.Count == 0)
        {
            diagnostics.Report(
                "LK0408",
                role.Span,
                $"role '{role.Name}' does not say where a CPU starts",
                "add a line such as: starts user"
            );
        }

        foreach (var (place, condition) in role.Starts)
        {
            if (place.Text != "user" && !scheme.Places.ContainsKey(place.Text))
            {
                diagnostics.Report(
                    "LK0401",
                    place.Span,
                    $"there is no place '{place.Text}'",
                    Suggestion.For(place.Text, [.. scheme.Places.Keys, "user"])
                );
            }

            if (condition is not null)
                expressions.Condition(condition, scope.Allowing(Access.Knobs));
        }

        foreach (var (path, condition) in role.Takes)
        {
            if (!scheme.Paths.ContainsKey(path.Text))
            {
                diagnostics.Report(
                    "LK0409",
                    path.Span,
                    $"there is no path '{path.Text}'",
                    Suggestion.For(path.Text, scheme.Paths.Keys)
                );
            }

            if (condition is not null)
                expressions.Condition(condition, scope.Allowing(Access.Knobs));
        }
    }
}
