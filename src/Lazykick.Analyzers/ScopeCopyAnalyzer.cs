using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>LKR008: a scope in a second variable, or handed over by value.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ScopeCopyAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.ScopeCopied];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Analyze, OperationKind.LocalReference, OperationKind.ParameterReference);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        if (!Names.IsScope(context.Operation.Type))
            return;
        var copied = context.Operation.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.RefKind: RefKind.None } } =>
                true,
            ISimpleAssignmentOperation { IsRef: false } assignment => ReferenceEquals(
                assignment.Value,
                context.Operation
            ),
            IArgumentOperation { Parameter.RefKind: RefKind.None } => true,
            _ => false,
        };
        if (copied)
        {
            context.ReportDiagnostic(
                Diagnostic.Create(
                    Rules.ScopeCopied,
                    context.Operation.Syntax.GetLocation(),
                    context.Operation.Syntax.ToString()
                )
            );
        }
    }
}
