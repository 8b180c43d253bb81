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
        context.RegisterOperationBlockAction(AnalyzePaths);
    }

    /// <summary>A local that is disposed, but not on every path; and one that is assigned and never disposed.</summary>
    private static void AnalyzePaths(OperationBlockAnalysisContext context)
    {
        foreach (var block in context.OperationBlocks)
        {
            var calls = block.Descendants().OfType<IInvocationOperation>();
            if (!calls.Any(call => Openings.ConsequenceOf(call) is not null))
                continue;
            var shared = SharedLocals(block);
            var whole = context.GetControlFlowGraph(block);
            foreach (var (graph, _) in GraphOperations.WithInner(whole, context.OwningSymbol))
            {
                foreach (var uses in LocalUses.Of(graph, shared))
                {
                    foreach (var left in OpenPaths.Find(graph, uses))
                        ReportPath(context, block, (IInvocationOperation)left.Key, left.Value);
                }
            }
        }
    }

    private static void ReportPath(
        OperationBlockAnalysisContext context,
        IOperation block,
        IInvocationOperation opening,
        string path
    )
    {
        // The graph's operations have no declarations around them: the rule above reports those that nothing disposes.
        var written = block
            .Descendants()
            .OfType<IInvocationOperation>()
            .First(call => call.Syntax == opening.Syntax && Openings.ConsequenceOf(call) is not null);
        if (Consumer(written) is IVariableDeclaratorOperation declarator && !IsDisposedOrEscapes(declarator))
            return;
        context.ReportDiagnostic(
            Diagnostic.Create(
                Rules.NotDisposed,
                opening.Syntax.GetLocation(),
                opening.TargetMethod.Name,
                path == OpenPaths.Everywhere ? "never disposed" : $"not disposed {path}",
                Openings.ConsequenceOf(opening)
            )
        );
    }

    /// <summary>Locals that a lambda or a local function uses and did not declare.</summary>
    private static HashSet<ISymbol> SharedLocals(IOperation block)
    {
        HashSet<ISymbol> shared = new(SymbolEqualityComparer.Default);
        foreach (var use in block.Descendants().OfType<ILocalReferenceOperation>())
        {
            IOperation? around = use;
            while (around is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation))
                around = around.Parent;
            if (
                around is not null
                && !use.Local.DeclaringSyntaxReferences.Any(one => around.Syntax.Span.Contains(one.Span))
            )
            {
                _ = shared.Add(use.Local);
            }
        }

        return shared;
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (Openings.ConsequenceOf(call) is not { } consequence)
            return;
        var isScope = Names.IsScope(call.Type);
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
            case IMemberReferenceOperation or IInvocationOperation or IConditionalAccessOperation:
                // domain.Register().EnterRead(): the registration itself is out of reach from then on.
                Report();
                break;
            case IArgumentOperation argument when isScope && Openings.IsOnlyLent(argument):
                // slot.Read(domain.EnterRead()): no variable holds the scope, so nobody can close it.
                Report();
                break;
        }

        void Report() =>
            context.ReportDiagnostic(
                Diagnostic.Create(
                    Rules.NotDisposed,
                    call.Syntax.GetLocation(),
                    call.TargetMethod.Name,
                    "never disposed",
                    consequence
                )
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
            IConditionalAccessOperation { WhenNotNull: IInvocationOperation { TargetMethod.Name: "Dispose" } } => null,
            IConditionalAccessOperation access when !ReferenceEquals(access.Operation, child) => null,
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
                    IArgumentOperation argument => !Names.IsScope(declarator.Symbol.Type)
                        || !Openings.IsOnlyLent(argument),
                    _ => true,
                }
            );
    }
}
