using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>Checks the steps of one block.</summary>
internal sealed class StepChecker(Scheme scheme, DiagnosticCollection diagnostics)
{
    private readonly ExpressionChecker _expressions = new(diagnostics);
    private readonly HashSet<string> _objects =
    [
        .. scheme.AllSteps().OfType<AssignStep>().Where(s => s.Object is not null).Select(s => s.Object!.Name),
    ];
    private readonly HashSet<string> _labels = new(StringComparer.Ordinal);

    public void Check(
        IReadOnlyList<Step> steps,
        Scope scope,
        bool inRepeat = false,
        bool inAsk = false,
        bool inTogether = false
    )
    {
        foreach (var step in steps)
        {
            if (diagnostics.IsFull)
                return;
            if (step.Label is not null && !_labels.Add(step.Label))
            {
                Report(
                    "LK0300",
                    step,
                    $"a second label '@{step.Label}' in this block",
                    "a label stands once in a block"
                );
            }

            CheckStep(step, scope, inRepeat, inAsk, inTogether);
        }
    }

    private void CheckStep(Step step, Scope scope, bool inRepeat, bool inAsk, bool inTogether)
    {
        if (inTogether && TogetherRules.WhyNot(step, scope) is var (what, hint))
        {
            Report("LK0301", step, $"{what} cannot happen together with other steps", hint);
            return;
        }

        switch (step)
        {
            case AssignStep s:
                Assign(s, scope);
                break;
            case RmwStep s:
                Rmw(s, scope);
                break;
            case CasStep s:
                Cas(s, scope);
                break;
            case TextStep s:
                Text(s, scope);
                break;
            case MappingStep s when !scheme.Mappings.ContainsKey(s.Mapping.Name):
                diagnostics.Report(
                    "LK0320",
                    s.Mapping.Span,
                    $"there is no mapping '{s.Mapping.Name}'",
                    Suggestion.For(s.Mapping.Name, scheme.Mappings.Keys) ?? $"declare it: mapping {s.Mapping.Name}"
                );
                break;
            case CallStep { Opaque: false } s when !scheme.Routines.ContainsKey(s.Name):
                Report(
                    "LK0302",
                    s,
                    $"there is no routine '{s.Name}'",
                    Suggestion.For(s.Name, scheme.Routines.Keys)
                        ?? $"code that the scheme does not spell out is written in quotes: call \"{s.Name}\""
                );
                break;
            case WhenStep s:
                Reads(s.Condition, scope, 1);
                _expressions.Condition(s.Condition, scope);
                Check(s.Then, scope, inRepeat, inAsk, inTogether);
                Check(s.Else, scope, inRepeat, inAsk, inTogether);
                break;
            case EitherStep s:
                foreach (var branch in s.Branches)
                    Check(branch, scope, inRepeat, inAsk);
                break;
            case RepeatStep s:
                Check(s.Body, scope, true, inAsk);
                if (s.Body.Count == 0)
                    Report("LK0303", s, "a loop without steps", "a loop that waits is written 'wait condition'");
                break;
            case BreakStep when !inRepeat:
                Report(
                    "LK0304",
                    step,
                    "'break' outside of 'repeat'",
                    "it leaves the innermost repeat of its block, and no loop in any order"
                );
                break;
            case ForStep s:
                _expressions.Expect(s.Set, ValueKind.Set, scope);
                Reads(s.Set, scope, 0);
                // Which CPUs had their turn belongs to the loop: it ends when all had it, not before.
                Check(s.Body, scope.With(s.Variable), inRepeat && !s.AnyOrder, inAsk && !s.AnyOrder);
                break;
            case WaitStep s:
                Reads(s.Condition, scope, 1);
                _expressions.Condition(s.Condition, scope);
                break;
            case DiscoverStep s:
                if (
                    !scheme.Variables.TryGetValue(s.Result.Name, out var m)
                    || m is not { Storage: Storage.Private, Type: IrqType }
                )
                {
                    Report(
                        "LK0305",
                        s,
                        $"'{s.Result.Name}' cannot hold an interrupt",
                        $"declare it: private {s.Result.Name} : irq"
                    );
                }

                break;
            case SendStep s:
                if (!scheme.Messages.Contains(s.Message))
                {
                    Report(
                        "LK0306",
                        s,
                        $"there is no message '{s.Message}'",
                        Suggestion.For(s.Message, scheme.Messages) ?? $"declare it: message {s.Message}"
                    );
                }

                _expressions.Expect(s.Cpu, ValueKind.Cpu, scope);
                break;
            case SelectStep s:
                Select(s, scope);
                break;
            case KickStep s:
                Kick(s, scope);
                break;
            case AssertStep s:
                _expressions.Condition(s.Condition, scope.Allowing(Access.Places));
                break;
            case AnswerStep when !inAsk:
                Report(
                    "LK0307",
                    step,
                    "an answer outside of a policy's 'ask'",
                    "skip and interrupt end an 'ask' block, but not from a loop in any order"
                );
                break;
            case SectionStep s:
                if (
                    scheme.Texts.Values.SelectMany(t => t.Classes).Any()
                    && !scheme.Texts.Values.Any(t => t.Classes.Contains(s.TextClass))
                )
                {
                    Report(
                        "LK0308",
                        s,
                        $"no text location has a class '{s.TextClass}'",
                        Suggestion.For(s.TextClass, scheme.Texts.Values.SelectMany(t => t.Classes))
                            ?? $"declare it: text site : ordinary | {s.TextClass}"
                    );
                }

                Check(s.Body, scope, inRepeat, inAsk);
                break;
            case TogetherStep s:
                Check(s.Body, scope, inRepeat, inAsk, true);
                var parts = TogetherRules.Parts(s.Body).ToList();
                if (parts.OfType<AssignStep>().FirstOrDefault(a => TouchesObject(a)) is { } touching)
                {
                    Report(
                        "LK0322",
                        touching,
                        "an object that is freed somewhere is accessed together with other steps",
                        "what happens together takes effect at once; give the access a step of its own"
                    );
                }

                if (
                    parts.OfType<SyncStep>().Any()
                    && parts.OfType<AssignStep>().FirstOrDefault(a => a.Order != MemoryOrder.Relaxed) is { } ordered
                )
                {
                    Report(
                        "LK0309",
                        ordered,
                        "what hardware does together with an exception or a return has no order of its own",
                        "give the access a step of its own, or leave the order out"
                    );
                }

                if (DecidedReads.Most(s.Body, scope) > 1)
                {
                    Report(
                        "LK0319",
                        s,
                        "these steps make more than one access to memory",
                        "what happens together happens in one move, and a move makes one access (M7)"
                    );
                }

                break;
        }
    }

