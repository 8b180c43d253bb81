using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>
/// One local that a function opens, and the variables of the compiler that stand for it; null where somebody else may
/// dispose it too.
/// </summary>
internal sealed class LocalUses
{
    private readonly ILocalSymbol _local;
    private readonly HashSet<CaptureId> _aliases;

    private LocalUses(ILocalSymbol local, HashSet<CaptureId> aliases) => (_local, _aliases) = (local, aliases);

    /// <summary>The locals that a function opens and keeps to itself.</summary>
    /// <param name="graph">Of the function.</param>
    /// <param name="shared">Locals that lambdas or local functions use.</param>
    public static IEnumerable<LocalUses> Of(ControlFlowGraph graph, HashSet<ISymbol> shared)
    {
        var parts = graph
            .Blocks.SelectMany(GraphOperations.Of)
            .SelectMany(operation => operation.DescendantsAndSelf())
            .ToList();
        var opened = parts
            .OfType<ISimpleAssignmentOperation>()
            .Where(assignment => Openings.Of(assignment.Value) is not null)
            .Select(assignment => (assignment.Target as ILocalReferenceOperation)?.Local)
            .OfType<ILocalSymbol>()
            .Distinct<ILocalSymbol>(SymbolEqualityComparer.Default);
        foreach (var local in opened)
        {
            if (local.RefKind == RefKind.None && !shared.Contains(local) && Keep(local, parts) is { } uses)
                yield return uses;
        }
    }

    /// <summary>Whether an operation is the local.</summary>
    public bool IsLocal(IOperation operation) =>
        Openings.Unconverted(operation) switch
        {
            ILocalReferenceOperation reference => SymbolEqualityComparer.Default.Equals(reference.Local, _local),
            IFlowCaptureReferenceOperation capture => _aliases.Contains(capture.Id),
            _ => false,
        };

    /// <summary>Whether an operation disposes the local, by <c>using</c> too.</summary>
    public bool IsDispose(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod.Name: "Dispose", Instance: { } instance } && IsLocal(instance);

    private static LocalUses? Keep(ILocalSymbol local, List<IOperation> parts)
    {
        LocalUses uses = new(local, []);
        var captures = parts.OfType<IFlowCaptureOperation>().ToLookup(capture => capture.Id);
        int before;
        do
        {
            before = uses._aliases.Count;
            foreach (var group in captures)
            {
                if (group.Count() == 1 && uses.IsLocal(group.First().Value))
                    _ = uses._aliases.Add(group.Key);
            }
        } while (uses._aliases.Count > before);
        return parts.Where(part => part is not IConversionOperation && uses.IsLocal(part)).All(uses.IsHarmless)
            ? uses
            : null;
    }

    private bool IsHarmless(IOperation use)
    {
        var child = use;
        while (child.Parent is IConversionOperation conversion)
            child = conversion;
        return child.Parent switch
        {
            IInvocationOperation call => ReferenceEquals(call.Instance, child),
            IMemberReferenceOperation or IIsNullOperation or INameOfOperation => true,
            IArgumentOperation argument => Names.IsScope(_local.Type) && Openings.IsOnlyLent(argument),
            IIsPatternOperation pattern => Condition.Of(pattern).NullTested is not null,
            IBinaryOperation binary => Condition.Of(binary).NullTested is not null,
            IFlowCaptureOperation capture => _aliases.Contains(capture.Id),
            ISimpleAssignmentOperation { IsRef: false, Parent: null or IExpressionStatementOperation } assignment =>
                ReferenceEquals(assignment.Target, child) && IsFresh(assignment.Value),
            null => true,
            _ => false,
        };
    }

    private static bool IsFresh(IOperation value) =>
        Openings.Of(value) is not null
        || Openings.Unconverted(value) is IDefaultValueOperation or ILiteralOperation;
}
