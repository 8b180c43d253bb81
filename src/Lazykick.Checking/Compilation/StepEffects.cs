using Lazykick.Checking.Moves;
using Lazykick.Checking.Properties;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>What one step changes and what it may violate.</summary>
internal sealed class StepEffects(SchemeCompiler compiler, int cpu, int level)
{
    private static readonly ExceptionMasks[] s_masks =
    [
        ExceptionMasks.D,
        ExceptionMasks.A,
        ExceptionMasks.I,
        ExceptionMasks.F,
    ];

    private readonly SystemFields _system = compiler.SystemFields;
    private readonly CpuFields _fields = compiler.SystemFields.Cpus[cpu];

    /// <summary>Adds to a move what the step changes, and what it may violate.</summary>
    public void Add(Step step, Move move, CpuScope scope)
    {
        switch (step)
        {
            case AssignStep s:
                var variable = compiler.Scheme.Variables[s.Target.Name];
                var assigned = scope.FieldOf(s.Target);
                move.Effects.Add(
                    (
                        assigned,
                        s.Lifetime == Lifetime.Free
                            ? new Value.Constant(assigned.Low)
                            : scope.ResolveFor(variable, s.Value)
                    )
                );
                compiler.Writes(assigned, move);
                break;
            case RmwStep s:
                var target = scope.FieldOf(s.Target);
                if (s.Result is not null)
                    move.Effects.Add((scope.FieldOf(s.Result), new Value.Read(target)));
                move.Effects.Add((target, scope.ResolveFor(compiler.Scheme.Variables[s.Target.Name], s.Value)));
                compiler.Writes(target, move);
                break;
            case CasStep s:
                var memory = scope.FieldOf(s.Target);
                var type = compiler.Scheme.Variables[s.Target.Name];
                var matches = Value.Operate(
                    BinaryOperator.Equal,
                    new Value.Read(memory),
                    scope.ResolveFor(type, s.Old)
                );
                var fresh = scope.ResolveFor(type, s.New);
                var result = scope.FieldOf(s.Result);
                move.Effects.Add((result, matches));
                move.Effects.Add((memory, Value.If(new Value.Read(result), fresh, new Value.Read(memory))));
                compiler.Writes(memory, move);
                break;
            case IrqSaveStep s:
                var saved = _fields.Locks[s.Lock.Name].Unmasks;
                move.Effects.Add(
                    (
                        saved,
                        Value.If(
                            new Value.Read(_fields.Masks[2]),
                            new Value.Read(saved),
                            Value.Combine(true, new Value.Read(saved), scope.LockBitOf(s.Lock))
                        )
                    )
                );
                move.Effects.Add((_fields.Masks[2], Value.One));
                break;
            case UnlockStep s:
                Unlock(s, move, scope);
                break;
            case SyncStep s:
                Sync(s, move, scope);
                break;
            case TextStep s:
                Text(s, move, scope);
                break;
            case MappingStep s:
                Mapping(s.Kind, _system.Mappings[s.Mapping.Name], move);
                break;
            case MaskStep s:
                for (var m = 0; m < _fields.Masks.Length; m++)
                {
                    if (s.Classes.HasFlag(s_masks[m]))
                        move.Effects.Add((_fields.Masks[m], s.Set ? Value.One : Value.Zero));
                }

                break;
            case InheritMasksStep:
                for (var m = 0; m < _fields.Masks.Length; m++)
                {
                    move.Effects.Add(
                        (_fields.Masks[m], level > 0 ? new Value.Read(_fields.Saved[level][m]) : Value.Zero)
                    );
                }

                break;
            case RegisterStep s:
                Registers(s.Kind, s.Registers, move);
                break;
            case SendStep s:
                var receiver = scope.CpuOf(s.Cpu);
                move.Target = receiver;
                move.Effects.Add(
                    (_system.Cpus[receiver].Messages[compiler.Scheme.Messages.ToList().IndexOf(s.Message)], Value.One)
                );
                break;
            case AssertStep s:
                compiler.Asserts(s.Property, Value.Not(scope.Resolve(s.Condition)), move);
                break;
        }

        compiler.Takes(step, new StepSite(cpu, level, scope), move);
    }

