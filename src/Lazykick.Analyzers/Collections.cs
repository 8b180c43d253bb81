using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>What calls do with a collection.</summary>
internal static class Collections
{
    /// <summary>Whether a type is a collection of the runtime.</summary>
    public static bool IsOne(ITypeSymbol? type) =>
        type?.ContainingNamespace?.ToDisplayString()
            is "System.Collections" or "System.Collections.Generic" or "System.Collections.Concurrent";

    /// <summary>Whether a call puts its arguments into it.</summary>
    public static bool Fills(IInvocationOperation call) =>
        call.TargetMethod.Name is "Add" or "TryAdd" or "Insert" or "AddFirst" or "AddLast" or "Enqueue" or "Push";

    /// <summary>Whether a call takes something out.</summary>
    public static bool Empties(IInvocationOperation call) =>
        IsOne(call.TargetMethod.ContainingType)
        && (
            call.TargetMethod.Name.StartsWith("Remove", StringComparison.Ordinal)
            || call.TargetMethod.Name
                is "Clear"
                    or "Dequeue"
                    or "Pop"
                    or "TryDequeue"
                    or "TryPop"
                    or "TryRemove"
                    or "TryTake"
        );

    /// <summary>The variable or member that holds a collection.</summary>
    public static object? KeyOf(IOperation collection) =>
        ScopeState.KeyOf(collection)
        ?? (
            collection is IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field
                ? field.Field
                : null
        );
}
