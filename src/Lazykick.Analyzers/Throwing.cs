using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>Which operations count as throwing when a path is followed into a <c>catch</c>.</summary>
internal static class Throwing
{
    private static readonly HashSet<string> Safe = new(StringComparer.Ordinal)
    {
        "Span",
        "ReadOnlySpan",
        "Memory",
        "ReadOnlyMemory",
        "Volatile",
        "Interlocked",
        "Unsafe",
        "MemoryMarshal",
        "Math",
        "MathF",
        "BitOperations",
        "GC",
    };

    /// <summary>Calls, but for the library's own and for those that do next to nothing.</summary>
    public static bool May(IOperation operation) =>
        operation
            .DescendantsAndSelf()
            .Any(part =>
                part is IAwaitOperation
                || (
                    part is IInvocationOperation { TargetMethod: { Name: not "Dispose", ContainingType: var owner } }
                    && !Names.IsLibrary(owner)
                    && !Safe.Contains(owner.Name)
                )
            );

    /// <summary>A call that does not come back.</summary>
    public static bool Always(IOperation operation) =>
        operation
            .DescendantsAndSelf()
            .OfType<IInvocationOperation>()
            .Any(call =>
                call.TargetMethod.GetAttributes().Any(one => one.AttributeClass?.Name is "DoesNotReturnAttribute")
            );
}
