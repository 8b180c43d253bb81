using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>LKR001.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DisposalAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.NotDisposed];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        var isRegistration =
            Names.Is(call.Type, Names.Thread) && Names.Is(call.TargetMethod.ContainingType, Names.Domain);
        var isScope =
            Names.IsScope(call.Type)
            && (
                Names.Is(call.TargetMethod.ContainingType, Names.Thread)
                || Names.Is(call.TargetMethod.ContainingType, Names.Domain)
            );
        if (!isRegistration && !isScope)
            return;
        var consequence = isRegistration
            ? "declare it with 'using'."
            : "the scope stays open and no grace period ends; declare it with 'using'.";
        switch (Consumer(call))
        {
            case IExpressionStatementOperation:
            case ISimpleAssignmentOperation { Target: IDiscardOperation }:
                Report();
                break;
            case IVariableDeclaratorOperation declarator
                when !IsInUsing(declarator) && !IsDisposedOrEscapes(declarator):
                Report();
                break;
            case IMemberReferenceOperation or IInvocationOperation:
                // domain.Register().EnterRead(): the registration itself is out of reach from then on.
                Report();
                break;
            case IArgumentOperation argument when isScope && IsOnlyLent(argument):
                // slot.Read(domain.EnterRead()): no variable holds the scope, so nobody can close it.
                Report();
                break;
        }

        void Report() =>
            context.ReportDiagnostic(
                Diagnostic.Create(Rules.NotDisposed, call.Syntax.GetLocation(), call.TargetMethod.Name, consequence)
            );
    }

    /// <summary>
    /// Who gets the result: the operation around it, conversions left out. Null if it is handed on as an argument or a
    /// value.
    /// </summary>
    private static IOperation? Consumer(IOperation call)
    {
        var child = call;
        var parent = call.Parent;
        while (parent is IConversionOperation or IParenthesizedOperation or IVariableInitializerOperation)
            (child, parent) = (parent, parent.Parent);
        return parent switch
        {
            IInvocationOperation invocation when !ReferenceEquals(invocation.Instance, child) => null,
            IInvocationOperation { TargetMethod.Name: "Dispose" } => null,
            IMemberReferenceOperation member when !ReferenceEquals(member.Instance, child) => null,
            _ => parent,
        };
    }

    private static bool IsInUsing(IOperation declarator)
    {
        for (var parent = declarator.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IUsingOperation or IUsingDeclarationOperation)
                return true;
            if (parent is IBlockOperation)
                return false;
        }

        return false;
    }

    /// <summary>A local that is disposed somewhere, or handed on so that somebody else can.</summary>
    private static bool IsDisposedOrEscapes(IVariableDeclaratorOperation declarator)
    {
        IOperation root = declarator;
        while (root.Parent is not null)
            root = root.Parent;
        return root.Descendants()
            .OfType<ILocalReferenceOperation>()
            .Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, declarator.Symbol))
            .Any(reference =>
                reference.Parent switch
                {
                    IInvocationOperation invocation => invocation.TargetMethod.Name == "Dispose",
                    IMemberReferenceOperation => false,
                    IArgumentOperation argument => !Names.IsScope(declarator.Symbol.Type) || !IsOnlyLent(argument),
                    _ => true,
                }
            );
    }

    /// <summary>Handed over by <c>in</c>: who gets it can read by the scope and not close it.</summary>
    private static bool IsOnlyLent(IArgumentOperation argument) =>
        argument.Parameter?.RefKind is RefKind.In or RefKind.RefReadOnlyParameter;
}
