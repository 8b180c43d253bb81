using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>
/// LKR002. Protected is what a member marked with <c>RcuProtected</c> gives, and every pointer that is read inside a
/// read scope; through locals, not through calls. What the order of the text shows is reported where the value is kept,
/// the rest where the paths of the function show a use.
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
        EscapeReports reports = new(context);
        foreach (var block in context.OperationBlocks)
        {
            var protectedLocals = FindProtectedLocals(block);
            foreach (var operation in block.Descendants())
            {
                switch (operation)
                {
                    case ISimpleAssignmentOperation assignment when IsProtected(assignment.Value, protectedLocals):
                        CheckAssignment(reports, block, assignment);
                        break;
                    case IReturnOperation { ReturnedValue: { } value }
                        when IsRefReturn(reports, value, protectedLocals) && ReadScopeOf(operation) is not null:
                        reports.Report(value, "returned out of it by reference");
                        break;
                    case IAnonymousFunctionOperation lambda
                        when Captured(lambda, protectedLocals) is { } captured && RunsLater(lambda):
                        reports.Report(captured, "captured by a lambda that runs later");
                        break;
                    case IInvocationOperation { TargetMethod.Name: "QuiescentState" or "EnterQuiescent" } call
                        when Names.Is(call.TargetMethod.ContainingType, Names.Thread):
                        CheckQuiescentState(reports, block, call);
                        break;
                    case IReturnOperation { ReturnedValue: { } value }
                        when IsProtected(value, protectedLocals) && ReadScopeOf(operation) is not null:
                        reports.Report(value, "returned out of it");
                        break;
                }
            }
        }

        // After the rules above, which know the better place for what they see.
        CheckClosedScopes(reports);
    }

    /// <summary>What is kept or used on some path after the scope or pin that it came from.</summary>
    private static void CheckClosedScopes(EscapeReports reports)
    {
        foreach (var block in reports.Context.OperationBlocks)
        {
            if (!block.Descendants().Any(IsScopeOrPin))
                continue;
            var graph = reports.Context.GetControlFlowGraph(block);
            foreach (var (value, how) in ClosedScopes.Uses(graph, reports.Context.OwningSymbol, block))
            {
                if (!reports.Covers(value))
                    reports.Report(value, how);
            }
        }
    }

    private static bool IsScopeOrPin(IOperation operation) =>
        operation is ILocalReferenceOperation or IInvocationOperation or IParameterReferenceOperation
        && (Names.IsScope(operation.Type) || Names.Is(operation.Type, Names.Pin));

    private static void CheckAssignment(
        EscapeReports reports,
        IOperation block,
        ISimpleAssignmentOperation assignment
    )
    {
        if (ReadScopeOf(assignment) is not { } scope)
            return;
        switch (assignment.Target)
        {
            case IMemberReferenceOperation { Instance: { } holder } when IsNew(holder, block, scope.Body):
                return;
            case IFieldReferenceOperation or IPropertyReferenceOperation:
                if (assignment.Target is IMemberReferenceOperation { Instance: ILocalReferenceOperation into })
                    _ = reports.Locals.Add(into.Local);
                reports.Report(assignment.Value, "stored in a member");
                break;
            case ILocalReferenceOperation { Local: { } local }
                when !IsDeclaredIn(local, scope.Body) && IsUsedAfter(block, local, LastBody(scope)):
                _ = reports.Locals.Add(local);
                reports.Report(assignment.Value, "used after it");
                break;
        }
    }

    /// <summary>An object that is being made, or was made in the scope and is held by a local.</summary>
    private static bool IsNew(IOperation holder, IOperation block, IOperation body) =>
        holder switch
        {
            IInstanceReferenceOperation instance => instance.ReferenceKind == InstanceReferenceKind.ImplicitReceiver,
            ILocalReferenceOperation { Local: var local } => IsDeclaredIn(local, body)
                && block
                    .Descendants()
                    .OfType<IVariableDeclaratorOperation>()
                    .Any(one =>
                        SymbolEqualityComparer.Default.Equals(one.Symbol, local)
                        && one.GetVariableInitializer() is { Value: var value }
                        && Openings.Unconverted(value) is IObjectCreationOperation or ICollectionExpressionOperation
                    ),
            _ => false,
        };

    /// <summary>The end of the outermost scope around another one that may protect the same.</summary>
    private static IOperation LastBody(EnclosingScope scope)
    {
        var last = scope;
        while (
            EnclosingScope.Find(last.Declaration) is { IsActive: true } outer
            && (
                outer.Domain is null
                || scope.Domain is null
                || SymbolEqualityComparer.Default.Equals(outer.Domain, scope.Domain)
            )
        )
        {
            last = outer;
        }

        return last.Body;
    }

    /// <summary>Locals that hold a protected value from before a quiescent state and are used after it.</summary>
    private static void CheckQuiescentState(
        EscapeReports reports,
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
                reports.Report(uses[0], "used after a quiescent state");
            }
        }
    }

    private static bool IsRefReturn(EscapeReports reports, IOperation value, HashSet<ISymbol> locals) =>
        reports.Context.OwningSymbol is IMethodSymbol { RefKind: not RefKind.None }
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
                && !ProtectedUses.IsHarmless(reference)
            );
}
