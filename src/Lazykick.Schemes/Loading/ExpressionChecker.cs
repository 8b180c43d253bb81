using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>Checks that the names of an expression exist, fit together, and how often it reads memory.</summary>
internal sealed class ExpressionChecker(DiagnosticCollection diagnostics)
{
    /// <summary>The kind of a condition or a number; anything else is reported.</summary>
    public void Condition(Expression expression, Scope scope) => Expect(expression, ValueKind.Number, scope);

    public void Expect(Expression expression, ValueKind wanted, Scope scope)
    {
        if (
            wanted.Category == ValueCategory.Name
            && expression is NameExpression { Index.Count: 0 } name
            && wanted.Names!.Contains(name.Name)
        )
        {
            return;
        }

        if (expression is ConditionalExpression conditional)
        {
            Condition(conditional.Test, scope);
            Expect(conditional.Then, wanted, scope);
            Expect(conditional.Else, wanted, scope);
            return;
        }

        var found = Kind(expression, scope);
        if (!found.Fits(wanted))
        {
            diagnostics.Report(
                "LK0200",
                expression.Span,
                $"{wanted} is wanted here, this is {found}",
                found.Category == ValueCategory.Number && wanted.Category == ValueCategory.Cpu
                    ? "a CPU has no number here: write self, or a name that a loop gives it (for t in others: ...)"
                    : null
            );
        }
    }

    public ValueKind Kind(Expression expression, Scope scope)
    {
        switch (expression)
        {
            case NumberExpression:
                return ValueKind.Number;
            case NameExpression name:
                return KindOfName(name, scope);
            case SetExpression set:
                foreach (var element in set.Elements)
                    Expect(element, ValueKind.Cpu, scope);
                return ValueKind.Set;
            case NotExpression not:
                Condition(not.Operand, scope);
                return ValueKind.Number;
            case BinaryExpression binary:
                return KindOfBinary(binary, scope);
            case ConditionalExpression conditional:
                Condition(conditional.Test, scope);
                var kind = Kind(conditional.Then, scope);
                Expect(conditional.Else, kind, scope);
                return kind;
            default:
                return ValueKind.Unknown;
        }
    }

    /// <summary>How many reads of variables in memory the expression makes, named states written out.</summary>
    public static int MemoryReads(Expression expression, Scope scope) =>
        expression switch
        {
            NameExpression n when scope.Scheme.Variables.TryGetValue(n.Name, out var v) => v.Storage
                is Storage.Shared
                    or Storage.PerCpu
                    or Storage.Pairwise
                ? 1
                : 0,
            NameExpression n when scope.Scheme.States.TryGetValue(n.Name, out var s) => MemoryReads(s.Condition, scope),
            NotExpression n => MemoryReads(n.Operand, scope),
            BinaryExpression { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual } b
                when NamesIn(b.Left, scope, b.Right) => MemoryReads(b.Left, scope),
            BinaryExpression { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual } b
                when NamesIn(b.Right, scope, b.Left) => MemoryReads(b.Right, scope),
            BinaryExpression b => MemoryReads(b.Left, scope) + MemoryReads(b.Right, scope),
            ConditionalExpression c => MemoryReads(c.Test, scope)
                + MemoryReads(c.Then, scope)
                + MemoryReads(c.Else, scope),
            _ => 0,
        };

    /// <summary>Is <paramref name="written"/> one of the names that the values of <paramref name="of"/> have?</summary>
    private static bool NamesIn(Expression of, Scope scope, Expression written)
    {
        if (
            of is not NameExpression { Name: var name }
            || written is not NameExpression { Index.Count: 0, Name: var value }
        )
        {
            return false;
        }

        if (scope.Scheme.Knobs.TryGetValue(name, out var knob))
            return knob.Values.Contains(value);
        if (scope.Scheme.Variables.TryGetValue(name, out var variable))
            return Scope.KindOf(scope, variable.Type).Names?.Contains(value) ?? false;
        return scope.Scheme.Texts.TryGetValue(name, out var text) && text.Classes.Contains(value);
    }

