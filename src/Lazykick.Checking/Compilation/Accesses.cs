using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>Finds out what a step is to the memory machine.</summary>
internal static class Accesses
{
    /// <summary>Finds out what an instruction is.</summary>
    public static Access Of(Instruction instruction, CompiledScheme scheme)
    {
        var fields = scheme.Fields;
        var model = scheme.Memory;
        return instruction.Step switch
        {
            AssignStep
            or RmwStep
            or CasStep
            or WhenStep
            or WaitStep
            or SelectStep
            or LockStep
            or TakeStep
            or UnlockStep => OfVariable(instruction, scheme),
            TogetherStep s when !s.Body.OfType<SyncStep>().Any() => OfVariable(instruction, scheme),
            DiscoverStep when model == MemoryModel.Arm && !IsEntry(instruction, scheme) => new Access(
                InstanceKind.Load,
                scheme.KnobIs("gic", "v2") ? OrderFlags.Device : OrderFlags.Device | OrderFlags.SystemRegister
            )
            {
                IsDevice = true,
            },
            SendStep when model == MemoryModel.Arm && scheme.KnobIs("gic", "v2") && !IsEntry(instruction, scheme) =>
                new Access(InstanceKind.Store) { IsDevice = true },
            FenceStep s => OfFence(s.Kind, model),
            SyncStep
            or TogetherStep when ContextSynchronisation.IsEvent(instruction.Step, scheme.ScopeOf(instruction.Cpu)) =>
                new Access(InstanceKind.ContextSync),
            TextStep s => new Access(
                s.Kind switch
                {
                    TextStepKind.Write => InstanceKind.Store,
                    TextStepKind.CleanData => InstanceKind.Clean,
                    _ => InstanceKind.Invalidate,
                }
            )
            {
                Text = fields.Texts.First(t => t.Declaration.Name == s.Site.Name && t.Touches(instruction)),
            },
            MappingStep s => OfMapping(s, scheme.Fields.Mappings[s.Mapping.Name], model),
            _ => new Access(InstanceKind.Local),
        };
    }

    // TLBI needs a DSB on both sides, as IC IVAU does. What a CPU does to its own TLB waits for all that it has in
    // flight: MOV to CR3 serialises, and a local TLBI stands between DSBs.
    private static Access OfMapping(MappingStep step, MappingFields mapping, MemoryModel model) =>
        step.Kind switch
        {
            MappingStepKind.Unmap => new Access(InstanceKind.Store) { Mapping = mapping },
            MappingStepKind.Broadcast => new Access(InstanceKind.Invalidate) { Mapping = mapping },
            MappingStepKind.Flush => OfFence(FenceKind.Dsb, model),
            _ => new Access(InstanceKind.Local),
        };

    private static Access OfFence(FenceKind kind, MemoryModel model)
    {
        var barrier = (kind, model) switch
        {
            (FenceKind.SmpMb or FenceKind.Dsb, MemoryModel.Tso) => BarrierKind.Mfence,
            (_, MemoryModel.Tso) => BarrierKind.None,
            (FenceKind.SmpMb, _) => BarrierKind.DmbFull,
            (FenceKind.SmpRmb, _) => BarrierKind.DmbLoad,
            (FenceKind.SmpWmb, _) => BarrierKind.DmbStore,
            _ => BarrierKind.DsbFull,
        };
        return new Access(barrier == BarrierKind.None ? InstanceKind.Local : InstanceKind.Fence, Fence: barrier);
    }

