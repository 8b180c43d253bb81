using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>Checks what the operands of a step stand for: variables, text locations, values.</summary>
internal sealed class OperandChecker(Scheme scheme, DiagnosticCollection diagnostics)
{
    private readonly ExpressionChecker _expressions = new(diagnostics);

    /// <summary>A condition of a step that reads memory at most once.</summary>
    public void Condition(Expression condition, Scope scope)
    {
        Reads(condition, scope, 1);
        _expressions.Condition(condition, scope);
    }

    /// <summary>A condition that an observer evaluates, who sees places too.</summary>
    public void Observation(Expression condition, Scope scope) =>
        _expressions.Condition(condition, scope.Allowing(Access.Places));

    /// <summary>A value of one kind; anything else is reported.</summary>
    public void Value(Expression value, ValueKind kind, Scope scope) => _expressions.Expect(value, kind, scope);

    /// <summary>A text location, or null.</summary>
    public TextDeclaration? Site(NameExpression name, Scope scope)
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

    /// <summary>A variable that is assigned to, or null.</summary>
    public VariableDeclaration? Variable(NameExpression name, Scope scope)
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

    /// <summary>A variable in memory, or null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="scope">What names mean here.</param>
    /// <param name="what">What wants a variable in memory, for the message.</param>
    public VariableDeclaration? Memory(NameExpression name, Scope scope, string what)
    {
        var variable = Variable(name, scope);
        if (variable is { Storage: Storage.Private or Storage.Ghost })
        {
            diagnostics.Report(
                "LK0316",
                name.Span,
                $"{what} a variable in memory, '{name.Name}' is {Word(variable.Storage)}",
                "declare it shared, percpu or pairwise"
            );
            return null;
        }

        return variable;
    }

    /// <summary>The private variable that takes the result of a step.</summary>
    public void Result(NameExpression name, ValueKind kind, Scope scope)
    {
        if (Variable(name, scope) is not { } variable)
            return;
        if (variable.Storage != Storage.Private)
        {
            diagnostics.Report(
                "LK0317",
                name.Span,
                $"the result goes into a private variable, '{name.Name}' is {Word(variable.Storage)}",
                "declare one: private seen : bit"
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

    /// <summary>The interrupt that <c>discover</c> stores.</summary>
    public void Interrupt(DiscoverStep step)
    {
        if (
            scheme.Variables.TryGetValue(step.Result.Name, out var variable)
            && variable is { Storage: Storage.Private, Type: IrqType }
        )
        {
            return;
        }

        diagnostics.Report(
            "LK0305",
            step.Span,
            $"'{step.Result.Name}' cannot hold an interrupt",
            $"declare it: private {step.Result.Name} : irq"
        );
    }

    /// <summary>Reports a number that a variable cannot hold.</summary>
    public void InRange(Expression value, VariableDeclaration variable)
    {
        if (value is ConditionalExpression conditional)
        {
            InRange(conditional.Then, variable);
            InRange(conditional.Else, variable);
        }

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

    /// <summary>Reports an expression that reads memory more often than <paramref name="allowed"/>.</summary>
    public void Reads(Expression expression, Scope scope, int allowed)
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

    private static string Word(Storage storage) => storage.ToString().ToLowerInvariant();
}
