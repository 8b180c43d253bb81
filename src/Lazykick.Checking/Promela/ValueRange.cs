using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Promela;

/// <summary>Bounds of what a value can be, whatever state it is evaluated in.</summary>
internal sealed class ValueRange : IValueForm<(int Low, int High)>
{
    private static readonly (int Low, int High) s_truth = (0, 1);

    /// <summary>The bounds of a value.</summary>
    public static (int Low, int High) Of(Value value) => value.Form(new ValueRange());

    public (int Low, int High) Number(int number) => (number, number);

    public (int Low, int High) Read(Field field) => (field.Low, field.High);

    public (int Low, int High) Not((int Low, int High) value) => s_truth;

    public (int Low, int High) If((int Low, int High) test, (int Low, int High) then, (int Low, int High) otherwise) =>
        (Math.Min(then.Low, otherwise.Low), Math.Max(then.High, otherwise.High));

    public (int Low, int High) Operate(BinaryOperator operation, (int Low, int High) left, (int Low, int High) right) =>
        operation switch
        {
            BinaryOperator.Plus => (left.Low + right.Low, left.High + right.High),
            BinaryOperator.Minus => (left.Low - right.High, left.High - right.Low),
            _ => s_truth,
        };

    public (int Low, int High) Wrap((int Low, int High) value, int low, int high) => (low, high);

    public (int Low, int High) Scale(Scaling scaling, (int Low, int High) value, int by) =>
        scaling switch
        {
            Scaling.Times => (value.Low * by, value.High * by),
            Scaling.Over => (value.Low / by, value.High / by),
            _ => (0, by - 1),
        };

    // A union of sets has no bit beyond the highest bit of either.
    public (int Low, int High) Combine(bool add, (int Low, int High) set, (int Low, int High) other) =>
        set.Low < 0 || other.Low < 0 ? (int.MinValue, int.MaxValue)
        : add ? (0, (int)((1L << (32 - int.LeadingZeroCount(set.High | other.High))) - 1))
        : (0, set.High);
}
