using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Schemes.Loading;

/// <summary>
/// How often steps read memory once knobs and role flags have decided what they decide: what a test over these leaves
/// out is not read (rule M7).
/// </summary>
internal sealed class DecidedReads
{
    // Beyond so many combinations nothing is taken as decided, which can only count too much.
    private const int MaxCases = 512;

    private readonly Scope _scope;
    private readonly IReadOnlyDictionary<string, int> _decided;

    private DecidedReads(Scope scope, IReadOnlyDictionary<string, int> decided) =>
        (_scope, _decided) = (scope, decided);

    /// <summary>The most reads that an expression makes, whatever the knobs and flags are.</summary>
    public static int Most(Expression expression, Scope scope) =>
        Cases([expression], scope).Max(c => c.Of(expression, "").Reads);

    /// <summary>The most accesses that steps make which happen together.</summary>
    public static int Most(IReadOnlyList<Step> steps, Scope scope) =>
        Cases(steps.SelectMany(Expressions), scope).Max(c => c.Accesses(steps));

    /// <summary>Only knobs and flags decide: what it says is known before the run.</summary>
    public static bool IsDecided(Expression expression, Scope scope) =>
        expression switch
        {
            NumberExpression => true,
            NotExpression not => IsDecided(not.Operand, scope),
            BinaryExpression { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual } b
                when Knob(b.Left, scope) is not null || Knob(b.Right, scope) is not null => true,
            BinaryExpression b => IsDecided(b.Left, scope) && IsDecided(b.Right, scope),
            ConditionalExpression c => IsDecided(c.Test, scope) && IsDecided(c.Then, scope) && IsDecided(c.Else, scope),
            NameExpression name => IsKnobOrFlag(name, scope),
            _ => false,
        };

    private static IEnumerable<Expression> Expressions(Step step) =>
        step switch
        {
            AssignStep s => [s.Target, s.Value],
            WhenStep s => s.Then.Concat(s.Else).SelectMany(Expressions).Prepend(s.Condition),
            _ => [],
        };