    private ValueKind KindOfName(NameExpression name, Scope scope)
    {
        var scheme = scope.Scheme;
        foreach (var index in name.Index)
            Expect(index, ValueKind.Cpu, scope);
        if (scope.CpuNames.Contains(name.Name) || name.Name == "self")
            return Indexed(name, 0, 0, ValueKind.Cpu);
        if (name.Name is "others" or "all")
            return Indexed(name, 0, 0, ValueKind.Set);
        if (scheme.Knobs.TryGetValue(name.Name, out var knob))
        {
            return Indexed(
                name,
                0,
                0,
                knob.IsSwitch ? ValueKind.Number : new ValueKind(ValueCategory.Name, knob.Values)
            );
        }

        if (scope.Flags.Contains(name.Name))
            return Indexed(name, 0, 1, ValueKind.Number);
        if (
            scope.Access is Access.Start or Access.Places
            && (name.Name == "user" || scheme.Places.ContainsKey(name.Name))
        )
        {
            return Indexed(name, 0, 0, ValueKind.Number);
        }

        if (scope.Access <= Access.Start)
        {
            return Unknown(
                name,
                "only knobs and role flags are decided before the run",
                scheme.Knobs.Keys.Concat(scope.Flags)
            );
        }

        if (scheme.Variables.TryGetValue(name.Name, out var variable))
        {
            if (variable.Storage == Storage.Ghost && scope.Access == Access.Machine)
            {
                diagnostics.Report(
                    "LK0201",
                    name.Span,
                    $"a CPU cannot read the ghost '{name.Name}'",
                    "ghosts are for assertions"
                );
            }

            var kind = Scope.KindOf(scope, variable.Type);
            return variable.Storage switch
            {
                Storage.PerCpu => Indexed(name, 0, 1, kind),
                Storage.Private => Indexed(name, 0, scope.Access >= Access.Ghosts ? 1 : 0, kind),
                Storage.Pairwise => Indexed(name, 2, 2, kind),
                _ => Indexed(name, 0, 0, kind),
            };
        }

        if (scheme.States.TryGetValue(name.Name, out var state))
        {
            if (scope.Access == Access.Machine && NamesOf(state.Condition, scheme).Any(n => IsPlace(n, scheme)))
            {
                diagnostics.Report(
                    "LK0205",
                    name.Span,
                    $"no CPU can read the state '{name.Name}': it names a place",
                    "where a CPU is can be seen by assertions; steps read variables"
                );
            }
            else if (
                scope.Access == Access.Machine
                && name.Index.Count > 0
                && NamesOf(state.Condition, scheme)
                    .Any(n => scheme.Variables.TryGetValue(n, out var v) && v.Storage == Storage.Private)
            )
            {
                diagnostics.Report(
                    "LK0206",
                    name.Span,
                    $"the state '{name.Name}' is over private variables, which no other CPU can read",
                    "make them percpu, or write the state without brackets"
                );
            }

            return Indexed(name, 0, 1, ValueKind.Number);
        }

        if (scheme.Texts.TryGetValue(name.Name, out var text))
            return Indexed(name, 0, text.PerCpu ? 1 : 0, new ValueKind(ValueCategory.Name, text.Classes));
        if (IsPlace(name.Name, scheme))
        {
            diagnostics.Report(
                "LK0205",
                name.Span,
                $"no CPU can read that a CPU is at the place '{name.Name}'",
                "where a CPU is can be seen by assertions; steps read variables: write one at that place"
            );
            return ValueKind.Number;
        }

        return Unknown(name, "nothing here has that name", scope.KnownNames);
    }

