using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>Steps that ask which interrupts are pending.</summary>
internal sealed class InterruptSteps(SchemeCompiler compiler, int cpu, PathCode code)
{
    private readonly CpuFields _fields = compiler.SystemFields.Cpus[cpu];

    /// <summary>Which pending interrupt the CPU finds.</summary>
    public Node.To Discover(DiscoverStep step, Node after, StepContext context)
    {
        var instruction = code.Instruction(step, context);
        var result = context.Scope.FieldOf(step.Result);
        var pending = new[] { (_fields.Device, 1) }.Concat(_fields.Messages.Select((m, i) => (m, i + 2))).ToList();
        var none = pending.Aggregate(Value.One, (all, p) => Value.And(all, Value.Not(new Value.Read(p.Item1))));
        var empty = new Move(instruction, false, none) { Note = "nothing pending" };
        empty.Effects.Add((result, Value.Zero));
        code.Add(instruction, empty, after);
        foreach (var (field, value) in pending)
        {
            var earlier =
                !step.InOrder ? []
                : value == 1 ? _fields.Messages
                : _fields.Messages.Take(value - 2);
            var turn = earlier.Aggregate(
                (Value)new Value.Read(field),
                (all, m) => Value.And(all, Value.Not(new Value.Read(m)))
            );
            var found = new Move(instruction, false, turn)
            {
                Note = value == 1 ? "device" : compiler.Scheme.Messages[value - 2],
            };
            found.Effects.Add((result, new Value.Constant(value)));
            found.Effects.Add((field, Value.Zero));
            if (value >= 2)
                compiler.Discovers(value - 2, cpu, found);
            code.Add(instruction, found, after);
        }

        return new Node.To(instruction);
    }

    /// <summary>The CPU rests until something is pending, or for no reason goes on.</summary>
    public Node.To Rest(RestStep step, Node after, StepContext context)
    {
        var instruction = code.Instruction(step, context);
        if (step.Kind == RestKind.Linger)
        {
            code.Add(instruction, new Move(instruction, true, null), after);
            return new Node.To(instruction);
        }

        var pending = _fields
            .Messages.Append(_fields.Device)
            .Aggregate(Value.Zero, (any, m) => Value.Operate(BinaryOperator.Or, any, new Value.Read(m)));
        code.Add(instruction, new Move(instruction, false, pending), after);
        code.Add(instruction, new Move(instruction, true, Value.Not(pending)) { Note = "for no reason" }, after);
        return new Node.To(instruction);
    }
}
