using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>
/// LKR007: a resource that is retired before it is unpublished, twice, or used afterwards; within one block.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RetireAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.RetiredWrongly];

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
        if (!IsRetire(call) || call.Arguments.Length == 0 || Statement(call) is not var (block, index))
            return;
        var retired = DomainSymbols.SymbolOf(call.Arguments[0].Value);
        if (retired is null)
            return;
        var published = retired is ILocalSymbol local ? Source(block, index, local) : retired as IFieldSymbol;
        foreach (var later in block.Operations.Skip(index + 1))
        {
            if (published is not null && Unpublishes(later, published))
            {
                Report("before it is unpublished: a reader may still find it when its grace period is already running");
                return;
            }

            if (retired is not (ILocalSymbol or IParameterSymbol { RefKind: RefKind.None }))
                continue;
            if (Mentions(later, retired) is not { } mention)
                continue;
            if (mention.Parent is ISimpleAssignmentOperation assignment && ReferenceEquals(assignment.Target, mention))
                return;
            Report(
                later.DescendantsAndSelf().OfType<IInvocationOperation>().Any(IsRetire)
                    ? "twice: it would be freed twice"
                    : "and used afterwards: it may be gone by then"
            );
            return;
        }

        void Report(string how) =>
            context.ReportDiagnostic(
                Diagnostic.Create(
                    Rules.RetiredWrongly,
                    call.Syntax.GetLocation(),
                    call.Arguments[0].Value.Syntax.ToString(),
                    how
                )
            );
    }

    private static bool IsRetire(IInvocationOperation call) =>
        Names.Is(call.TargetMethod.ContainingType, Names.Domain)
        && call.TargetMethod.Name is "Retire" or "RetireNative" or "RetireAligned";

    private static (IBlockOperation Block, int Index)? Statement(IOperation operation)
    {
        for (var child = operation; child.Parent is not null; child = child.Parent)
        {
            if (child.Parent is IBlockOperation block)
                return (block, block.Operations.IndexOf(child));
        }

        return null;
    }

    /// <summary>The field that a local was read from, if it was read and not exchanged.</summary>
    private static IFieldSymbol? Source(IBlockOperation block, int index, ILocalSymbol local)
    {
        var declarator = block
            .Operations.Take(index)
            .SelectMany(operation => operation.DescendantsAndSelf())
            .OfType<IVariableDeclaratorOperation>()
            .FirstOrDefault(one => SymbolEqualityComparer.Default.Equals(one.Symbol, local));
        var value = declarator?.GetVariableInitializer()?.Value;
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        if (value is IInvocationOperation { TargetMethod: { Name: "Read", ContainingType.Name: "Volatile" } } read)
            value = read.Arguments[0].Value;
        return (value as IFieldReferenceOperation)?.Field;
    }

    private static bool Unpublishes(IOperation statement, IFieldSymbol field) =>
        statement
            .DescendantsAndSelf()
            .OfType<IFieldReferenceOperation>()
            .Any(reference =>
                SymbolEqualityComparer.Default.Equals(reference.Field, field)
                && (
                    (
                        reference.Parent is ISimpleAssignmentOperation assignment
                        && ReferenceEquals(assignment.Target, reference)
                    ) || reference.Parent is IArgumentOperation { Parameter.RefKind: RefKind.Ref }
                )
            );

    private static IOperation? Mentions(IOperation statement, ISymbol variable) =>
        statement
            .DescendantsAndSelf()
            .FirstOrDefault(part =>
                part is ILocalReferenceOperation or IParameterReferenceOperation
                && SymbolEqualityComparer.Default.Equals(DomainSymbols.SymbolOf(part), variable)
            );
}
