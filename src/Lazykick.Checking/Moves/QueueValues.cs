using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Moves;

/// <summary>Queues as numbers, see <see cref="QueueType"/>.</summary>
internal static class QueueValues
{
    /// <summary>The oldest entry of a queue that has one.</summary>
    public static Value Oldest(QueueType type, Value queue) =>
        Value.Operate(
            BinaryOperator.Plus,
            Value.Scale(Scaling.Remainder, queue, type.Kinds + 1),
            new Value.Constant(type.Low - 1)
        );

    /// <summary>The queue without its oldest entry.</summary>
    public static Value Rest(QueueType type, Value queue) => Value.Scale(Scaling.Over, queue, type.Kinds + 1);

    /// <summary>The queue with one entry more; a number that no queue has if it is full, or if nothing is such an
    /// entry.</summary>
    public static Value Append(QueueType type, Value queue, Value entry)
    {
        var full = new Value.Constant(type.High + 1);
        var digit = Value.Operate(BinaryOperator.Plus, entry, new Value.Constant(1 - type.Low));
        Value longer = full;
        for (var (at, place) = (type.Length - 1, (type.High + 1) / (type.Kinds + 1)); at >= 0; at--)
        {
            var with = Value.Operate(BinaryOperator.Plus, queue, Value.Scale(Scaling.Times, digit, place));
            var fits = Value.Operate(BinaryOperator.Less, queue, new Value.Constant(place));
            longer = Value.If(fits, with, longer);
            place /= type.Kinds + 1;
        }

        if (digit.IsConstant(out var known))
            return known >= 1 && known <= type.Kinds ? longer : full;
        var isEntry = Value.And(
            Value.Operate(BinaryOperator.GreaterOrEqual, digit, Value.One),
            Value.Operate(BinaryOperator.LessOrEqual, digit, new Value.Constant(type.Kinds))
        );
        return Value.If(isEntry, longer, full);
    }
}
