using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>Which variable or member holds a domain. Null where one function does not show it.</summary>
internal static class DomainSymbols
{
    /// <summary>
    /// The domain whose scope a call opens: of the handle's registration, or the one that is asked directly.
    /// </summary>
    public static ISymbol? OfScope(IOperation? opening)
    {
        if (opening is not IInvocationOperation { Instance: { } instance } call)
            return null;
        if (Names.Is(call.TargetMethod.ContainingType, Names.Domain))
            return SymbolOf(instance);
        return SymbolOf(instance) switch
        {
            ILocalSymbol local => OfRegistration(instance, local),
            IFieldSymbol field => OfRegistration(field),
            _ => null,
        };
    }

    /// <summary>The variable or member that an expression names.</summary>
    public static ISymbol? SymbolOf(IOperation? operation) =>
        operation switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IMemberReferenceOperation member => member.Member,
            IConversionOperation conversion => SymbolOf(conversion.Operand),
            _ => null,
        };

    private static ISymbol? OfRegistration(IOperation use, ILocalSymbol handle)
    {
        var root = use;
        while (root.Parent is not null)
            root = root.Parent;
        var declarator = root.Descendants()
            .OfType<IVariableDeclaratorOperation>()
            .FirstOrDefault(one => SymbolEqualityComparer.Default.Equals(one.Symbol, handle));
        return declarator?.GetVariableInitializer()?.Value is IInvocationOperation { Instance: { } domain }
            ? SymbolOf(domain)
            : null;
    }

    // A field's initializer belongs to another operation tree, so its receiver is looked up by name.
    private static ISymbol? OfRegistration(IFieldSymbol handle)
    {
        var declarator = handle.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as VariableDeclaratorSyntax;
        return
            declarator?.Initializer?.Value
                is InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax name },
            }
            ? handle.ContainingType.GetMembers(name.Identifier.Text).FirstOrDefault()
            : null;
    }
}