    private void Unlock(UnlockStep step, Move move, CpuScope scope)
    {
        var (held, unmasks) = (_fields.Locks[step.Lock.Name].Held, _fields.Locks[step.Lock.Name].Unmasks);
        var (bit, member) = (scope.LockBitOf(step.Lock), new Value.Constant(scope.LockOf(step.Lock)));
        var owner = scope.FieldOf(step.Lock);
        move.Effects.Add((owner, Value.Zero));
        // No set holds -1: to give back what the CPU does not hold is an error (M28).
        move.Effects.Add(
            (
                held,
                Value.If(
                    Value.Operate(BinaryOperator.In, member, new Value.Read(held)),
                    Value.Combine(false, new Value.Read(held), bit),
                    new Value.Constant(-1)
                )
            )
        );
        move.Effects.Add(
            (
                _fields.Masks[2],
                Value.If(
                    Value.Operate(BinaryOperator.In, member, new Value.Read(unmasks)),
                    Value.Zero,
                    new Value.Read(_fields.Masks[2])
                )
            )
        );
        move.Effects.Add((unmasks, Value.Combine(false, new Value.Read(unmasks), bit)));
        compiler.Writes(owner, move);
    }

    private void Mapping(MappingStepKind kind, MappingFields mapping, Move move)
    {
        switch (kind)
        {
            case MappingStepKind.Unmap:
                move.Effects.AddRange(
                    mapping
                        .Stale.Append(mapping.Returned)
                        .Select(f => (f, f == mapping.Returned ? Value.Zero : Value.One))
                );
                break;
            case MappingStepKind.Broadcast:
                move.Effects.AddRange(mapping.Stale.Select(f => (f, Value.Zero)));
                break;
            case MappingStepKind.Flush:
                move.Effects.Add((mapping.Stale[cpu], Value.Zero));
                break;
        }
    }

    private void Sync(SyncStep step, Move move, CpuScope scope)
    {
        if (ContextSynchronisation.IsEvent(step.Kind, scope))
        {
            foreach (var text in _system.Texts)
            {
                move.Effects.Add(
                    (
                        text.Stale[cpu],
                        Value.And(new Value.Read(text.Stale[cpu]), Value.Not(new Value.Read(text.Invalidated)))
                    )
                );
            }
        }

        if (step.Kind is SyncKind.Exception or SyncKind.X86Exception)
        {
            foreach (var mask in _fields.Masks)
                move.Effects.Add((mask, Value.One));
        }
    }

    private static void Text(TextStep step, Move move, CpuScope scope)
    {
        var text = scope.TextOf(step.Site);
        switch (step.Kind)
        {
            case TextStepKind.Write:
                foreach (var stale in text.Stale)
                    move.Effects.Add((stale, Value.One));
                foreach (var flag in new[] { text.Cleaned, text.Invalidated, text.Returned })
                    move.Effects.Add((flag, Value.Zero));
                move.Effects.Add(
                    (
                        text.Class,
                        new Value.Constant(Math.Max(0, text.Declaration.Classes.ToList().IndexOf(step.TextClass ?? "")))
                    )
                );
                break;
            case TextStepKind.CleanData:
                move.Effects.Add((text.Cleaned, Value.One));
                break;
            case TextStepKind.InvalidateInstruction:
                move.Effects.Add(
                    (
                        text.Invalidated,
                        Value.Operate(BinaryOperator.Or, new Value.Read(text.Invalidated), new Value.Read(text.Cleaned))
                    )
                );
                break;
        }
    }

    /// <summary>What a step does to the registers of the interrupted path.</summary>
    public void Registers(RegisterStepKind kind, RegisterSet registers, Move move)
    {
        if (level > 0)
            return;
        foreach (var (number, field) in _fields.Registers)
        {
            if ((registers.Bits >> number & 1) == 0)
                continue;
            if (kind != RegisterStepKind.Use)
                move.Effects.Add((field, kind == RegisterStepKind.Clobber ? Value.Zero : Value.One));
        }
    }
}
