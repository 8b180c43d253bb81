using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>
/// LKR006: a member marked with <c>RcuProtected</c> that is read where no scope is open. A method that is called inside
/// its callers' scopes says so: by a parameter of type ReadScope, or by the same mark.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnprotectedReadAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.ReadWithoutScope];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(
            Analyze,
            OperationKind.FieldReference,
            OperationKind.PropertyReference,
            OperationKind.Invocation
        );
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        var operation = context.Operation;
        var member = operation switch
        {
            IMemberReferenceOperation reference => reference.Member,
            IInvocationOperation call => call.TargetMethod,
            _ => null,
        };
        if (
            member is null
            || !Names.IsProtected(member)
            || Names.IsLibrary(member.ContainingType)
            || !IsRead(operation)
            || IsInsideMarked(context.ContainingSymbol)
            || EnclosingScope.Find(operation) is { IsActive: true }
        )
        {
            return;
        }

        context.ReportDiagnostic(
            Diagnostic.Create(Rules.ReadWithoutScope, operation.Syntax.GetLocation(), member.Name)
        );
    }

    // Publishing needs no scope: an assignment, or the exchange that takes the old value out of circulation.
    private static bool IsRead(IOperation operation) =>
        operation.Parent switch
        {
            IAssignmentOperation assignment => !ReferenceEquals(assignment.Target, operation),
            INameOfOperation => false,
            IArgumentOperation { Parent: IInvocationOperation { TargetMethod: var method } } => !(
                method.ContainingType.Name is "Interlocked"
                || (method.ContainingType.Name is "Volatile" && method.Name is "Write")
            ),
            _ => true,
        };

    private static bool IsInsideMarked(ISymbol symbol) =>
        Names.IsProtected(symbol)
        || (
            symbol is IMethodSymbol method
            && (
                method.MethodKind is MethodKind.Constructor or MethodKind.StaticConstructor or MethodKind.Destructor
                || method.Name == "Dispose"
                || (method.AssociatedSymbol is { } property && Names.IsProtected(property))
                || method.Parameters.Any(parameter => Names.Is(parameter.Type, Names.ReadScope))
            )
        );
}
