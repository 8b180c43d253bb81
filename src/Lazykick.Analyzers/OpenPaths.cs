using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>
/// Follows each path of a function on its own and finds where it leaves a local open that it opened. A path that asks
/// the same question twice gets the same answer; calls throw only where the code itself catches.
/// </summary>
internal sealed class OpenPaths
{
    // Beyond that the function is too branched to be sure of anything, and nothing is reported.
    private const int MostStates = 3000;

    /// <summary>Where a path leaves that meets no Dispose at any branch.</summary>
    public const string Everywhere = "on every path";

    private readonly ControlFlowGraph _graph;
    private readonly LocalUses _uses;
    private readonly Dictionary<string, ImmutableArray<ISymbol>> _questions;
    private readonly HashSet<int> _canClose;
    private readonly Dictionary<IOperation, string> _left = [];
    private int _states;

    private OpenPaths(ControlFlowGraph graph, LocalUses uses)
    {
        _graph = graph;
        _uses = uses;
        _questions = QuestionsOf(graph);
        _canClose = BlocksThatCanClose();
    }

    /// <summary>The openings that some path leaves open, and which path that is.</summary>
    public static IReadOnlyDictionary<IOperation, string> Find(ControlFlowGraph graph, LocalUses uses)
    {
        OpenPaths paths = new(graph, uses);
        _ = paths.Run(graph.Blocks[0], PathState.Start, within: null);
        return paths._states > MostStates ? ImmutableDictionary<IOperation, string>.Empty : paths._left;
    }

    /// <returns>How a <c>finally</c> is left, if it is one that is run.</returns>
    private List<PathState> Run(BasicBlock first, PathState entry, ControlFlowRegion? within)
    {
        Queue<(BasicBlock Block, PathState State)> waiting = [];
        HashSet<(int, string)> seen = [];
        List<PathState> left = [];
        Reach(first, entry);
        while (waiting.Count > 0 && _states <= MostStates)
        {
            var (block, state) = waiting.Dequeue();
            if (Walk(block, state) is { } end)
                Branch(block, end);
        }

        return left;

        void Reach(BasicBlock block, PathState state)
        {
            if (!seen.Add((block.Ordinal, state.Key)))
                return;
            _states++;
            waiting.Enqueue((block, state));
        }

        PathState? Walk(BasicBlock block, PathState state)
        {
            foreach (var operation in GraphOperations.Of(block))
            {
                if (Throwing.May(operation) && CatchAround(block.EnclosingRegion, within) is { } catching)
                    Catch(catching, state);
                state = Step(operation, state);
                if (Throwing.Always(operation))
                    return null;
            }

            return state;
        }

        void Branch(BasicBlock block, PathState state)
        {
            if (block.ConditionalSuccessor is { } conditional && block.BranchValue is { } value)
            {
                var whenTrue = block.ConditionKind == ControlFlowConditionKind.WhenTrue;
                if (After(value, whenTrue, state) is { } taken)
                    Follow(block, conditional, Turn(block, conditional, value, whenTrue, taken));
                if (block.FallThroughSuccessor is { } other && After(value, !whenTrue, state) is { } fallen)
                    Follow(block, other, Turn(block, other, value, !whenTrue, fallen));
            }
            else if (block.FallThroughSuccessor is { } next)
            {
                Follow(block, next, state);
            }
        }

        void Follow(BasicBlock block, ControlFlowBranch branch, PathState state)
        {
            switch (branch.Semantics)
            {
                case ControlFlowBranchSemantics.StructuredExceptionHandling:
                    left.Add(state);
                    return;
                case ControlFlowBranchSemantics.Throw when block.BranchValue is { Syntax.Parent: var around }:
                    if (around is ThrowStatementSyntax or ThrowExpressionSyntax)
                        Throw(block.EnclosingRegion, state.Turned($"where '{Short(around)}' leaves"));
                    return;
                case ControlFlowBranchSemantics.Rethrow:
                    Throw(block.EnclosingRegion, state);
                    return;
            }

            if (branch.Destination is not { } destination)
                return;
            foreach (var after in RunFinally(branch.FinallyRegions, state))
            {
                if (destination.Kind == BasicBlockKind.Exit)
                    Leave(after);
                else
                    Reach(destination, after);
            }
        }

        void Throw(ControlFlowRegion? region, PathState state)
        {
            List<PathState> states = [state];
            for (; region is not null && GraphOperations.IsWithin(region, within); region = region.EnclosingRegion)
            {
                if (region is not { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { } around })
                    continue;
                if (around.Kind == ControlFlowRegionKind.TryAndCatch)
                {
                    states.ForEach(one => Catch(around, one));
                    return;
                }

                states = [.. states.SelectMany(one => RunFinally([around.NestedRegions[1]], one))];
            }

            if (within is null)
                states.ForEach(Leave);
        }

        void Catch(ControlFlowRegion around, PathState state)
        {
            foreach (var handler in around.NestedRegions.Where(one => one.Kind != ControlFlowRegionKind.Try))
                Reach(_graph.Blocks[handler.FirstBlockOrdinal], state.Turned("where an exception is caught"));
        }
    }

    private IEnumerable<PathState> RunFinally(ImmutableArray<ControlFlowRegion> regions, PathState state)
    {
        IEnumerable<PathState> states = [state];
        foreach (var region in regions)
            states = [.. states.SelectMany(one => Run(_graph.Blocks[region.FirstBlockOrdinal], one, region))];
        return states;
    }