    private void Assign(AssignStep step, Scope scope)
    {
        var variable = Variable(step.Target, scope);
        if (variable is null)
            return;
        if (step.Object is { } lived && Memory(lived, scope, "only objects in memory live and die:") is null)
            return;
        if (step.Lifetime == Lifetime.Free)
            return;
        var kind = Scope.KindOf(scope, variable.Type);
        var ghost = variable.Storage == Storage.Ghost;
        _expressions.Expect(step.Value, kind, ghost ? scope.Allowing(Access.Places) : scope);
        InRange(step.Value, variable);
        if (ghost)
            return;
        if (variable.Storage != Storage.Private)
        {
            Reads(step.Value, scope, 0);
            if (step.Order == MemoryOrder.Acquire)
            {
                Report(
                    "LK0309",
                    step,
                    "a store cannot acquire",
                    "acquire belongs to loads; a store is relaxed or release"
                );
            }
        }
        else
        {
            Reads(step.Value, scope, 1);
            if (
                step.Order == MemoryOrder.Release
                || (step.Order != MemoryOrder.Relaxed && ExpressionChecker.MemoryReads(step.Value, scope) == 0)
            )
            {
                Report(
                    "LK0309",
                    step,
                    "there is no store to memory here that could release, or no load that could acquire",
                    "orderings belong to variables in memory: shared, percpu or pairwise"
                );
            }
        }
    }

