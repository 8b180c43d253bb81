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

    /// <summary>The domain that a typed form, a file slot for example, was created with.</summary>
    /// <param name="form">A local that is assigned once, or a read-only field; null for anything else.</param>
    public static ISymbol? OfTypedForm(IOperation? form) =>
        SymbolOf(form) switch
        {
            ILocalSymbol local when IsNeverAssigned(form!, local) => DeclaratorOf(form!, local) is { } declarator
                && Created(declarator.GetVariableInitializer()?.Value) is { Arguments: { Length: > 0 } arguments }
                ? SymbolOf(arguments[0].Value)
                : null,
            IFieldSymbol { IsReadOnly: true } field => OfCreation(field),
            _ => null,
        };

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
        var opening = DeclaratorOf(use, handle)?.GetVariableInitializer()?.Value;
        return opening is IInvocationOperation { Instance: { } domain } ? SymbolOf(domain) : null;
    }

    private static IVariableDeclaratorOperation? DeclaratorOf(IOperation use, ILocalSymbol local) =>
        RootOf(use)
            .Descendants()
            .OfType<IVariableDeclaratorOperation>()
            .FirstOrDefault(one => SymbolEqualityComparer.Default.Equals(one.Symbol, local));

    private static bool IsNeverAssigned(IOperation use, ILocalSymbol local) =>
        !RootOf(use)
            .Descendants()
            .OfType<ILocalReferenceOperation>()
            .Any(one =>
                SymbolEqualityComparer.Default.Equals(one.Local, local)
                && (
                    (one.Parent is IAssignmentOperation assignment && ReferenceEquals(assignment.Target, one))
                    || one.Parent is IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out }
                )
            );

    private static IOperation RootOf(IOperation operation)
    {
        while (operation.Parent is not null)
            operation = operation.Parent;
        return operation;
    }

    private static IObjectCreationOperation? Created(IOperation? value)
    {
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        return value as IObjectCreationOperation;
    }

    private static ISymbol? OfCreation(IFieldSymbol form)
    {
        var declarator = form.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as VariableDeclaratorSyntax;
        var creation = declarator?.Initializer?.Value as BaseObjectCreationExpressionSyntax;
        return creation?.ArgumentList?.Arguments.FirstOrDefault()?.Expression is IdentifierNameSyntax name
            ? form.ContainingType.GetMembers(name.Identifier.Text).FirstOrDefault()
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
