using System.Globalization;
using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Promela;

/// <summary>Values as expressions of Promela.</summary>
/// <param name="names">Names of fields.</param>
internal sealed class PromelaValue(IReadOnlyDictionary<Field, string> names) : IValueForm<string>
{
    public string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    // What never changes takes no room in a state, there as here.
    public string Read(Field field) => field.Width == 0 ? Number(field.Low) : names[field];

    public string Not(string value) => $"({value} == 0)";

    public string If(string test, string then, string otherwise) => $"(({test}) != 0 -> {then} : {otherwise})";

    public string Operate(BinaryOperator operation, string left, string right) =>
        operation switch
        {
            BinaryOperator.Or => $"(({left} != 0) || ({right} != 0))",
            BinaryOperator.And => $"(({left} != 0) && ({right} != 0))",
            BinaryOperator.Equal => $"({left} == {right})",
            BinaryOperator.NotEqual => $"({left} != {right})",
            BinaryOperator.Less => $"({left} < {right})",
            BinaryOperator.LessOrEqual => $"({left} <= {right})",
            BinaryOperator.Greater => $"({left} > {right})",
            BinaryOperator.GreaterOrEqual => $"({left} >= {right})",
            BinaryOperator.In => $"(({right} >> {left}) & 1)",
            BinaryOperator.Plus => $"({left} + {right})",
            BinaryOperator.Minus => $"({left} - {right})",
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        };

    // The remainder has the sign of the dividend, as in C.
    public string Wrap(string value, int low, int high)
    {
        var count = Number(high - low + 1);
        return $"({Number(low)} + (((({value} - {Number(low)}) % {count}) + {count}) % {count}))";
    }

    public string Scale(Scaling scaling, string value, int by) =>
        $"({value} {(scaling switch { Scaling.Times => "*", Scaling.Over => "/", _ => "%" })} {Number(by)})";

    public string Combine(bool add, string set, string other) => add ? $"({set} | {other})" : $"({set} & ~({other}))";
}
