using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>
/// Follows the paths of one function and finds where a local is used after the end of the scope or pin that its value
/// came from, and what of it is still in a member, in an argument or in the result when the function returns.
/// </summary>
internal sealed class ClosedScopes
{
    private static readonly object Result = new();

    private readonly ControlFlowGraph _graph;
    private readonly Dictionary<int, ScopeState> _entries = [];
    private readonly Dictionary<SyntaxNode, (IOperation Value, string How)> _found;
    private readonly Dictionary<object, IOperation> _stores = [];
    private readonly ILookup<CaptureId, IOperation> _copied;
    private readonly Func<IOperation, IEnumerable<ILocalSymbol>> _captured;

    private ClosedScopes(
        ControlFlowGraph graph,
        Dictionary<SyntaxNode, (IOperation, string)> found,
        Func<IOperation, IEnumerable<ILocalSymbol>> captured
    )
    {
        _graph = graph;
        _found = found;
        _captured = captured;
        _copied = graph
            .Blocks.SelectMany(block => block.Operations)
            .OfType<IFlowCaptureOperation>()
            .ToLookup(capture => capture.Id, capture => capture.Value);
    }

    /// <summary>The first use of each local whose scope has been closed by then, and what is kept elsewhere.</summary>
    /// <param name="graph">Of the function; lambdas and local functions in it are looked at too.</param>
    /// <param name="function">The method that the graph is of.</param>
    /// <param name="block">The function as it is written.</param>
    public static IEnumerable<(IOperation Value, string How)> Uses(
        ControlFlowGraph graph,
        ISymbol function,
        IOperation block
    )
    {
        var lambdas = block
            .Descendants()
            .OfType<IAnonymousFunctionOperation>()
            .ToLookup(
                lambda => lambda.Syntax,
                lambda => lambda.Descendants().OfType<ILocalReferenceOperation>().Select(use => use.Local)
            );
        Dictionary<SyntaxNode, (IOperation Value, string How)> found = [];
        foreach (var (inner, symbol) in GraphOperations.WithInner(graph, function))
        {
            ClosedScopes walk = new(inner, found, lambda => lambdas[lambda.Syntax].SelectMany(locals => locals));
            _ = walk.Run(inner.Blocks[0], ScopeState.At(symbol), within: null);
        }

        return found
            .Values.GroupBy(one => ProtectedUses.LocalOf(one.Value) ?? (object)one.Value.Syntax)
            .Select(group => group.OrderBy(one => one.Value.Syntax.SpanStart).First());
    }

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
            foreach (var operation in GraphOperations.Of(block))
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
            if (branch is { Semantics: ControlFlowBranchSemantics.Return, Source.BranchValue: { } result })
            {
                after = state.Copy();
                after.Assign(Result, ScopeNeeds.Of(result, state, _captured));
            }

            foreach (var region in branch.FinallyRegions)
            {
                if (Run(_graph.Blocks[region.FirstBlockOrdinal], after, region) is not { } next)
                    return;
                after = next;
            }

            if (branch.Destination is not { } destination)
                return;
            Reach(destination, after);
            if (destination.Kind == BasicBlockKind.Exit)
                Leave(branch.Source.BranchValue, after);
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
            for (; region is not null && GraphOperations.IsWithin(region, within); region = region.EnclosingRegion)
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

    /// <summary>What of a closed scope is still somewhere when the function returns.</summary>
    private void Leave(IOperation? result, ScopeState state)
    {
        if (result is not null && state.IsDead(Result))
            _found[result.Syntax] = (result, "returned");
        foreach (var store in _stores.Where(store => state.IsDead(store.Key)))
        {
            var how = store.Key is IParameterSymbol ? "handed out by a parameter" : "stored in a member";
            _found[store.Value.Syntax] = (store.Value, how);
        }
    }

