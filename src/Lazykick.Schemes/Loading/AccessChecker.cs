using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>Checks steps that access variables: assignments and atomics.</summary>
internal sealed class AccessChecker(OperandChecker operands, DiagnosticCollection diagnostics)
{
    public void Assign(AssignStep step, Scope scope)
    {
        var variable = operands.Variable(step.Target, scope);
        if (variable is null || IsLock(step.Target, variable))
            return;
        if (step.Object is { } lived && operands.Memory(lived, scope, "only objects in memory live and die:") is null)
            return;
        if (step.Lifetime == Lifetime.Free)
            return;
        var kind = Scope.KindOf(scope, variable.Type);
        var ghost = variable.Storage == Storage.Ghost;
        operands.Value(step.Value, kind, ghost ? scope.Allowing(Access.Places) : scope);
        operands.InRange(step.Value, variable);
        if (ghost)
            return;
        if (variable.Storage != Storage.Private)
            Store(step, scope);
        else
            Load(step, scope);
    }

    public void Rmw(RmwStep step, Scope scope)
    {
        var variable = operands.Memory(step.Target, scope, "an atomic works on");
        if (variable is null || IsLock(step.Target, variable))
            return;
        operands.Value(step.Value, Scope.KindOf(scope, variable.Type), scope);
        operands.InRange(step.Value, variable);
        if (MentionsOther(step.Value, step.Target, scope))
        {
            diagnostics.Report(
                "LK0310",
                step.Span,
                "an atomic reads another variable in memory",
                "load it into a private variable first"
            );
        }

        if (step.Result is not null)
            operands.Result(step.Result, Scope.KindOf(scope, variable.Type), scope);
    }

    public void Cas(CasStep step, Scope scope)
    {
        var variable = operands.Memory(step.Target, scope, "an atomic works on");
        if (variable is null || IsLock(step.Target, variable))
            return;
        var kind = Scope.KindOf(scope, variable.Type);
        operands.Value(step.Old, kind, scope);
        operands.Value(step.New, kind, scope);
        operands.Reads(step.Old, scope, 0);
        operands.Reads(step.New, scope, 0);
        operands.InRange(step.New, variable);
        operands.Result(step.Result, ValueKind.Number, scope);
    }

    /// <summary>A step that takes the oldest entry of a queue.</summary>
    public void Take(TakeStep step, Scope scope)
    {
        if (operands.Variable(step.Queue, scope) is not { } queue)
            return;
        if (queue.Type is not QueueType)
        {
            diagnostics.Report(
                "LK0331",
                step.Queue.Span,
                $"'{step.Queue.Name}' is no queue",
                $"declare it: {queue.Storage.ToString().ToLowerInvariant()} {step.Queue.Name} : queue 2 of flush | sync"
            );
            return;
        }

        operands.Result(step.Result, Scope.KindOf(scope, queue.Type).Entry!, scope);
        var isMemory = queue.Storage is not (Storage.Private or Storage.Ghost);
        if (isMemory == step.Order is null)
        {
            diagnostics.Report(
                "LK0332",
                step.Span,
                isMemory ? "an atomic without its ordering" : $"'{step.Queue.Name}' is no queue in memory: no order",
                isMemory
                    ? "end it with relaxed, acquire, release or full; the entry's contents want acquire"
                    : "leave the order out"
            );
        }
    }

    /// <summary>A step that takes a lock or gives it back.</summary>
    public void Lock(NameExpression name, Scope scope)
    {
        if (operands.Variable(name, scope) is { Type: not LockType } variable)
        {
            diagnostics.Report(
                "LK0324",
                name.Span,
                $"'{name.Name}' is no lock",
                $"declare it: {(variable.Storage == Storage.PerCpu ? "percpu" : "shared")} {name.Name} : lock"
            );
        }
    }

    private bool IsLock(NameExpression target, VariableDeclaration variable)
    {
        if (variable.Type is not LockType)
            return false;
        diagnostics.Report(
            "LK0325",
            target.Span,
            $"'{target.Name}' is a lock: no step assigns to it",
            $"write lock {target.Span.Text}, and unlock {target.Span.Text}"
        );
        return true;
    }

    private void Store(AssignStep step, Scope scope)
    {
        operands.Reads(step.Value, scope, 0);
        if (step.Order == MemoryOrder.Acquire)
        {
            diagnostics.Report(
                "LK0309",
                step.Span,
                "a store cannot acquire",
                "acquire belongs to loads; a store is relaxed or release"
            );
        }
    }

    private void Load(AssignStep step, Scope scope)
    {
        operands.Reads(step.Value, scope, 1);
        if (
            step.Order == MemoryOrder.Release
            || (step.Order != MemoryOrder.Relaxed && ExpressionChecker.MemoryReads(step.Value, scope) == 0)
        )
        {
            diagnostics.Report(
                "LK0309",
                step.Span,
                "there is no store to memory here that could release, or no load that could acquire",
                "orderings belong to variables in memory: shared, percpu or pairwise"
            );
        }
    }

    private static bool MentionsOther(Expression value, NameExpression target, Scope scope) =>
        value switch
        {
            NameExpression n when n.Name == target.Name => n.Index.Count != 0
                && !n.Index.SequenceEqual(target.Index, SameCpu.Instance),
            BinaryExpression b => MentionsOther(b.Left, target, scope) || MentionsOther(b.Right, target, scope),
            NotExpression n => MentionsOther(n.Operand, target, scope),
            ConditionalExpression c => MentionsOther(c.Test, target, scope)
                || MentionsOther(c.Then, target, scope)
                || MentionsOther(c.Else, target, scope),
            _ => ExpressionChecker.MemoryReads(value, scope) > 0,
        };

    private sealed class SameCpu : IEqualityComparer<Expression>
    {
        public static SameCpu Instance { get; } = new();

        public bool Equals(Expression? x, Expression? y) => x?.Span.Text == y?.Span.Text;

        public int GetHashCode(Expression obj) => obj.Span.Text.GetHashCode(StringComparison.Ordinal);
    }
}