    private bool TouchesObject(AssignStep step) =>
        step.Object is not null || Names(step.Target).Concat(Names(step.Value)).Any(n => _objects.Contains(n));

    private static IEnumerable<string> Names(Expression expression) =>
        expression switch
        {
            NameExpression n => [n.Name],
            NotExpression n => Names(n.Operand),
            BinaryExpression b => Names(b.Left).Concat(Names(b.Right)),
            _ => [],
        };

    private void Rmw(RmwStep step, Scope scope)
    {
        var variable = Memory(step.Target, scope, "an atomic works on");
        if (variable is null)
            return;
        _expressions.Expect(step.Value, Scope.KindOf(scope, variable.Type), scope);
        InRange(step.Value, variable);
        if (MentionsOther(step.Value, step.Target, scope))
        {
            Report(
                "LK0310",
                step,
                "an atomic reads another variable in memory",
                "load it into a private variable first"
            );
        }

        if (step.Result is not null)
            Result(step.Result, Scope.KindOf(scope, variable.Type), scope);
    }

    private void Cas(CasStep step, Scope scope)
    {
        var variable = Memory(step.Target, scope, "an atomic works on");
        if (variable is null)
            return;
        var kind = Scope.KindOf(scope, variable.Type);
        _expressions.Expect(step.Old, kind, scope);
        _expressions.Expect(step.New, kind, scope);
        Reads(step.Old, scope, 0);
        Reads(step.New, scope, 0);
        InRange(step.New, variable);
        Result(step.Result, ValueKind.Number, scope);
    }

    private void Text(TextStep step, Scope scope)
    {
        var text = Site(step.Site, scope);
        if (text is null || step.Kind != TextStepKind.Write)
            return;
        if (text.Classes.Count > 0 && (step.TextClass is null || !text.Classes.Contains(step.TextClass)))
        {
            Report(
                "LK0311",
                step,
                $"the write does not say which class of text '{text.Name}' is now",
                $"write {text.Name} as {string.Join(" | ", text.Classes)}"
            );
        }
        else if (text.Classes.Count == 0 && step.TextClass is not null)
        {
            Report(
                "LK0311",
                step,
                $"'{text.Name}' has no classes of text",
                $"declare them: text {text.Name} : ordinary | {step.TextClass}"
            );
        }
    }

    private void Select(SelectStep step, Scope scope)
    {
        _expressions.Expect(step.Cpu, ValueKind.Cpu, scope);
        if (!scheme.Policies.ContainsKey(step.Policy))
        {
            Report(
                "LK0312",
                step,
                $"there is no policy '{step.Policy}'",
                Suggestion.For(step.Policy, scheme.Policies.Keys) ?? $"declare it: policy {step.Policy} serves KICK"
            );
        }

        Result(step.Mask, ValueKind.Set, scope);
    }

    private void Kick(KickStep step, Scope scope)
    {
        if (!scheme.Kicks.ContainsKey(step.Name))
        {
            Report(
                "LK0313",
                step,
                $"there is no kick '{step.Name}'",
                Suggestion.For(step.Name, scheme.Kicks.Keys) ?? $"declare it: kick {step.Name}"
            );
        }

        foreach (var name in step.Returns)
            Returned(name, scope);
    }

    /// <summary>What a kick's return can vouch for: text, data, messages, translations.</summary>
    private void Returned(NameExpression name, Scope scope)
    {
        if (scheme.Texts.ContainsKey(name.Name))
        {
            Site(name, scope);
        }
        else if (scheme.Variables.ContainsKey(name.Name))
        {
            Memory(name, scope, "a kick returns for");
        }
        else if (!scheme.Mappings.ContainsKey(name.Name) && !scheme.Messages.Contains(name.Name))
        {
            diagnostics.Report(
                "LK0321",
                name.Span,
                $"there is no text location, variable, message or mapping '{name.Name}' that a kick could return for",
                Suggestion.For(
                    name.Name,
                    [.. scheme.Texts.Keys, .. scheme.Variables.Keys, .. scheme.Messages, .. scheme.Mappings.Keys]
                )
            );
        }
    }