    /// <summary>One statement: what it uses, then what it closes, then what it assigns.</summary>
    private void Step(IOperation statement, ScopeState state)
    {
        var parts = statement.DescendantsAndSelf().ToImmutableArray();
        foreach (var use in parts.Where(one => one is ILocalReferenceOperation or IFieldReferenceOperation))
        {
            if (ScopeState.KeyOf(use) is { } key && state.IsDead(key) && !ProtectedUses.IsHarmless(use))
                _found[use.Syntax] = (use, "used afterwards");
        }

        foreach (var part in parts)
        {
            if (part is not IInvocationOperation { TargetMethod.Name: "Dispose", Instance: { } instance })
                continue;
            instance = Openings.Unconverted(instance);
            if (Names.IsScope(instance.Type) && ScopeState.KeyOf(instance) is { } scope)
                state.Close(scope);
            else if (Names.Is(instance.Type, Names.Pin) && state.PinOf(instance) is { } pin)
                state.Close(pin);
        }

        foreach (var part in parts)
        {
            switch (part)
            {
                case ISimpleAssignmentOperation assignment
                    when Written(assignment) is var place && ScopeState.KeyOf(place) is { } target:
                    Assign(target, assignment.Value, assignment.IsRef, state);
                    var isOut = place is IParameterReferenceOperation { Parameter.RefKind: not RefKind.None };
                    if (isOut && state.NeedsOf(target).Any())
                        _stores[target] = assignment.Value;
                    break;
                case ISimpleAssignmentOperation assignment:
                    AssignMember(Written(assignment), assignment.Value, state);
                    break;
                case IFlowCaptureOperation capture:
                    Assign(capture.Id, capture.Value, isRef: false, state);
                    break;
                case IDeconstructionAssignmentOperation { Target: ITupleOperation targets } deconstruction
                    when Openings.Unconverted(deconstruction.Value) is ITupleOperation values:
                    for (var i = 0; i < targets.Elements.Length && i < values.Elements.Length; i++)
                    {
                        var element = targets.Elements[i];
                        if (element is IDeclarationExpressionOperation declaration)
                            element = declaration.Expression;
                        if (ScopeState.KeyOf(element) is { } target)
                            Assign(target, values.Elements[i], isRef: false, state);
                    }

                    break;
                case IIsPatternOperation pattern:
                    var needs = ScopeNeeds.Of(pattern.Value, state, _captured);
                    PatternNeeds.Match(pattern.Pattern, pattern.Value, needs, state);
                    break;
                case IInvocationOperation call when Collections.IsOne(call.Instance?.Type):
                    Collect(call, state);
                    break;
            }
        }
    }

    /// <summary>What an assignment writes: the compiler sets it aside where its value has branches.</summary>
    private IOperation Written(ISimpleAssignmentOperation assignment) =>
        assignment.Target is IFlowCaptureReferenceOperation copy && _copied[copy.Id].Count() == 1
            ? _copied[copy.Id].Single()
            : assignment.Target;

    private void Assign(object target, IOperation value, bool isRef, ScopeState state)
    {
        var plain = Openings.Unconverted(value);
        if (ScopeState.IsActiveScope(value.Type))
        {
            state.Enter(target, DomainSymbols.OfScope(plain));
            return;
        }

        if (Names.Is(plain.Type, Names.Pin))
            state.TakePin(target, target is CaptureId ? state.PinOf(plain) : null);
        state.Assign(target, plain is ITupleOperation ? [] : ScopeNeeds.Of(value, state, _captured, isRef));
        if (plain is not ITupleOperation tuple || target is not ILocalSymbol local)
            return;
        for (var i = 0; i < tuple.Elements.Length; i++)
            state.Assign((local, $"Item{i + 1}"), ScopeNeeds.Of(tuple.Elements[i], state, _captured));
    }

    /// <summary>A member of something: of a local it is a part, elsewhere it must be gone at the end.</summary>
    private void AssignMember(IOperation target, IOperation value, ScopeState state)
    {
        var needs = ScopeNeeds.Of(value, state, _captured);
        switch (target)
        {
            case IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } member
                when target is IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true }:
                if (Names.IsProtected(member.Member))
                    return;
                state.Assign(member.Member, needs);
                if (needs.Count > 0)
                    _stores[member.Member] = value;
                break;
            case IMemberReferenceOperation { Instance: { } holder } when ScopeState.KeyOf(holder) is { } key:
                state.AssignPart(key, needs);
                break;
        }
    }

    /// <summary>What is put into a collection is in it until it is taken out.</summary>
    private void Collect(IInvocationOperation call, ScopeState state)
    {
        if (Collections.KeyOf(call.Instance!) is not { } collection)
            return;
        if (Collections.Empties(call))
        {
            state.Forget(collection);
            return;
        }

        if (!Collections.Fills(call))
            return;
        foreach (var argument in call.Arguments)
        {
            var needs = ScopeNeeds.Of(argument.Value, state, _captured);
            state.AssignPart(collection, needs);
            if (needs.Count > 0 && collection is not (ILocalSymbol or CaptureId))
                _stores[collection] = argument.Value;
        }
    }
}
