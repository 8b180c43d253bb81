using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>The innermost scope around an operation, as far as <c>using</c> shows it in the same function.</summary>
internal readonly struct EnclosingScope
{
    private EnclosingScope(ITypeSymbol type, IOperation declaration, IOperation body)
    {
        Type = type;
        Declaration = declaration;
        Body = body;
    }

    /// <summary>Which kind of scope it is.</summary>
    public ITypeSymbol Type { get; }

    /// <summary>The <c>using</c>.</summary>
    public IOperation Declaration { get; }

    /// <summary>The block at whose end the scope ends.</summary>
    public IOperation Body { get; }

    /// <summary>Whether the thread is out of EQS in it.</summary>
    public bool IsActive => !Names.Is(Type, Names.QuiescentScope);

    /// <summary>
    /// Looks outwards; a lambda or local function runs who knows when, so the search ends at its border.
    /// </summary>
    public static EnclosingScope? Find(IOperation operation)
    {
        var child = operation;
        for (var parent = operation.Parent; parent is not null; child = parent, parent = parent.Parent)
        {
            switch (parent)
            {
                case IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return null;
                case IUsingOperation statement
                    when ReferenceEquals(statement.Body, child) && ScopeType(statement.Resources) is { } type:
                    return new EnclosingScope(type, statement, statement.Body);
                case IBlockOperation block when LastUsingBefore(block, child) is { } found:
                    return found;
            }
        }

        return null;
    }

    private static EnclosingScope? LastUsingBefore(IBlockOperation block, IOperation child)
    {
        EnclosingScope? last = null;
        foreach (var sibling in block.Operations)
        {
            if (ReferenceEquals(sibling, child))
                break;
            if (
                sibling is IUsingDeclarationOperation declaration
                && ScopeType(declaration.DeclarationGroup) is { } type
            )
            {
                last = new EnclosingScope(type, declaration, block);
            }
        }

        return last;
    }

    private static ITypeSymbol? ScopeType(IOperation resources)
    {
        var type = resources is IVariableDeclarationGroupOperation group
            ? group.Declarations.SelectMany(declaration => declaration.Declarators).FirstOrDefault()?.Symbol.Type
            : resources.Type;
        return Names.IsScope(type) ? type : null;
    }
}