    /// <summary>Names in a condition, named states written out.</summary>
    private static IEnumerable<string> NamesOf(Expression expression, Scheme scheme) =>
        expression switch
        {
            NameExpression n when scheme.States.TryGetValue(n.Name, out var s) => NamesOf(s.Condition, scheme),
            NameExpression n => [n.Name],
            NotExpression n => NamesOf(n.Operand, scheme),
            BinaryExpression b => NamesOf(b.Left, scheme).Concat(NamesOf(b.Right, scheme)),
            ConditionalExpression c => NamesOf(c.Test, scheme)
                .Concat(NamesOf(c.Then, scheme))
                .Concat(NamesOf(c.Else, scheme)),
            _ => [],
        };

    private static bool IsPlace(string name, Scheme scheme) =>
        !scheme.Knobs.ContainsKey(name)
        && !scheme.Variables.ContainsKey(name)
        && (name == "user" || scheme.Places.ContainsKey(name));

    private ValueKind KindOfBinary(BinaryExpression binary, Scope scope)
    {
        switch (binary.Operator)
        {
            case BinaryOperator.Or or BinaryOperator.And:
                Condition(binary.Left, scope);
                Condition(binary.Right, scope);
                return ValueKind.Number;
            case BinaryOperator.In:
                Expect(binary.Left, ValueKind.Cpu, scope);
                Expect(binary.Right, ValueKind.Set, scope);
                return ValueKind.Number;
            case BinaryOperator.Equal or BinaryOperator.NotEqual:
                var (first, second) = IsEnumerator(binary.Left, scope)
                    ? (binary.Right, binary.Left)
                    : (binary.Left, binary.Right);
                Expect(second, Kind(first, scope), scope);
                return ValueKind.Number;
            case BinaryOperator.Plus or BinaryOperator.Minus:
                var left = Kind(binary.Left, scope);
                if (left.Category == ValueCategory.Set)
                {
                    var right = Kind(binary.Right, scope);
                    if (right.Category is not (ValueCategory.Set or ValueCategory.Cpu or ValueCategory.Unknown))
                    {
                        diagnostics.Report(
                            "LK0200",
                            binary.Right.Span,
                            $"a CPU or a set of CPUs is wanted here, this is {right}",
                            null
                        );
                    }

                    return ValueKind.Set;
                }

                if (left.Entry is not null && binary.Operator == BinaryOperator.Plus)
                {
                    Expect(binary.Right, left.Entry, scope);
                    return left;
                }

                Expect(binary.Left, ValueKind.Number, scope);
                Expect(binary.Right, ValueKind.Number, scope);
                return ValueKind.Number;
            default:
                Expect(binary.Left, ValueKind.Number, scope);
                Expect(binary.Right, ValueKind.Number, scope);
                return ValueKind.Number;
        }
    }

    private static bool IsEnumerator(Expression expression, Scope scope) =>
        expression is NameExpression { Index.Count: 0 } name && !scope.KnownNames.Contains(name.Name);

    private ValueKind Indexed(NameExpression name, int low, int high, ValueKind kind)
    {
        if (name.Index.Count < low || name.Index.Count > high)
        {
            var hint =
                low == 2 ? $"write {name.Name}[owner, other]"
                : high == 0 ? $"write {name.Name} alone"
                : $"write {name.Name}[t], or {name.Name} alone for the CPU that runs the step";
            diagnostics.Report(
                "LK0202",
                name.Span,
                $"'{name.Name}' takes {(low == high ? low : $"{low} or {high}")} CPU{(high == 1 ? "" : "s")} in "
                    + $"brackets, here {(name.Index.Count == 1 ? "stands 1" : $"stand {name.Index.Count}")}",
                hint
            );
        }

        return kind;
    }

    private ValueKind Unknown(NameExpression name, string why, IEnumerable<string> known)
    {
        diagnostics.Report("LK0203", name.Span, $"'{name.Name}' is not known: {why}", Suggestion.For(name.Name, known));
        return ValueKind.Unknown;
    }
}
