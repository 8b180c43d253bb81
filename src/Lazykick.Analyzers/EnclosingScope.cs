using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>The innermost scope around an operation, as far as one function shows it.</summary>
internal readonly struct EnclosingScope
{
    private EnclosingScope(ITypeSymbol type, IOperation declaration, IOperation body, ISymbol? domain)
    {
        Type = type;
        Declaration = declaration;
        Body = body;
        Domain = domain;
    }

    /// <summary>Which kind of scope it is.</summary>
    public ITypeSymbol Type { get; }

    /// <summary>The statement that opens it.</summary>
    public IOperation Declaration { get; }

    /// <summary>The block at whose end the scope ends.</summary>
    public IOperation Body { get; }

    /// <summary>The variable or member that holds the domain, where that can be told.</summary>
    public ISymbol? Domain { get; }

    /// <summary>Whether the thread is out of EQS in it.</summary>
    public bool IsActive => !Names.Is(Type, Names.QuiescentScope);

    /// <summary>
    /// Looks outwards; a lambda or local function runs who knows when, so the search ends at its border.
    /// </summary>
    public static EnclosingScope? Find(IOperation operation)
    {
        var child = operation;
        List<IOperation> before = [];
        for (var parent = operation.Parent; parent is not null; child = parent, parent = parent.Parent)
        {
            switch (parent)
            {
                case IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return null;
                case IUsingOperation statement
                    when ReferenceEquals(statement.Body, child) && Opened(statement.Resources) is var (type, value):
                    return new EnclosingScope(type, statement, statement.Body, DomainSymbols.OfScope(value));
                case IBlockOperation block when LastOpenBefore(block, child, before) is { } found:
                    return found;
                case IBlockOperation block:
                    before.AddRange(block.Operations.TakeWhile(sibling => !ReferenceEquals(sibling, child)));
                    break;
            }
        }

        return null;
    }

    /// <summary>
    /// Declarations with <c>using</c>, and those that a later <c>Dispose</c> ends, in a <c>finally</c> for example.
    /// </summary>
    /// <param name="block">Where they are looked for.</param>
    /// <param name="child">The statement before which they are open.</param>
    /// <param name="inside">What comes before the operation inside that statement, and may end them.</param>
    private static EnclosingScope? LastOpenBefore(IBlockOperation block, IOperation child, List<IOperation> inside)
    {
        List<(EnclosingScope Scope, ISymbol? Variable)> open = [];
        foreach (var sibling in block.Operations)
        {
            if (ReferenceEquals(sibling, child))
                break;
            var group = sibling switch
            {
                IUsingDeclarationOperation declaration => declaration.DeclarationGroup,
                IVariableDeclarationGroupOperation plain => plain,
                _ => null,
            };
            if (group is not null && Opened(group) is var (type, value))
            {
                var variable = group.Declarations[0].Declarators[0].Symbol;
                open.Add((new EnclosingScope(type, sibling, block, DomainSymbols.OfScope(value)), variable));
            }

            Close(sibling);
        }

        inside.ForEach(Close);
        return open.Count == 0 ? null : open[open.Count - 1].Scope;

        void Close(IOperation statement) =>
            open.RemoveAll(one => one.Variable is not null && Disposes(statement, one.Variable));
    }

    private static (ITypeSymbol Type, IOperation? Value)? Opened(IOperation resources)
    {
        if (resources is not IVariableDeclarationGroupOperation group)
            return resources.Type is { } type && Names.IsScope(type) ? (type, resources) : null;
        var declarator = group.Declarations.SelectMany(declaration => declaration.Declarators).FirstOrDefault();
        var value = declarator?.GetVariableInitializer()?.Value;
        return declarator is not null && Names.IsScope(declarator.Symbol.Type) && value is IInvocationOperation
            ? (declarator.Symbol.Type, value)
            : null;
    }

    private static bool Disposes(IOperation sibling, ISymbol variable) =>
        sibling
            .DescendantsAndSelf()
            .OfType<IInvocationOperation>()
            .Any(call =>
                call.TargetMethod.Name == "Dispose"
                && call.Instance is ILocalReferenceOperation local
                && SymbolEqualityComparer.Default.Equals(local.Local, variable)
            );
}
