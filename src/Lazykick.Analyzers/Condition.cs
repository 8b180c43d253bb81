using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>
/// What a branch asks, in a form in which a question and its negation are the same: two branches that ask the same go
/// the same way on one path.
/// </summary>
internal readonly struct Condition
{
    private Condition(string key, bool isNegated, IOperation? tested, ImmutableArray<ISymbol> variables) =>
        (Key, IsNegated, NullTested, Variables) = (key, isNegated, tested, variables);

    /// <summary>The question.</summary>
    public string Key { get; }

    /// <summary>Whether the branch asks for the opposite.</summary>
    public bool IsNegated { get; }

    /// <summary>What is compared with null, if the question is that.</summary>
    public IOperation? NullTested { get; }

    /// <summary>Locals and parameters whose assignment makes the answer stale.</summary>
    public ImmutableArray<ISymbol> Variables { get; }

    /// <summary>The question of a branch.</summary>
    public static Condition Of(IOperation value)
    {
        var variables = value
            .DescendantsAndSelf()
            .Select(DomainSymbols.SymbolOf)
            .OfType<ISymbol>()
            .Where(symbol => symbol is ILocalSymbol or IParameterSymbol)
            .ToImmutableArray();
        var isNegated = false;
        while (true)
        {
            switch (value)
            {
                case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                    isNegated = !isNegated;
                    value = not.Operand;
                    continue;
                case IConversionOperation { OperatorMethod: null } conversion:
                    value = conversion.Operand;
                    continue;
                case IIsNullOperation test:
                    return Null(test.Operand);
                case IIsPatternOperation { Pattern: IConstantPatternOperation { Value: var constant } } pattern
                    when IsNull(constant):
                    return Null(pattern.Value);
                case IIsPatternOperation
                {
                    Pattern: INegatedPatternOperation { Pattern: IConstantPatternOperation { Value: var constant } },
                } pattern when IsNull(constant):
                    isNegated = !isNegated;
                    return Null(pattern.Value);
                case IBinaryOperation
                {
                    OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals,
                } equality:
                    isNegated ^= equality.OperatorKind == BinaryOperatorKind.NotEquals;
                    return IsNull(equality.RightOperand) ? Null(equality.LeftOperand)
                        : IsNull(equality.LeftOperand) ? Null(equality.RightOperand)
                        : new Condition(Text(equality, "=="), isNegated, null, variables);
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.LessThan } less:
                    return new Condition(Text(less, "<"), isNegated, null, variables);
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.GreaterThanOrEqual } less:
                    return new Condition(Text(less, "<"), !isNegated, null, variables);
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.GreaterThan } more:
                    return new Condition(Text(more, ">"), isNegated, null, variables);
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.LessThanOrEqual } more:
                    return new Condition(Text(more, ">"), !isNegated, null, variables);
                default:
                    return new Condition(value.Syntax.ToString(), isNegated, null, variables);
            }
        }

        Condition Null(IOperation tested) =>
            new($"{tested.Syntax}==null", isNegated, Openings.Unconverted(tested), variables);
    }

    private static string Text(IBinaryOperation binary, string sign) =>
        $"{binary.LeftOperand.Syntax}{sign}{binary.RightOperand.Syntax}";

    private static bool IsNull(IOperation value) =>
        Openings.Unconverted(value).ConstantValue is { HasValue: true, Value: null };
}
