using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>
/// LKR002. Protected is what a member marked with <c>RcuProtected</c> gives, and every pointer that is read inside a
/// read scope; through locals, not through calls.
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
        CheckClosedScopes(context);
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
                        when IsRefReturn(context, value, protectedLocals) && ReadScopeOf(operation) is not null:
                        Report(context, value, "returned out of it by reference");
                        break;
                    case IAnonymousFunctionOperation lambda
                        when Captured(lambda, protectedLocals) is { } captured && RunsLater(lambda):
                        Report(context, captured, "captured by a lambda that runs later");
                        break;
                    case IInvocationOperation { TargetMethod.Name: "QuiescentState" or "EnterQuiescent" } call
                        when Names.Is(call.TargetMethod.ContainingType, Names.Thread):
                        CheckQuiescentState(context, block, call);
                        break;
                    case IReturnOperation { ReturnedValue: { } value }
                        when IsProtected(value, protectedLocals) && ReadScopeOf(operation) is not null:
                        Report(context, value, "returned out of it");
                        break;
                }
            }
        }
    }

    /// <summary>Locals whose value came from a scope that a call of Dispose has closed.</summary>
    private static void CheckClosedScopes(OperationBlockAnalysisContext context)
    {
        HashSet<SyntaxNode> seen = [];
        foreach (var block in context.OperationBlocks)
        {
            if (!block.Descendants().Any(IsDisposeOfScope))
                continue;
            foreach (var use in ClosedScopes.Uses(context.GetControlFlowGraph(block), context.OwningSymbol))
            {
                if (seen.Add(use.Syntax))
                    Report(context, use, "used after the Dispose of the scope");
            }
        }
    }

    private static bool IsDisposeOfScope(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod.Name: "Dispose", Instance.Type: { } type }
        && Names.IsScope(type);

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

    /// <summary>Locals that hold a protected value from before a quiescent state and are used after it.</summary>
    private static void CheckQuiescentState(
        OperationBlockAnalysisContext context,
        IOperation block,
        IInvocationOperation call
    )
    {
        var at = call.Syntax.SpanStart;
        foreach (var declarator in block.Descendants().OfType<IVariableDeclaratorOperation>())
        {
            if (
                declarator.Syntax.SpanStart > at
                || declarator.GetVariableInitializer() is not { } initializer
                || !IsProtected(initializer.Value, [])
                || EnclosingScope.Find(declarator) is not { IsActive: true }
            )
            {
                continue;
            }

            var uses = block
                .Descendants()
                .OfType<ILocalReferenceOperation>()
                .Where(use =>
                    SymbolEqualityComparer.Default.Equals(use.Local, declarator.Symbol) && use.Syntax.SpanStart > at
                )
                .OrderBy(use => use.Syntax.SpanStart)
                .ToArray();
            if (
                uses.Length > 0
                && !(
                    uses[0].Parent is ISimpleAssignmentOperation assignment
                    && ReferenceEquals(assignment.Target, uses[0])
                )
            )
            {
                Report(context, uses[0], "used after a quiescent state");
            }
        }
    }

    private static bool IsRefReturn(OperationBlockAnalysisContext context, IOperation value, HashSet<ISymbol> locals) =>
        context.OwningSymbol is IMethodSymbol { RefKind: not RefKind.None }
        && value.DescendantsAndSelf().Any(part => IsProtected(part, locals));

    private static IOperation? Captured(IAnonymousFunctionOperation lambda, HashSet<ISymbol> locals) =>
        lambda
            .Body.Descendants()
            .OfType<ILocalReferenceOperation>()
            .FirstOrDefault(use => locals.Contains(use.Local) && !IsDeclaredIn(use.Local, lambda));

    /// <summary>
    /// Kept in a member, returned, or handed to what starts threads and tasks; anything else may well call it at once.
    /// </summary>
    private static bool RunsLater(IAnonymousFunctionOperation lambda)
    {
        var parent = lambda.Parent;
        while (parent is IConversionOperation or IDelegateCreationOperation or IArgumentOperation)
            parent = parent.Parent;
        return parent switch
        {
            IReturnOperation => true,
            ISimpleAssignmentOperation { Target: IMemberReferenceOperation } => true,
            IEventAssignmentOperation => true,
            IObjectCreationOperation creation => creation.Type?.Name is "Thread" or "Timer",
            IInvocationOperation call => call.TargetMethod.Name
                is "Run"
                    or "StartNew"
                    or "ContinueWith"
                    or "QueueUserWorkItem"
                    or "UnsafeQueueUserWorkItem"
                    or "Register"
                    or "UnsafeRegister"
                    or "Retire",
            _ => false,
        };
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
            foreach (var declarator in block.Descendants().OfType<IVariableDeclaratorOperation>())
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
        // A number that becomes a pointer is one: the usual way to read a pointer with Volatile.
        var isPointer = value.Type is IPointerTypeSymbol;
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        return value switch
        {
            ILiteralOperation or IDefaultValueOperation => false,
            ILocalReferenceOperation local => locals.Contains(local.Local),
            IMemberReferenceOperation member when Names.IsProtected(member.Member) => true,
            IInvocationOperation call when Names.IsProtected(call.TargetMethod) || IsVolatileReadOfProtected(call) =>
                true,
            IObjectCreationOperation { Type.Name: "Span" or "ReadOnlySpan" } span => span.Arguments.Any(argument =>
                IsProtected(argument.Value, locals)
            ),
            IFieldReferenceOperation or IInvocationOperation or IArrayElementReferenceOperation => isPointer,
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
