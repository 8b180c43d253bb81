using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>
/// LKR005: a local of type RcuThread that is used, or disposed, behind an await that follows its registration.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AwaitAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.AcrossAwait];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Analyze, OperationKind.VariableDeclarator);
        context.RegisterOperationAction(AnalyzeAwait, OperationKind.Await);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        var declarator = (IVariableDeclaratorOperation)context.Operation;
        if (!Names.Is(declarator.Symbol.Type, Names.Thread))
            return;
        var function = FunctionOf(declarator);
        var declared = declarator.Syntax.Span.End;

        // 'using' disposes at the end of its block, so every await inside that block lies in between.
        var end = UsingBody(declarator);
        var lastUse = function
            .Descendants()
            .OfType<ILocalReferenceOperation>()
            .Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, declarator.Symbol))
            .Select(reference => reference.Syntax.SpanStart)
            .Append(end?.Syntax.Span.End ?? 0)
            .Max();
        var crosses = function
            .Descendants()
            .OfType<IAwaitOperation>()
            .Any(await =>
                await.Syntax.SpanStart > declared
                && await.Syntax.Span.End <= lastUse
                && ReferenceEquals(FunctionOf(await), function)
            );
        if (crosses)
        {
            context.ReportDiagnostic(
                Diagnostic.Create(Rules.AcrossAwait, declarator.Syntax.GetLocation(), declarator.Symbol.Name)
            );
        }
    }

    /// <summary>A handle in a member that is used before and after an await.</summary>
    private static void AnalyzeAwait(OperationAnalysisContext context)
    {
        var function = FunctionOf(context.Operation);
        var uses = function
            .Descendants()
            .OfType<IMemberReferenceOperation>()
            .Where(use =>
                use is IFieldReferenceOperation or IPropertyReferenceOperation
                && Names.Is(use.Type, Names.Thread)
                && ReferenceEquals(FunctionOf(use), function)
            )
            .ToArray();
        var after = uses.FirstOrDefault(use =>
            use.Syntax.SpanStart > context.Operation.Syntax.Span.End
            && uses.Any(before =>
                SymbolEqualityComparer.Default.Equals(before.Member, use.Member)
                && before.Syntax.Span.End < context.Operation.Syntax.SpanStart
            )
        );
        if (after is not null)
        {
            context.ReportDiagnostic(
                Diagnostic.Create(Rules.AcrossAwait, after.Syntax.GetLocation(), after.Member.Name)
            );
        }
    }

    private static IOperation FunctionOf(IOperation operation)
    {
        var current = operation;
        while (current.Parent is { } parent)
        {
            if (current is IAnonymousFunctionOperation or ILocalFunctionOperation)
                break;
            current = parent;
        }

        return current;
    }

    private static IOperation? UsingBody(IOperation declarator)
    {
        for (var parent = declarator.Parent; parent is not null and not IBlockOperation; parent = parent.Parent)
        {
            if (parent is IUsingOperation statement)
                return statement.Body;
            if (parent is IUsingDeclarationOperation)
                return parent.Parent;
        }

        return null;
    }
}