    private TextDeclaration? Site(NameExpression name, Scope scope)
    {
        if (scheme.Texts.TryGetValue(name.Name, out var text))
        {
            _expressions.Kind(name, scope);
            return text;
        }

        diagnostics.Report(
            "LK0314",
            name.Span,
            $"there is no text location '{name.Name}'",
            Suggestion.For(name.Name, scheme.Texts.Keys) ?? $"declare it: text {name.Name}"
        );
        return null;
    }

    private VariableDeclaration? Variable(NameExpression name, Scope scope)
    {
        if (!scheme.Variables.TryGetValue(name.Name, out var variable))
        {
            diagnostics.Report(
                "LK0315",
                name.Span,
                $"there is no variable '{name.Name}' to assign to",
                Suggestion.For(name.Name, scheme.Variables.Keys) ?? $"declare it: private {name.Name} : bit"
            );
            return null;
        }

        _expressions.Kind(name, scope.Allowing(variable.Storage == Storage.Ghost ? Access.Ghosts : scope.Access));
        return variable;
    }

    private VariableDeclaration? Memory(NameExpression name, Scope scope, string what)
    {
        var variable = Variable(name, scope);
        if (variable is { Storage: Storage.Private or Storage.Ghost })
        {
            diagnostics.Report(
                "LK0316",
                name.Span,
                $"{what} a variable in memory, '{name.Name}' is {variable.Storage.ToString().ToLowerInvariant()}",
                "declare it shared, percpu or pairwise"
            );
            return null;
        }

        return variable;
    }

    private void Result(NameExpression name, ValueKind kind, Scope scope)
    {
        if (Variable(name, scope) is not { } variable)
            return;
        if (variable.Storage != Storage.Private)
        {
            diagnostics.Report(
                "LK0317",
                name.Span,
                $"the result goes into a private variable, '{name.Name}' is {variable.Storage.ToString().ToLowerInvariant()}",
                $"declare one: private seen : bit"
            );
        }
        else if (!Scope.KindOf(scope, variable.Type).Fits(kind))
        {
            diagnostics.Report(
                "LK0200",
                name.Span,
                $"the result is {kind}, '{name.Name}' holds {Scope.KindOf(scope, variable.Type)}",
                null
            );
        }
    }

    private void InRange(Expression value, VariableDeclaration variable)
    {
        if (
            value is NumberExpression n
            && variable.Type is RangeType range
            && (n.Value < range.Low || n.Value > range.High)
        )
        {
            diagnostics.Report(
                "LK0204",
                n.Span,
                $"'{variable.Name}' holds {range.Low} to {range.High}, not {n.Value}",
                "widen its type or mend the value"
            );
        }
    }

    private void Reads(Expression expression, Scope scope, int allowed)
    {
        var reads = DecidedReads.Most(expression, scope);
        if (reads > allowed)
        {
            diagnostics.Report(
                "LK0318",
                expression.Span,
                allowed == 0
                    ? "this step would read memory besides its own access"
                    : $"this step would read memory {reads} times",
                "one step is one access: load into a private variable first"
            );
        }
    }

    private static bool MentionsOther(Expression value, NameExpression target, Scope scope) =>
        value switch
        {
            NameExpression n when n.Name == target.Name => n.Index.Count != 0
                && !n.Index.SequenceEqual(target.Index, SameCpu.Instance),
            BinaryExpression b => MentionsOther(b.Left, target, scope) || MentionsOther(b.Right, target, scope),
            NotExpression n => MentionsOther(n.Operand, target, scope),
            _ => ExpressionChecker.MemoryReads(value, scope) > 0,
        };

    private void Report(string code, Step step, string message, string? hint) =>
        diagnostics.Report(code, step.Span, message, hint);

    private sealed class SameCpu : IEqualityComparer<Expression>
    {
        public static SameCpu Instance { get; } = new();

        public bool Equals(Expression? x, Expression? y) => x?.Span.Text == y?.Span.Text;

        public int GetHashCode(Expression obj) => obj.Span.Text.GetHashCode(StringComparison.Ordinal);
    }
}
