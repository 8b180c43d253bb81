using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>Which scopes and pins have to stay open for a value to be of use.</summary>
internal static class ScopeNeeds
{
    /// <summary>The needs of a value at one point of a function.</summary>
    /// <param name="value">It.</param>
    /// <param name="state">What is known there.</param>
    /// <param name="captured">The locals that a lambda uses.</param>
    /// <param name="isRef">Whether a reference to it is taken.</param>
    public static HashSet<object> Of(
        IOperation value,
        ScopeState state,
        Func<IOperation, IEnumerable<ILocalSymbol>> captured,
        bool isRef = false
    )
    {
        if (!isRef && IsCopy(value))
            return [];
        if (ScopeState.KeyOf(value) is { } variable)
            return [.. state.NeedsOf(variable)];
        if (value is IPropertyReferenceOperation { Property.Name: "Value", Instance: { } instance } property)
        {
            if (Names.Is(property.Property.ContainingType, Names.Pin))
                return state.PinOf(Openings.Unconverted(instance)) is { } pin ? [pin] : [];
        }

        if (IsProtectedRead(value, isPointer: value.Type is IPointerTypeSymbol))
        {
            var from = (value as IMemberReferenceOperation)?.Instance;
            return from is { Type.IsRefLikeType: true } ? Inner(from) : AllOpen();
        }

        switch (value)
        {
            case IConversionOperation { OperatorMethod: null } conversion:
                return
                    conversion.Type is IPointerTypeSymbol
                    && IsProtectedRead(Openings.Unconverted(conversion), isPointer: true)
                    ? AllOpen()
                    : Of(conversion.Operand, state, captured, isRef);
            case ITupleOperation tuple:
                return Union(tuple.Elements);
            case IArrayCreationOperation { Initializer: { } initializer }:
                return Union(initializer.ElementValues);
            case ICollectionExpressionOperation collection:
                return Union(collection.Elements);
            case IAnonymousObjectCreationOperation creation:
                return Union(creation.Initializers.OfType<ISimpleAssignmentOperation>().Select(one => one.Value));
            case IDelegateCreationOperation { Target: IFlowAnonymousFunctionOperation lambda }:
                return [.. captured(lambda).SelectMany(state.NeedsOf)];
            case IInvocationOperation call when IsTask(call.Type) || IsDeferred(call):
                var given = Union(call.Arguments.Select(argument => argument.Value));
                if (call.Instance is { } receiver)
                    given.UnionWith(Inner(receiver));
                return given;
        }

        if (!isRef && value.Type is not ({ IsRefLikeType: true } or IPointerTypeSymbol))
            return [];
        HashSet<object> needs = [];
        foreach (var part in value.ChildOperations)
        {
            var operand = part is IArgumentOperation argument ? argument.Value : part;
            if (!ScopeState.IsActiveScope(operand.Type))
                needs.UnionWith(Of(operand, state, captured, isRef));
            else if (ScopeState.KeyOf(operand) is { } scope)
                needs.UnionWith(WithOuter(scope));
        }

        return needs;

        HashSet<object> Inner(IOperation part) => Of(part, state, captured);

        HashSet<object> Union(IEnumerable<IOperation> parts) => [.. parts.SelectMany(Inner)];

        HashSet<object> AllOpen() => [.. state.Open.Select(pair => pair.Key)];

        // Another scope that is open protects as well, unless it is seen to belong to another domain.
        IEnumerable<object> WithOuter(object scope)
        {
            var domain = state.Open.FirstOrDefault(pair => Equals(pair.Key, scope)).Value;
            return state
                .Open.Where(pair =>
                    domain is null || pair.Value is null || SymbolEqualityComparer.Default.Equals(pair.Value, domain)
                )
                .Select(pair => pair.Key)
                .Append(scope);
        }
    }

    /// <summary>A number or a struct that is read through a reference.</summary>
    private static bool IsCopy(IOperation value) =>
        value is ILocalReferenceOperation
        {
            Local.RefKind: not RefKind.None,
            Type: { IsValueType: true, IsRefLikeType: false, TypeKind: not TypeKind.Pointer },
        };

    /// <summary>A task that is still running uses what its method was called with.</summary>
    private static bool IsTask(ITypeSymbol? type) =>
        type is { Name: "Task" or "ValueTask" }
        && type.ContainingNamespace is { Name: "Tasks", ContainingNamespace.Name: "Threading" };

    /// <summary>A query that is run when it is enumerated.</summary>
    private static bool IsDeferred(IInvocationOperation call) =>
        call
            is
        {
            TargetMethod.ContainingType: { Name: "Enumerable", ContainingNamespace.Name: "Linq" },
            Type: { TypeKind: TypeKind.Interface, Name: "IEnumerable" or "IOrderedEnumerable" },
        };

    private static bool IsProtectedRead(IOperation value, bool isPointer) =>
        value switch
        {
            IFieldReferenceOperation field => Names.IsProtected(field.Member)
                || (isPointer && field.Instance is not { Type.IsRefLikeType: true }),
            IMemberReferenceOperation member => Names.IsProtected(member.Member),
            IInvocationOperation { TargetMethod: { Name: "Read", ContainingType.Name: "Volatile" } } read => isPointer
                || (read.Arguments[0].Value is IMemberReferenceOperation member && Names.IsProtected(member.Member)),
            IInvocationOperation call => Names.IsProtected(call.TargetMethod),
            _ => false,
        };
}
