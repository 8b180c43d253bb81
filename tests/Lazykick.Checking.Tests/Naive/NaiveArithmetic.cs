using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>Operators over numbers, sets of CPUs, and ranges that wrap round.</summary>
internal static class NaiveArithmetic
{
    /// <summary>The value of an operator other than those of equality.</summary>
    public static Value Of(BinaryExpression binary, Value left, Value right)
    {
        var (a, b) = (left.Number, right.Number);
        if (left.IsSet)
        {
            var bits = right.IsSet ? b : 1 << b;
            return new Value(binary.Operator == BinaryOperator.Plus ? a | bits : a & ~bits, true);
        }

        if (left.Wraps is { } range && binary.Operator is (BinaryOperator.Plus or BinaryOperator.Minus))
        {
            var number = binary.Operator == BinaryOperator.Plus ? a + b : a - b;
            while (number > range.High)
                number -= range.High - range.Low + 1;
            while (number < range.Low)
                number += range.High - range.Low + 1;
            return new Value(number) { Wraps = range };
        }

        return binary.Operator switch
        {
            BinaryOperator.Or => Value.Truth(a != 0 || b != 0),
            BinaryOperator.And => Value.Truth(a != 0 && b != 0),
            BinaryOperator.Less => Value.Truth(a < b),
            BinaryOperator.LessOrEqual => Value.Truth(a <= b),
            BinaryOperator.Greater => Value.Truth(a > b),
            BinaryOperator.GreaterOrEqual => Value.Truth(a >= b),
            BinaryOperator.In => Value.Truth((b >> a & 1) == 1),
            BinaryOperator.Plus => new Value(a + b),
            BinaryOperator.Minus => new Value(a - b),
            _ => throw new NaiveSchemeException(binary.Span, "no such operator"),
        };
    }
}