    /// <summary>Every combination of the values of the knobs and flags that are named.</summary>
    private static IEnumerable<DecidedReads> Cases(IEnumerable<Expression> expressions, Scope scope)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var expression in expressions)
            Collect(expression, "", scope, counts);
        if (counts.Values.Aggregate(1L, (product, count) => Math.Min(product * count, MaxCases + 1)) > MaxCases)
            counts.Clear();
        IEnumerable<Dictionary<string, int>> cases = [new(StringComparer.Ordinal)];
        foreach (var (name, count) in counts)
        {
            cases = cases.SelectMany(c =>
                Enumerable
                    .Range(0, count)
                    .Select(v => new Dictionary<string, int>(c, StringComparer.Ordinal) { [name] = v })
            );
        }

        return cases.Select(c => new DecidedReads(scope, c));
    }

    private static void Collect(Expression expression, string cpu, Scope scope, Dictionary<string, int> counts)
    {
        switch (expression)
        {
            case NotExpression not:
                Collect(not.Operand, cpu, scope, counts);
                break;
            case BinaryExpression binary:
                Collect(binary.Left, cpu, scope, counts);
                Collect(binary.Right, cpu, scope, counts);
                break;
            case ConditionalExpression conditional:
                Collect(conditional.Test, cpu, scope, counts);
                Collect(conditional.Then, cpu, scope, counts);
                Collect(conditional.Else, cpu, scope, counts);
                break;
            case NameExpression name when scope.Scheme.Knobs.TryGetValue(name.Name, out var knob):
                counts[name.Name] = knob.Values.Count;
                break;
            case NameExpression name when IsKnobOrFlag(name, scope):
                counts[Flag(name, cpu)] = 2;
                break;
            case NameExpression name when scope.Scheme.States.TryGetValue(name.Name, out var state):
                Collect(state.Condition, Cpu(name, cpu), scope, counts);
                break;
        }
    }

    private int Accesses(IReadOnlyList<Step> steps) =>
        steps.Sum(s =>
            s switch
            {
                AssignStep a => Of(a.Target, "").Reads + Of(a.Value, "").Reads,
                WhenStep w => Of(w.Condition, "").Value switch
                {
                    null => Math.Max(Accesses(w.Then), Accesses(w.Else)),
                    0 => Accesses(w.Else),
                    _ => Accesses(w.Then),
                },
                _ => 0,
            }
        );

    /// <summary>What is known of an expression's value, and how often it reads memory for the rest.</summary>
    private (int? Value, int Reads) Of(Expression expression, string cpu)
    {
        switch (expression)
        {
            case NumberExpression number:
                return (number.Value, 0);
            case NotExpression not:
                var (operand, reads) = Of(not.Operand, cpu);
                return (
                    operand is null ? null
                    : operand == 0 ? 1
                    : 0,
                    reads
                );
            case NameExpression name:
                return OfName(name, cpu);
            case BinaryExpression { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual } binary:
                return OfEqual(binary, cpu);
            case BinaryExpression { Operator: BinaryOperator.And or BinaryOperator.Or } binary:
                var decides = binary.Operator == BinaryOperator.And ? 0 : 1;
                var (left, right) = (Of(binary.Left, cpu), Of(binary.Right, cpu));
                if (IsOne(left.Value, decides) || IsOne(right.Value, decides))
                    return (decides, 0);
                return left.Value is not null ? right
                    : right.Value is not null ? left
                    : (null, left.Reads + right.Reads);
            case BinaryExpression binary:
                return (null, Of(binary.Left, cpu).Reads + Of(binary.Right, cpu).Reads);
            case ConditionalExpression conditional:
                var (test, (a, b)) = (
                    Of(conditional.Test, cpu),
                    (Of(conditional.Then, cpu), Of(conditional.Else, cpu))
                );
                return test.Value is { } known ? known != 0 ? a : b : (null, test.Reads + a.Reads + b.Reads);
            default:
                return (null, 0);
        }
    }

    private (int? Value, int Reads) OfName(NameExpression name, string cpu)
    {
        var scheme = _scope.Scheme;
        if (scheme.Knobs.ContainsKey(name.Name))
            return (_decided.TryGetValue(name.Name, out var value) ? value : null, 0);
        if (scheme.Variables.TryGetValue(name.Name, out var variable))
            return (null, variable.Storage is Storage.Shared or Storage.PerCpu or Storage.Pairwise ? 1 : 0);
        if (scheme.States.TryGetValue(name.Name, out var state))
            return Of(state.Condition, Cpu(name, cpu));
        return (_decided.TryGetValue(Flag(name, cpu), out var flag) ? flag : null, 0);
    }

    private (int? Value, int Reads) OfEqual(BinaryExpression binary, string cpu)
    {
        var isEqual = binary.Operator == BinaryOperator.Equal;
        if ((Knob(binary.Left, _scope) ?? Knob(binary.Right, _scope)) is { } knob)
        {
            var written = Knob(binary.Left, _scope) is null ? binary.Left : binary.Right;
            var index = written is NameExpression n ? knob.Values.ToList().IndexOf(n.Name) : -1;
            if (index >= 0)
            {
                return (
                    _decided.TryGetValue(knob.Name, out var value)
                        ? (value == index) == isEqual
                            ? 1
                            : 0
                        : null,
                    0
                );
            }
        }

        var (left, right) = (Of(binary.Left, cpu), Of(binary.Right, cpu));
        return left.Value is { } a && right.Value is { } b
            ? ((a == b) == isEqual ? 1 : 0, 0)
            : (null, ExpressionChecker.MemoryReads(binary, _scope));
    }

    private static bool IsOne(int? value, int wanted) => value is { } known && (known != 0) == (wanted != 0);

    private static Knob? Knob(Expression expression, Scope scope) =>
        expression is NameExpression name && scope.Scheme.Knobs.TryGetValue(name.Name, out var knob) ? knob : null;

    private static bool IsKnobOrFlag(NameExpression name, Scope scope) =>
        scope.Scheme.Knobs.ContainsKey(name.Name)
        || (!scope.Scheme.Variables.ContainsKey(name.Name) && scope.Flags.Contains(name.Name));

    private static string Flag(NameExpression name, string cpu) => $"{name.Name}[{Cpu(name, cpu)}]";

    private static string Cpu(NameExpression name, string cpu) =>
        name.Index.Count == 0 ? cpu
        : name.Index[0].Span.Text == "self" ? ""
        : name.Index[0].Span.Text;
}
