using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>
/// LKR002. Protected is what a member marked with <c>RcuProtected</c> gives, and every pointer that is read inside a
/// read
/// scope; through locals, not through calls.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EscapeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.Escapes];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationBlockAction(Analyze);
    }

    private static void Analyze(OperationBlockAnalysisContext context)
    {
        foreach (var block in context.OperationBlocks)
        {
            var protectedLocals = FindProtectedLocals(block);
            foreach (var operation in block.Descendants())
            {
                switch (operation)
                {
                    case ISimpleAssignmentOperation assignment when IsProtected(assignment.Value, protectedLocals):
                        CheckAssignment(context, block, assignment);
                        break;
                    case IReturnOperation { ReturnedValue: { } value }
                        when IsProtected(value, protectedLocals) && ReadScopeOf(operation) is not null:
                        Report(context, value, "returned out of it");
                        break;
                }
            }
        }
    }

    private static void CheckAssignment(
        OperationBlockAnalysisContext context,
        IOperation block,
        ISimpleAssignmentOperation assignment
    )
    {
        if (ReadScopeOf(assignment) is not { } scope)
            return;
        switch (assignment.Target)
        {
            case IFieldReferenceOperation or IPropertyReferenceOperation:
                Report(context, assignment.Value, "stored in a member");
                break;
            case ILocalReferenceOperation { Local: { } local }
                when !IsDeclaredIn(local, scope.Body) && IsUsedAfter(block, local, scope.Body):
                Report(context, assignment.Value, "used after it");
                break;
        }
    }

    private static EnclosingScope? ReadScopeOf(IOperation operation) =>
        EnclosingScope.Find(operation) is { } scope && Names.Is(scope.Type, Names.ReadScope) ? scope : null;

    /// <summary>Locals that got a protected value inside a read scope, directly or from another such local.</summary>
    private static HashSet<ISymbol> FindProtectedLocals(IOperation block)
    {
        HashSet<ISymbol> locals = new(SymbolEqualityComparer.Default);
        int before;
        do
        {
            before = locals.Count;
            foreach (
                var declarator in block.Descendants().OfType<IVariableDeclaratorOperation>()
            )
            {
                if (
                    declarator.GetVariableInitializer() is { } initializer
                    && IsProtected(initializer.Value, locals)
                    && ReadScopeOf(declarator) is not null
                )
                {
                    locals.Add(declarator.Symbol);
                }
            }
        } while (locals.Count > before);
        return locals;
    }

    private static bool IsProtected(IOperation value, HashSet<ISymbol> locals)
    {
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        return value switch
        {
            ILiteralOperation or IDefaultValueOperation => false,
            ILocalReferenceOperation local => locals.Contains(local.Local),
            IMemberReferenceOperation member when Names.IsProtected(member.Member) => true,
            IInvocationOperation call when Names.IsProtected(call.TargetMethod) || IsVolatileReadOfProtected(call) =>
                true,
            IFieldReferenceOperation or IInvocationOperation or IArrayElementReferenceOperation => value.Type
                is IPointerTypeSymbol,
            _ => false,
        };
    }

    private static bool IsVolatileReadOfProtected(IInvocationOperation call) =>
        call.TargetMethod is { Name: "Read", ContainingType.Name: "Volatile" }
        && call.Arguments[0].Value is IMemberReferenceOperation member
        && Names.IsProtected(member.Member);

    private static bool IsDeclaredIn(ILocalSymbol local, IOperation body) =>
        local.DeclaringSyntaxReferences.Any(reference => body.Syntax.Span.Contains(reference.Span));

    private static bool IsUsedAfter(IOperation block, ILocalSymbol local, IOperation body) =>
        block
            .Descendants()
            .OfType<ILocalReferenceOperation>()
            .Any(reference =>
                SymbolEqualityComparer.Default.Equals(reference.Local, local)
                && reference.Syntax.SpanStart >= body.Syntax.Span.End
                && !(
                    reference.Parent is ISimpleAssignmentOperation overwritten
                    && ReferenceEquals(overwritten.Target, reference)
                )
            );

    private static void Report(OperationBlockAnalysisContext context, IOperation value, string how) =>
        context.ReportDiagnostic(
            Diagnostic.Create(Rules.Escapes, value.Syntax.GetLocation(), value.Syntax.ToString(), how)
        );
}
