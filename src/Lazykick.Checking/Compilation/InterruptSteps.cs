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
        var kind = code.Trigger is Trigger.Nmi or Trigger.Fiq ? code.Trigger : Trigger.Irq;
        var device = CpuFields.IsOn(_fields.DeviceOff, new Value.Read(_fields.Device));
        var pending = _fields
            .MessagesOf(kind)
            .Select(m => (Field: _fields.Messages[m], IsPending: _fields.IsPending(m), Value: m + 2))
            .ToList();
        if (kind == Trigger.Irq)
            pending.Insert(0, (_fields.Device, device, 1));
        var none = pending.Aggregate(Value.One, (all, p) => Value.And(all, Value.Not(p.IsPending)));
        var empty = new Move(instruction, false, none) { Note = "nothing pending" };
        empty.Effects.Add((result, Value.Zero));
        code.Add(instruction, empty, after);
        foreach (var (field, isPending, value) in pending)
        {
            var earlier =
                !step.InOrder ? []
                : value == 1 ? _fields.MessagesOf(kind)
                : _fields.MessagesOf(kind).Where(m => m < value - 2);
            var turn = earlier.Aggregate(
                isPending,
                (all, m) => Value.And(all, Value.Not(_fields.IsPending(m)))
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

    /// <summary>Whether the CPU takes an interrupt at all (M29).</summary>
    public Node.To Switch(SwitchStep step, Node after, StepContext context)
    {
        var index = compiler.Scheme.Messages.ToList().IndexOf(step.Interrupt);
        var off = index < 0 ? _fields.DeviceOff! : _fields.Off[index]!;
        return code.Single(
            step,
            after,
            context,
            move => move.Effects.Add((off, step.Enables ? Value.Zero : Value.One))
        );
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

        var device = CpuFields.IsOn(_fields.DeviceOff, new Value.Read(_fields.Device));
        var pending = Enumerable
            .Range(0, _fields.Messages.Length)
            .Select(_fields.IsPending)
            .Append(device)
            .Aggregate(Value.Zero, (any, m) => Value.Operate(BinaryOperator.Or, any, m));
        code.Add(instruction, new Move(instruction, false, pending), after);
        code.Add(instruction, new Move(instruction, true, Value.Not(pending)) { Note = "for no reason" }, after);
        return new Node.To(instruction);
    }
}
