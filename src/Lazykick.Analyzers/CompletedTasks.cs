using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lazykick.Analyzers;

/// <summary>
/// Whether a task is known to be completed where its result is taken, because the code asked before.
/// </summary>
internal static class CompletedTasks
{
    /// <summary>Whether the code around an operation has asked its task.</summary>
    /// <param name="operation">Takes a result: <c>Result</c>, <c>Wait</c> or <c>GetResult</c>.</param>
    public static bool IsKnownAt(IOperation operation)
    {
        if (TaskOf(operation) is not { } task)
            return false;
        var child = operation;
        for (var parent = operation.Parent; parent is not null; child = parent, parent = parent.Parent)
        {
            switch (parent)
            {
                case IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return false;
                case IConditionalOperation choice when ReferenceEquals(choice.WhenTrue, child):
                    if (Tells(choice.Condition, task, whenTrue: true))
                        return true;
                    break;
                case IConditionalOperation choice when ReferenceEquals(choice.WhenFalse, child):
                    if (Tells(choice.Condition, task, whenTrue: false))
                        return true;
                    break;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both
                    when ReferenceEquals(both.RightOperand, child) && Tells(both.LeftOperand, task, whenTrue: true):
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either
                    when ReferenceEquals(either.RightOperand, child)
                        && Tells(either.LeftOperand, task, whenTrue: false):
                case IBlockOperation block when LeavesUnlessCompleted(block, child, task):
                    return true;
            }
        }

        return false;
    }

    private static ISymbol? TaskOf(IOperation operation)
    {
        var task = operation switch
        {
            IInvocationOperation call => call.Instance,
            IPropertyReferenceOperation property => property.Instance,
            _ => null,
        };
        while (task is IInvocationOperation { TargetMethod.Name: "GetAwaiter" or "ConfigureAwait" } call)
            task = call.Instance;
        return DomainSymbols.SymbolOf(task);
    }

    /// <summary>Whether a condition that has this outcome shows that the task is completed.</summary>
    private static bool Tells(IOperation condition, ISymbol task, bool whenTrue) =>
        condition switch
        {
            IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => Tells(not.Operand, task, !whenTrue),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both => whenTrue
                && (Tells(both.LeftOperand, task, whenTrue) || Tells(both.RightOperand, task, whenTrue)),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either => !whenTrue
                && (Tells(either.LeftOperand, task, whenTrue) || Tells(either.RightOperand, task, whenTrue)),
            IPropertyReferenceOperation
            {
                Property.Name: "IsCompleted" or "IsCompletedSuccessfully" or "IsFaulted" or "IsCanceled",
            } asked => whenTrue && SymbolEqualityComparer.Default.Equals(DomainSymbols.SymbolOf(asked.Instance), task),
            _ => false,
        };

    /// <summary><c>if (!task.IsCompleted) return;</c> before the statement.</summary>
    private static bool LeavesUnlessCompleted(IBlockOperation block, IOperation child, ISymbol task) =>
        block
            .Operations.TakeWhile(sibling => !ReferenceEquals(sibling, child))
            .OfType<IConditionalOperation>()
            .Any(choice =>
                choice.WhenFalse is null
                && Leaves(choice.WhenTrue)
                && Tells(choice.Condition, task, whenTrue: false)
            );

    private static bool Leaves(IOperation statement) =>
        statement switch
        {
            IBlockOperation block => block.Operations.LastOrDefault() is { } last && Leaves(last),
            IReturnOperation or IBranchOperation => true,
            IThrowOperation => true,
            IExpressionStatementOperation { Operation: IThrowOperation } => true,
            _ => false,
        };
}
