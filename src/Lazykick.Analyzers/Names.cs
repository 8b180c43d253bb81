using Microsoft.CodeAnalysis;

namespace Lazykick.Analyzers;

/// <summary>The library's types, by name.</summary>
internal static class Names
{
    public const string Domain = "RcuDomain";
    public const string Thread = "RcuThread";
    public const string ReadScope = "ReadScope";
    public const string ActiveScope = "ActiveScope";
    public const string QuiescentScope = "QuiescentScope";
    public const string FileSlot = "MappedFileSlot";
    public const string HotSwap = "HotSwap";
    public const string Reference = "RcuReference";
    public const string Pin = "RcuPin";
    public const string ProtectedAttribute = "RcuProtectedAttribute";

    /// <summary>Whether a symbol is the library's type of that name.</summary>
    public static bool Is(ITypeSymbol? type, string name) =>
        type is { ContainingNamespace: { Name: "Lazykick", ContainingNamespace.IsGlobalNamespace: true } }
        && string.Equals(type.Name, name, StringComparison.Ordinal);

    /// <summary>Whether a type is the library's own.</summary>
    public static bool IsLibrary(ITypeSymbol? type) =>
        type is { ContainingNamespace: { Name: "Lazykick", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>Whether a type is one of the scopes.</summary>
    public static bool IsScope(ITypeSymbol? type) =>
        Is(type, ReadScope) || Is(type, ActiveScope) || Is(type, QuiescentScope);

    /// <summary>Whether a member is marked as protected.</summary>
    public static bool IsProtected(ISymbol member)
    {
        foreach (var attribute in member.GetAttributes())
        {
            if (Is(attribute.AttributeClass, ProtectedAttribute))
                return true;
        }

        return false;
    }
}
