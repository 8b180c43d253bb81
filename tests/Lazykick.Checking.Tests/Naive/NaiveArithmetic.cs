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

        if (left.Queue is { } queue && binary.Operator == BinaryOperator.Plus)
        {
            var names = queue.Element as EnumType;
            var range = queue.Element as RangeType;
            var (low, high) = range is null ? (0, names!.Names.Count - 1) : (range.Low, range.High);
            var place = 0;
            while (a >> 4 * place != 0)
                place++;
            if (place == queue.Length || b < low || b > high)
                throw new NaiveSchemeException(binary.Span, "the queue is full, or holds no such entry");
            return new Value(a | (b - low + 1) << 4 * place) { Queue = queue };
        }

        if (left.Wraps is { } wrapping && binary.Operator is (BinaryOperator.Plus or BinaryOperator.Minus))
        {
            var number = binary.Operator == BinaryOperator.Plus ? a + b : a - b;
            while (number > wrapping.High)
                number -= wrapping.High - wrapping.Low + 1;
            while (number < wrapping.Low)
                number += wrapping.High - wrapping.Low + 1;
            return new Value(number) { Wraps = wrapping };
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
