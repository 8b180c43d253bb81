using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>Loops over sets of CPUs.</summary>
internal sealed class LoopSteps(SchemeCompiler compiler, int cpu, int level, StepBuilder steps, PathCode code)
{
    /// <summary>The body once for each CPU of the set, in ascending order.</summary>
    public Node For(ForStep step, Node after, StepContext context)
    {
        var set = context.Scope.Resolve(step.Set);
        var node = after;
        for (var t = compiler.Cpus - 1; t >= 0; t--)
        {
            var member = Value.Operate(BinaryOperator.In, new Value.Constant(t), set);
            if (member.IsConstant(out var always) && always == 0)
                continue;
            var body = steps.Build(step.Body, node, context.At(step.Variable, t, set));
            node = member.IsConstant(out _) ? body : new Node.Branch(member, body, node, null);
        }

        return node;
    }

    /// <summary>The body once for each CPU of the set, in any order.</summary>
    public Node.Forward ForAnyOrder(ForStep step, Node after, StepContext context)
    {
        var set = context.Scope.Resolve(step.Set);
        var done = compiler.SystemFields.Layout.Add(
            $"done at {step.Span}[{cpu},{level},{code.Count}]",
            0,
            context.Scope.All
        );
        var head = new Node.Forward();
        var turn = code.Instruction(step, context);
        var left = Value.Zero;
        for (var t = 0; t < compiler.Cpus; t++)
        {
            var due = Value.And(
                Value.Operate(BinaryOperator.In, new Value.Constant(t), set),
                Value.Not(Value.Operate(BinaryOperator.In, new Value.Constant(t), new Value.Read(done)))
            );
            if (due.IsConstant(out var never) && never == 0)
                continue;
            left = Value.Operate(BinaryOperator.Or, left, due);
            var move = new Move(turn, false, due) { Note = $"{step.Variable} = CPU{t}" };
            move.Effects.Add((done, Value.Combine(true, new Value.Read(done), new Value.Constant(1 << t))));
            code.Add(turn, move, steps.Build(step.Body, head, context.At(step.Variable, t, set)));
        }

        var end = new Move(turn, false, Value.Not(left)) { Note = "all had their turn" };
        end.Effects.Add((done, Value.Zero));
        code.Add(turn, end, after);
        head.Target = new Node.To(turn);
        return head;
    }
}