    /// <summary>The nearest try with a catch around a region, within the one that is being run.</summary>
    private static ControlFlowRegion? CatchAround(ControlFlowRegion? region, ControlFlowRegion? within)
    {
        for (; region is not null && GraphOperations.IsWithin(region, within); region = region.EnclosingRegion)
        {
            if (region is { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { } around })
                return around.Kind == ControlFlowRegionKind.TryAndCatch ? around : null;
        }

        return null;
    }

    /// <summary>One statement: what it closes, then what it assigns.</summary>
    private PathState Step(IOperation statement, PathState state)
    {
        foreach (var part in statement.DescendantsAndSelf())
        {
            if (_uses.IsDispose(part))
                state = state.With(null);
            if (GraphOperations.AssignedBy(part) is { } variable && state.Answers.Count > 0)
            {
                var stale = _questions.Where(pair => pair.Value.Contains(variable, SymbolEqualityComparer.Default));
                state = state.Forget(stale.Select(pair => pair.Key));
            }

            if (part is not ISimpleAssignmentOperation assignment)
                continue;
            if (_uses.IsLocal(assignment.Target))
            {
                if (state.Opening is not null)
                    Leave(state.Turned("before its variable is assigned again"));
                state = state.With(Openings.Of(assignment.Value));
            }
            else if (
                assignment is { Target: ILocalReferenceOperation { Local.Name: var flag } }
                && assignment.Value.ConstantValue is { HasValue: true, Value: bool constant }
                && _questions.ContainsKey(flag)
            )
            {
                state = state.Answered(flag, constant);
            }
        }

        return state;
    }

    /// <summary>A path after a branch; null if it cannot go that way.</summary>
    private PathState? After(IOperation value, bool outcome, PathState state)
    {
        if (value.ConstantValue is { HasValue: true, Value: bool constant })
            return constant == outcome ? state : null;
        if (value is IIsPatternOperation { Pattern: IDeclarationPatternOperation { MatchesNull: true } })
            return outcome ? state : null;
        if (value.Syntax.Parent is ForStatementSyntax loop && loop.Condition == value.Syntax)
        {
            // A counted loop runs: the path that skips it is seldom one.
            var ran = $"for {loop.SpanStart}";
            if (!outcome && !state.Answers.ContainsKey(ran))
                return null;
            state = state.Answered(ran, true);
        }

        var question = Condition.Of(value);
        var answer = outcome != question.IsNegated;
        if (question.NullTested is { } tested && _uses.IsLocal(tested))
        {
            // A pin that is null was not taken; what is open is not null.
            return answer ? state.With(null) : state;
        }

        if (!_questions.ContainsKey(question.Key))
            return state;
        if (state.Answers.TryGetValue(question.Key, out var before))
            return before == answer ? state : null;
        return state.Answered(question.Key, answer);
    }

    private PathState Turn(
        BasicBlock block,
        ControlFlowBranch branch,
        IOperation value,
        bool outcome,
        PathState state
    ) =>
        state.Opening is not null
        && _canClose.Contains(block.Ordinal)
        && branch.Destination is { } destination
        && !_canClose.Contains(destination.Ordinal)
            ? state.Turned($"where '{Short(value.Syntax)}' is {(outcome ? "true" : "false")}")
            : state;

    private static string Short(SyntaxNode syntax)
    {
        var text = syntax.ToString();
        return text.Length > 60 ? text.Substring(0, 57) + "..." : text;
    }

    private void Leave(PathState state)
    {
        if (state.Opening is { } opening && !_left.ContainsKey(opening))
            _left.Add(opening, state.Turn ?? Everywhere);
    }

    /// <summary>What is asked more than once, or is a variable that the function sets.</summary>
    private static Dictionary<string, ImmutableArray<ISymbol>> QuestionsOf(ControlFlowGraph graph) =>
        graph
            .Blocks.Where(block => block.ConditionalSuccessor is not null && block.BranchValue is not null)
            .Select(block => (Question: Condition.Of(block.BranchValue!), Value: block.BranchValue!))
            .GroupBy(one => one.Question.Key)
            .Where(group => group.Count() > 1 || group.Any(one => IsFlag(one.Value)))
            .ToDictionary(group => group.Key, group => group.First().Question.Variables);

    private static bool IsFlag(IOperation value) =>
        Openings.Unconverted(value)
            is ILocalReferenceOperation
                or IUnaryOperation { Operand: ILocalReferenceOperation };

    private HashSet<int> BlocksThatCanClose()
    {
        HashSet<int> found =
        [
            .. _graph
                .Blocks.Where(block =>
                    GraphOperations.Of(block).SelectMany(one => one.DescendantsAndSelf()).Any(_uses.IsDispose)
                )
                .Select(block => block.Ordinal),
        ];
        int before;
        do
        {
            before = found.Count;
            foreach (var block in _graph.Blocks)
            {
                if (new[] { block.ConditionalSuccessor, block.FallThroughSuccessor }.Any(Closes))
                    _ = found.Add(block.Ordinal);
            }
        } while (found.Count > before);
        return found;

        bool Closes(ControlFlowBranch? branch) =>
            branch is not null
            && (
                (branch.Destination is { } next && found.Contains(next.Ordinal))
                || branch.FinallyRegions.Any(region => found.Contains(region.FirstBlockOrdinal))
            );
    }
}
