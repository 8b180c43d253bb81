using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>What code does with a variable whose value has lost its scope.</summary>
internal static class ProtectedUses
{
    /// <summary>The local that a use is of.</summary>
    public static ILocalSymbol? LocalOf(IOperation use) =>
        (use as ILocalReferenceOperation ?? (use as IFieldReferenceOperation)?.Instance as ILocalReferenceOperation)
            ?.Local;

    /// <summary>
    /// A variable that gets another value, is compared with null, or is only asked for a number that it holds.
    /// </summary>
    public static bool IsHarmless(IOperation use)
    {
        while (use.Parent is IConversionOperation conversion)
            use = conversion;
        return use.Parent switch
        {
            ISimpleAssignmentOperation assignment => ReferenceEquals(assignment.Target, use),
            IArgumentOperation { Parameter.RefKind: RefKind.Out } or INameOfOperation or IIsNullOperation => true,
            IBinaryOperation binary => Condition.Of(binary).NullTested is not null,
            IIsPatternOperation pattern => Condition.Of(pattern).NullTested is not null,
            IFieldReferenceOperation { Type: { IsRefLikeType: false, TypeKind: not TypeKind.Pointer } type } =>
                type.IsValueType && use.Type is { IsRefLikeType: true },
            IPropertyReferenceOperation { Property.Name: "Count" } counted => Collections.IsOne(counted.Instance?.Type),
            IInvocationOperation call => Collections.Empties(call),
            _ => false,
        };
    }
}