    private static Access OfVariable(Instruction instruction, CompiledScheme scheme)
    {
        var fields = scheme.Fields;
        var memory = fields.Memory;
        var variable = instruction.OwnMoves.SelectMany(m => Own(m, fields)).FirstOrDefault(memory.Contains);
        if (variable is null)
            return new Access(InstanceKind.Local);
        var branches =
            instruction.OwnMoves.Any(m => m.Guard is not null && Reads(m.Guard, variable))
            || instruction.OwnMoves.Any(m => TargetDependsOn(m, instruction, scheme, variable));
        return instruction.Step switch
        {
            RmwStep s => Atomic(s.Order, s.Form, scheme, variable, branches),
            // The LL/SC form branches on what it loaded.
            CasStep s => Atomic(s.Order, s.Form, scheme, variable, branches || IsLlSc(s.Form, scheme)),
            LockStep => Atomic(MemoryOrder.Acquire, AtomicForm.Default, scheme, variable, true),
            TakeStep s => Atomic(s.Order ?? MemoryOrder.Relaxed, s.Form, scheme, variable, true),
            UnlockStep => new Access(InstanceKind.Store, OrderFlags.Release) { Variable = variable },
            AssignStep s when instruction.OwnMoves.First().Effects.Any(e => e.Field == variable) => new Access(
                InstanceKind.Store,
                s.Order == MemoryOrder.Release ? OrderFlags.Release : OrderFlags.None
            )
            {
                Variable = variable,
            },
            AssignStep s => Load(s.Order, variable, branches),
            TogetherStep s when instruction.OwnMoves.First().Effects.Any(e => e.Field == variable) => new Access(
                InstanceKind.Store,
                OrderOf(s) == MemoryOrder.Release ? OrderFlags.Release : OrderFlags.None
            )
            {
                Variable = variable,
            },
            TogetherStep s => Load(OrderOf(s), variable, branches),
            WhenStep s => Load(s.Order, variable, true),
            WaitStep s => Load(s.Order, variable, true),
            SelectStep s => Load(scheme.Scheme.Policies[s.Policy].Order, variable, true),
            _ => new Access(InstanceKind.Local),
        };
    }

    // Only an access to memory carries an order, and together there is one at most (M7).
    private static MemoryOrder OrderOf(TogetherStep step) =>
        step
            .Body.OfType<AssignStep>()
            .Select(s => s.Order)
            .FirstOrDefault(o => o != MemoryOrder.Relaxed, MemoryOrder.Relaxed);

    // Taking a path and its first step are one move (M13): there the step is taken in order, as the entry is.
    private static bool IsEntry(Instruction instruction, CompiledScheme scheme) =>
        scheme.Moves.Any(m => m.Instruction == instruction && m.Enters is not null);

    private static Access Load(MemoryOrder order, Field variable, bool branches) =>
        new(InstanceKind.Load, order == MemoryOrder.Acquire ? OrderFlags.Acquire : OrderFlags.None)
        {
            Variable = variable,
            Branches = branches,
        };

    private static Access Atomic(
        MemoryOrder order,
        AtomicForm form,
        CompiledScheme scheme,
        Field variable,
        bool branches
    )
    {
        var isLlSc = IsLlSc(form, scheme);
        var flags = order switch
        {
            MemoryOrder.Acquire => OrderFlags.Acquire,
            MemoryOrder.Release => OrderFlags.Release,
            MemoryOrder.Full when isLlSc => OrderFlags.Release,
            MemoryOrder.Full => OrderFlags.Acquire | OrderFlags.Release,
            _ => OrderFlags.None,
        };
        return new Access(InstanceKind.Rmw, flags)
        {
            Variable = variable,
            Branches = branches,
            FenceAfter = isLlSc && order == MemoryOrder.Full && scheme.Memory == MemoryModel.Arm,
        };
    }

    private static bool IsLlSc(AtomicForm form, CompiledScheme scheme) =>
        form == AtomicForm.LlSc || (form == AtomicForm.Default && scheme.KnobIs("atomics", "llsc"));

    /// <summary>
    /// True if the program counter after the move hangs on the value read, also by way of a private variable that takes
    /// it.
    /// </summary>
    private static bool TargetDependsOn(Move move, Instruction instruction, CompiledScheme scheme, Field variable)
    {
        var tainted = new HashSet<Field> { variable };
        foreach (var (field, value) in move.Effects)
        {
            var read = new HashSet<Field>();
            value.AddFields(read);
            if (!read.Overlaps(tainted))
                continue;
            if (field == scheme.Fields.Cpus[instruction.Cpu].Pc[instruction.Level])
                return true;
            tainted.Add(field);
        }

        return false;
    }

    /// <summary>The fields of the step itself, without those by which an EQS is seen to end.</summary>
    private static HashSet<Field> Own(Move move, SystemFields fields)
    {
        var own = new HashSet<Field>();
        move.Guard?.AddFields(own);
        foreach (var (field, value) in move.Effects.Where(e => !fields.IsRecord(e.Field, RecordKind.AtWrite)))
        {
            own.Add(field);
            value.AddFields(own);
        }

        return own;
    }

    private static bool Reads(Value value, Field field)
    {
        var fields = new HashSet<Field>();
        value.AddFields(fields);
        return fields.Contains(field);
    }
}
