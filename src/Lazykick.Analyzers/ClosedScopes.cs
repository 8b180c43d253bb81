using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>
/// Follows the paths of one function and finds where a local is used after the <c>Dispose</c> call of the scope that
/// its value came from. Ends of scopes that <c>using</c> closes are the compiler's and the caller's business.
/// </summary>
internal sealed class ClosedScopes
{
    private readonly ControlFlowGraph _graph;
    private readonly Dictionary<int, ScopeState> _entries = [];
    private readonly Dictionary<SyntaxNode, IOperation> _uses;

    private ClosedScopes(ControlFlowGraph graph, Dictionary<SyntaxNode, IOperation> uses)
    {
        _graph = graph;
        _uses = uses;
    }

    /// <summary>The first use of each local whose scope has been closed by then.</summary>
    /// <param name="graph">Of the function; lambdas and local functions in it are looked at too.</param>
    /// <param name="function">The method that the graph is of.</param>
    public static IEnumerable<IOperation> Uses(ControlFlowGraph graph, ISymbol function)
    {
        Dictionary<SyntaxNode, IOperation> uses = [];
        Explore(graph, function, uses);
        return uses
            .Values.GroupBy(use => (use as ILocalReferenceOperation)?.Local, SymbolEqualityComparer.Default)
            .Select(group => group.OrderBy(use => use.Syntax.SpanStart).First());
    }

    private static void Explore(ControlFlowGraph graph, ISymbol function, Dictionary<SyntaxNode, IOperation> uses)
    {
        var walk = new ClosedScopes(graph, uses);
        _ = walk.Run(graph.Blocks[0], ScopeState.At(function), within: null);
        foreach (var local in graph.LocalFunctions)
            Explore(graph.GetLocalFunctionControlFlowGraph(local), local, uses);
        foreach (var lambda in graph.Blocks.SelectMany(Operations).SelectMany(one => one.DescendantsAndSelf()))
        {
            if (lambda is IFlowAnonymousFunctionOperation { Symbol: { } symbol } flow)
                Explore(graph.GetAnonymousFunctionControlFlowGraph(flow), symbol, uses);
        }
    }

    private static IEnumerable<IOperation> Operations(BasicBlock block) =>
        block.BranchValue is { } value ? block.Operations.Append(value) : block.Operations;

    /// <summary>Goes on from a block until nothing changes any more.</summary>
    /// <returns>How a <c>finally</c> is left, if it is one that is run.</returns>
    private ScopeState? Run(BasicBlock first, ScopeState entry, ControlFlowRegion? within)
    {
        var entries = within is null ? _entries : new Dictionary<int, ScopeState>();
        Queue<BasicBlock> waiting = [];
        ScopeState? left = null;
        Reach(first, entry);
        while (waiting.Count > 0)
        {
            var block = waiting.Dequeue();
            var state = entries[block.Ordinal].Copy();
            ReachHandlers(block, state);
            foreach (var operation in Operations(block))
            {
                Step(operation, state);
                ReachHandlers(block, state);
            }

            foreach (var branch in new[] { block.ConditionalSuccessor, block.FallThroughSuccessor })
                Follow(branch, state);
        }

        return left;

        void Follow(ControlFlowBranch? branch, ScopeState state)
        {
            if (branch is null)
                return;
            if (branch.Semantics == ControlFlowBranchSemantics.StructuredExceptionHandling)
            {
                left ??= state.Copy();
                _ = left.Add(state);
                return;
            }

            var after = state;
            foreach (var region in branch.FinallyRegions)
            {
                if (Run(_graph.Blocks[region.FirstBlockOrdinal], after, region) is not { } next)
                    return;
                after = next;
            }

            if (branch.Destination is { } destination)
                Reach(destination, after);
        }

        void Reach(BasicBlock block, ScopeState state)
        {
            if (!entries.TryGetValue(block.Ordinal, out var known))
                entries[block.Ordinal] = state.Copy();
            else if (!known.Add(state))
                return;
            waiting.Enqueue(block);
        }

        void ReachHandlers(BasicBlock block, ScopeState state)
        {
            var region = block.EnclosingRegion;
            for (; region is not null && region != within; region = region.EnclosingRegion)
            {
                if (region is not { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { } around })
                    continue;
                foreach (var handler in around.NestedRegions.Where(one => IsHandler(one.Kind)))
                    Reach(_graph.Blocks[handler.FirstBlockOrdinal], state);
            }
        }
    }

    private static bool IsHandler(ControlFlowRegionKind kind) =>
        kind is ControlFlowRegionKind.Catch or ControlFlowRegionKind.FilterAndHandler;

    /// <summary>One statement: what it uses, then what it closes, then what it assigns.</summary>
    private void Step(IOperation statement, ScopeState state)
    {
        var parts = statement.DescendantsAndSelf().ToImmutableArray();
        foreach (var use in parts.OfType<ILocalReferenceOperation>())
        {
            if (state.IsDead(use.Local) && !IsOverwritten(use))
                _uses[use.Syntax] = use;
        }

        foreach (var part in parts)
        {
            if (part is IInvocationOperation { TargetMethod.Name: "Dispose", Instance: { } instance } call)
            {
                if (Names.IsScope(instance.Type) && ScopeState.KeyOf(instance) is { } scope)
                    state.Close(scope, isSeen: !call.IsImplicit);
            }
        }

        foreach (var part in parts)
        {
            if (part is ISimpleAssignmentOperation assignment && ScopeState.KeyOf(assignment.Target) is { } target)
                state.Assign(target, assignment.Value, assignment.IsRef);
            else if (part is IFlowCaptureOperation capture)
                state.Assign(capture.Id, capture.Value, isRef: false);
        }
    }

    private static bool IsOverwritten(ILocalReferenceOperation use) =>
        use.Parent switch
        {
            ISimpleAssignmentOperation assignment => ReferenceEquals(assignment.Target, use),
            IArgumentOperation { Parameter.RefKind: RefKind.Out } or INameOfOperation => true,
            _ => false,
        };
}
