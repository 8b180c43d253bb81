using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>What the blocks of a control flow graph do.</summary>
internal static class GraphOperations
{
    /// <summary>The statements of a block, and what its branch asks.</summary>
    public static IEnumerable<IOperation> Of(BasicBlock block) =>
        block.BranchValue is { } value ? block.Operations.Append(value) : block.Operations;

    /// <summary>The graphs of a function and of the lambdas and local functions in it.</summary>
    public static IEnumerable<(ControlFlowGraph Graph, ISymbol Function)> WithInner(
        ControlFlowGraph graph,
        ISymbol function
    )
    {
        yield return (graph, function);
        foreach (var local in graph.LocalFunctions)
        {
            foreach (var inner in WithInner(graph.GetLocalFunctionControlFlowGraph(local), local))
                yield return inner;
        }

        foreach (var lambda in graph.Blocks.SelectMany(Of).SelectMany(one => one.DescendantsAndSelf()))
        {
            if (lambda is not IFlowAnonymousFunctionOperation { Symbol: { } symbol } flow)
                continue;
            foreach (var inner in WithInner(graph.GetAnonymousFunctionControlFlowGraph(flow), symbol))
                yield return inner;
        }
    }

    /// <summary>
    /// Whether a region is still inside of what is walked. The regions of a lambda go on into those of the function
    /// around it, whose blocks are another graph's.
    /// </summary>
    public static bool IsWithin(ControlFlowRegion region, ControlFlowRegion? within) =>
        region.Kind != ControlFlowRegionKind.Root && region != within;

    /// <summary>The local or parameter that an operation gives a value; null if it is none.</summary>
    public static ISymbol? AssignedBy(IOperation operation) =>
        operation switch
        {
            IAssignmentOperation assignment => DomainSymbols.SymbolOf(assignment.Target),
            IIncrementOrDecrementOperation step => DomainSymbols.SymbolOf(step.Target),
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => DomainSymbols.SymbolOf(
                argument.Value
            ),
            _ => null,
        };
}
