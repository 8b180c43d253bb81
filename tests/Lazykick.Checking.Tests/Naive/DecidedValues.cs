using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>What knobs, flags and CPUs decide before the run, and what is left to be read from memory (M7).</summary>
internal sealed class DecidedValues(Scheme scheme, NaiveValues values)
{
    /// <summary>
    /// Does the expression read a variable in memory (M7)? What knobs, flags and CPUs decide without it is not read.
    /// </summary>
    public bool ReadsMemory(Expression expression, int self, CpuName? names) =>
        Fixed(expression, self, names) is null
        && expression switch
        {
            NameExpression n when scheme.Variables.TryGetValue(n.Name, out var v) => v.Storage
                is Storage.Shared
                    or Storage.PerCpu
                    or Storage.Pairwise,
            NameExpression n when scheme.States.TryGetValue(n.Name, out var s) => ReadsMemory(
                s.Condition,
                values.CpuOf(n, self, names),
                null
            ),
            NotExpression n => ReadsMemory(n.Operand, self, names),
            BinaryExpression b => ReadsMemory(b.Left, self, names) || ReadsMemory(b.Right, self, names),
            ConditionalExpression c => Parts(c, self, names).Any(p => ReadsMemory(p, self, names)),
            _ => false,
        };

    /// <summary>The variables in memory that the expression reads.</summary>
    public IEnumerable<int> MemorySlots(Expression expression, int self, CpuName? names) =>
        !ReadsMemory(expression, self, names)
            ? []
            : expression switch
            {
                NameExpression n when scheme.Variables.ContainsKey(n.Name) =>
                [
                    values.Slot(n, NaiveValues.Nothing, self, names),
                ],
                NameExpression n => MemorySlots(scheme.States[n.Name].Condition, values.CpuOf(n, self, names), null),
                NotExpression n => MemorySlots(n.Operand, self, names),
                BinaryExpression b => MemorySlots(b.Left, self, names).Concat(MemorySlots(b.Right, self, names)),
                ConditionalExpression c => Parts(c, self, names).SelectMany(p => MemorySlots(p, self, names)),
                _ => [],
            };

    /// <summary>
    /// The parts of a conditional value that are looked at: what is decided before the run is not (M7).
    /// </summary>
    private IEnumerable<Expression> Parts(ConditionalExpression value, int self, CpuName? names) =>
        Fixed(value.Test, self, names) switch
        {
            null => [value.Test, value.Then, value.Else],
            0 => [value.Else],
            _ => [value.Then],
        };

    /// <summary>The value, if knobs, flags and CPUs alone decide it (M7); else null.</summary>
    public int? Fixed(Expression expression, int self, CpuName? names)
    {
        switch (expression)
        {
            case NumberExpression number:
                return number.Value;
            case NameExpression name
                when !scheme.Variables.ContainsKey(name.Name)
                    && !scheme.Texts.ContainsKey(name.Name)
                    && values.IsKnown(name with { Index = [] }, names):
                return scheme.States.TryGetValue(name.Name, out var state)
                    ? Fixed(state.Condition, values.CpuOf(name, self, names), null)
                    : values.Named(name, NaiveValues.Nothing, self, names).Number;
            case SetExpression set:
                return values.Evaluate(set, NaiveValues.Nothing, self, names).Number;
            case NotExpression not:
                return Fixed(not.Operand, self, names) is { } operand ? Value.Truth(operand == 0).Number : null;
            case ConditionalExpression value:
                return Parts(value, self, names).ToList() is [var only] ? Fixed(only, self, names) : null;
            case BinaryExpression { Operator: BinaryOperator.And or BinaryOperator.Or } both:
                var decides = both.Operator == BinaryOperator.Or;
                var (left, right) = (Fixed(both.Left, self, names), Fixed(both.Right, self, names));
                return (left is not null && left != 0 == decides) || (right is not null && right != 0 == decides)
                        ? Value.Truth(decides).Number
                    : left is null || right is null ? null
                    : Value.Truth(!decides).Number;
            case BinaryExpression { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual } compared:
                var known = values.IsKnown(compared.Left, names) ? compared.Left : compared.Right;
                var other = ReferenceEquals(known, compared.Left) ? compared.Right : compared.Left;
                return
                    Fixed(known, self, names) is not null
                    && (Fixed(other, self, names) is not null || !values.IsKnown(other, names))
                    ? values.Evaluate(expression, NaiveValues.Nothing, self, names).Number
                    : null;
            case BinaryExpression binary:
                return Fixed(binary.Left, self, names) is null || Fixed(binary.Right, self, names) is null
                    ? null
                    : values.Evaluate(expression, NaiveValues.Nothing, self, names).Number;
            default:
                return null;
        }
    }
}
