using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>Expands the steps of one path into instructions, back to front: each is built knowing what follows it.</summary>
internal sealed class StepBuilder(SchemeCompiler compiler, int cpu, int level, string path, List<Instruction> instructions, Dictionary<Move, Node> next)
{
    private readonly SystemFields _system = compiler.SystemFields;
    private readonly CpuFields _fields = compiler.SystemFields.Cpus[cpu];

    public Node Build(IReadOnlyList<Step> steps, Node after)
        => Build(steps, after, new Context(compiler.Scope(cpu), [], [], null, null));

    private Node Build(IReadOnlyList<Step> steps, Node after, Context context)
    {
        var node = after;
        for (var i = steps.Count - 1; i >= 0; i--)
            node = Build(steps[i], node, context);
        return node;
    }

    private Node Build(Step step, Node after, Context context)
    {
        compiler.CountStep(step.Span);
        switch (step)
        {
            case CallStep s:
                return Call(s, after, context);
            case WhenStep s:
                return When(s, after, context);
            case EitherStep s:
                return Either(s, after, context);
            case RepeatStep s:
                var head = new Node.Forward();
                head.Target = Build(s.Body, head, context with { Break = after });
                return head;
            case BreakStep:
                return context.Break!;
            case ForStep s:
                return s.AnyOrder ? ForAnyOrder(s, after, context) : For(s, after, context);
            case SectionStep s:
                return Build(s.Body, after, context with { Sections = [s.TextClass, .. context.Sections] });
            case SelectStep s:
                return Select(s, after, context);
            case KickStep s:
                return Kick(s, after, context);
            case AnswerStep s:
                return Single(s, context.Answer!.After, context, move => Answer(s, context.Answer, move));
            case DiscoverStep s:
                return Discover(s, after, context);
            case RestStep s:
                return Rest(s, after, context);
            case WaitStep s:
                var condition = context.Scope.Resolve(s.Condition);
                var wait = Instruction(s, context);
                Add(wait, new Move(wait, false, condition), after);
                return new Node.To(wait);
            case TogetherStep s:
                return Single(s, after, context, move =>
                {
                    foreach (var inner in s.Body)
                        Effects(inner, move, context);
                });
            default:
                return Single(step, after, context, move => Effects(step, move, context));
        }
    }

    private Node.To Single(Step step, Node after, Context context, Action<Move> fill)
    {
        var instruction = Instruction(step, context);
        var move = new Move(instruction, false, null);
        fill(move);
        Add(instruction, move, after);
        return new Node.To(instruction);
    }

    private void Effects(Step step, Move move, Context context)
    {
        var scope = context.Scope;
        switch (step)
        {
            case AssignStep s:
                var variable = compiler.Scheme.Variables[s.Target.Name];
                var assigned = scope.FieldOf(s.Target);
                move.Effects.Add((assigned, s.Lifetime == Lifetime.Free ? new Value.Constant(assigned.Low) : scope.ResolveFor(variable, s.Value)));
                Written(assigned, move);
                if (s.Object is { } lived)
                    Live(s.Lifetime, _system.Objects[scope.FieldOf(lived)], move);
                break;
            case RmwStep s:
                var target = scope.FieldOf(s.Target);
                if (s.Result is not null)
                    move.Effects.Add((scope.FieldOf(s.Result), new Value.Read(target)));
                move.Effects.Add((target, scope.ResolveFor(compiler.Scheme.Variables[s.Target.Name], s.Value)));
                Written(target, move);
                break;
            case CasStep s:
                var memory = scope.FieldOf(s.Target);
                var type = compiler.Scheme.Variables[s.Target.Name];
                var matches = Value.Operate(BinaryOperator.Equal, new Value.Read(memory), scope.ResolveFor(type, s.Old));
                var fresh = scope.ResolveFor(type, s.New);
                var result = scope.FieldOf(s.Result);
                move.Effects.Add((result, matches));
                move.Effects.Add((memory, Value.If(new Value.Read(result), fresh, new Value.Read(memory))));
                Written(memory, move);
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
                for (var m = 0; m < 3; m++)
                {
                    if (s.Classes.HasFlag(new[] { ExceptionMasks.D, ExceptionMasks.A, ExceptionMasks.I }[m]))
                        move.Effects.Add((_fields.Masks[m], s.Set ? Value.One : Value.Zero));
                }

                break;
            case InheritMasksStep:
                for (var m = 0; m < 3; m++)
                    move.Effects.Add((_fields.Masks[m], level > 0 ? new Value.Read(_fields.Saved[level][m]) : Value.Zero));
                break;
            case RegisterStep s:
                Registers(s.Kind, s.Registers, move);
                break;
            case CodeStep { UsesRcu: true }:
                move.Checks.Add(new Check(PropertyIds.S6, compiler.Eqs[cpu]));
                break;
            case SendStep s:
                var receiver = scope.CpuOf(s.Cpu);
                move.Checks.Add(new Check(PropertyIds.S5a, new Value.Read(_fields.EqsSince[receiver])));
                move.Effects.Add((_system.Cpus[receiver].Messages[compiler.Scheme.Messages.ToList().IndexOf(s.Message)], Value.One));
                break;
            case AssertStep s:
                move.Checks.Add(new Check(compiler.Property(s.Property), Value.Not(scope.Resolve(s.Condition))));
                break;
        }
    }

    /// <summary>What the last kick returned for is no longer the newest value.</summary>
    private void Written(Field variable, Move move)
    {
        if (_system.Published.TryGetValue(variable, out var returned))
            move.Effects.Add((returned, Value.Zero));
    }

    private void Live(Lifetime lifetime, ObjectFields fields, Move move)
    {
        compiler.Property("S3");
        if (lifetime == Lifetime.Alloc)
            move.Effects.AddRange([(fields.Freed, Value.Zero), (fields.Drained, Value.Zero)]);
        else
            move.Effects.Add((lifetime == Lifetime.Drain ? fields.Drained : fields.Freed, Value.One));
    }

    private void Mapping(MappingStepKind kind, MappingFields mapping, Move move)
    {
        switch (kind)
        {
            case MappingStepKind.Unmap:
                move.Effects.AddRange(mapping.Stale.Append(mapping.Returned).Select(f => (f, f == mapping.Returned ? Value.Zero : Value.One)));
                break;
            case MappingStepKind.Broadcast:
                move.Effects.AddRange(mapping.Stale.Select(f => (f, Value.Zero)));
                break;
            case MappingStepKind.Flush:
                move.Effects.Add((mapping.Stale[cpu], Value.Zero));
                break;
            case MappingStepKind.Touch:
                move.Checks.Add(new Check(compiler.Property("S9"), Value.And(new Value.Read(mapping.Returned), new Value.Read(mapping.Stale[cpu]))));
                break;
        }
    }

    private void Sync(SyncStep step, Move move, CpuScope scope)
    {
        var synchronises = step.Kind switch
        {
            SyncKind.Exception => scope.Knob("eis", true),
            SyncKind.Eret => scope.Knob("eos", true),
            SyncKind.X86Exception or SyncKind.Sysret => false,
            _ => true,
        };
        if (synchronises)
        {
            foreach (var text in _system.Texts)
                move.Effects.Add((text.Stale[cpu], Value.And(new Value.Read(text.Stale[cpu]), Value.Not(new Value.Read(text.Invalidated)))));
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
                move.Effects.Add((text.Class, new Value.Constant(Math.Max(0, text.Declaration.Classes.ToList().IndexOf(step.TextClass ?? "")))));
                break;
            case TextStepKind.CleanData:
                move.Effects.Add((text.Cleaned, Value.One));
                break;
            case TextStepKind.InvalidateInstruction:
                move.Effects.Add((text.Invalidated, Value.Operate(BinaryOperator.Or, new Value.Read(text.Invalidated), new Value.Read(text.Cleaned))));
                break;
        }
    }

    private void Registers(RegisterStepKind kind, RegisterSet registers, Move move)
    {
        if (level > 0)
            return;
        foreach (var (number, field) in _fields.Registers)
        {
            if ((registers.Bits >> number & 1) == 0)
                continue;
            if (kind == RegisterStepKind.Use)
                move.Checks.Add(new Check(PropertyIds.S7, Value.Not(new Value.Read(field))));
            else
                move.Effects.Add((field, kind == RegisterStepKind.Clobber ? Value.Zero : Value.One));
        }
    }

    private Node Call(CallStep step, Node after, Context context)
    {
        var body = after;
        if (!step.Opaque)
            body = Build(compiler.Scheme.Routines[step.Name].Body, after, context with { Calls = [.. context.Calls, step.Name], Break = null, Answer = null });
        if (!step.Opaque && step.Clobbers.IsEmpty && !step.UsesRcu)
            return body;
        return Single(step, body, context, move =>
        {
            Registers(RegisterStepKind.Clobber, step.Clobbers, move);
            if (step.UsesRcu)
                move.Checks.Add(new Check(PropertyIds.S6, compiler.Eqs[cpu]));
        });
    }

    private Node When(WhenStep step, Node after, Context context)
    {
        var test = context.Scope.Resolve(step.Condition);
        if (test.IsConstant(out var constant))
            return Build(constant != 0 ? step.Then : step.Else, after, context);
        var otherwise = Build(step.Else, after, context);
        var then = Build(step.Then, after, context);
        var read = new HashSet<Field>();
        test.AddFields(read);
        if (!read.Overlaps(_system.Memory))
            return ReferenceEquals(then, otherwise) ? then : new Node.Branch(test, then, otherwise);
        var instruction = Instruction(step, context, $"when {step.Condition.Span.Text}");
        Add(instruction, new Move(instruction, false, test), then);
        Add(instruction, new Move(instruction, false, Value.Not(test)) { Note = "not so" }, otherwise);
        return new Node.To(instruction);
    }

    private Node.To Either(EitherStep step, Node after, Context context)
    {
        var heads = step.Branches.Reverse().Select(b => Build(b, after, context)).Reverse().ToList();
        var instruction = Instruction(step, context);
        foreach (var head in heads)
            Add(instruction, new Move(instruction, false, null), head);
        return new Node.To(instruction);
    }

    private Node For(ForStep step, Node after, Context context)
    {
        var set = context.Scope.Resolve(step.Set);
        var node = after;
        for (var t = compiler.Cpus - 1; t >= 0; t--)
        {
            var member = Value.Operate(BinaryOperator.In, new Value.Constant(t), set);
            if (member.IsConstant(out var always) && always == 0)
                continue;
            var body = Build(step.Body, node, context with { Scope = context.Scope.Bind(step.Variable, t) });
            node = member.IsConstant(out _) ? body : new Node.Branch(member, body, node);
        }

        return node;
    }

    private Node.Forward ForAnyOrder(ForStep step, Node after, Context context)
    {
        var set = context.Scope.Resolve(step.Set);
        var done = _system.Layout.Add($"done at {step.Span}[{cpu},{level},{instructions.Count}]", 0, context.Scope.All);
        var head = new Node.Forward();
        var turn = Instruction(step, context);
        Value left = Value.Zero;
        for (var t = 0; t < compiler.Cpus; t++)
        {
            var due = Value.And(
                Value.Operate(BinaryOperator.In, new Value.Constant(t), set),
                Value.Not(Value.Operate(BinaryOperator.In, new Value.Constant(t), new Value.Read(done))));
            if (due.IsConstant(out var never) && never == 0)
                continue;
            left = Value.Operate(BinaryOperator.Or, left, due);
            var move = new Move(turn, false, due) { Note = $"{step.Variable} = CPU{t}" };
            move.Effects.Add((done, Value.Combine(true, new Value.Read(done), new Value.Constant(1 << t))));
            Add(turn, move, Build(step.Body, head, context with { Scope = context.Scope.Bind(step.Variable, t) }));
        }

        var end = new Move(turn, false, Value.Not(left)) { Note = "all had their turn" };
        end.Effects.Add((done, Value.Zero));
        Add(turn, end, after);
        head.Target = new Node.To(turn);
        return head;
    }

    private Node Select(SelectStep step, Node after, Context context)
    {
        var policy = compiler.Scheme.Policies[step.Policy];
        var target = context.Scope.CpuOf(step.Cpu);
        var mask = context.Scope.FieldOf(step.Mask);
        if (policy.Ask is not null)
        {
            var inner = new Context(compiler.Scope(cpu).Bind(policy.Variable, target), [.. context.Calls, policy.Name], context.Sections, null, new AnswerContext(mask, target, after));
            return Build(policy.Ask, after, inner);
        }

        var skip = compiler.Scope(cpu).Bind(policy.Variable, target).Resolve(policy.SkipWhen!);
        var instruction = Instruction(step, context);
        var skips = new Move(instruction, false, skip) { Note = $"skips CPU{target}" };
        var takes = new Move(instruction, false, Value.Not(skip)) { Note = $"takes CPU{target}" };
        takes.Effects.Add((mask, Value.Combine(true, new Value.Read(mask), new Value.Constant(1 << target))));
        Add(instruction, skips, after);
        Add(instruction, takes, after);
        return new Node.To(instruction);
    }

    private static void Answer(AnswerStep step, AnswerContext answer, Move move)
    {
        if (!step.Skips)
            move.Effects.Add((answer.Mask, Value.Combine(true, new Value.Read(answer.Mask), new Value.Constant(1 << answer.Cpu))));
    }

    private Node.To Kick(KickStep step, Node after, Context context)
    {
        var kick = compiler.Scheme.Kicks[step.Name];
        var end = Instruction(step, context, $"{step.Name} returns");
        var back = new Move(end, false, null) { ReturnsKick = true };
        var messages = new List<int>();
        foreach (var thing in step.Returns)
        {
            if (compiler.Scheme.Texts.ContainsKey(thing.Name))
                back.Effects.Add((context.Scope.TextOf(thing).Returned, Value.One));
            else if (_system.Mappings.TryGetValue(thing.Name, out var mapping))
                back.Effects.Add((mapping.Returned, Value.One));
            else if (compiler.Scheme.Variables.ContainsKey(thing.Name))
                Publish(context.Scope.FieldOf(thing), back);
            else
                messages.Add(compiler.Scheme.Messages.ToList().IndexOf(thing.Name));
        }

        var pending = messages.SelectMany(m => Enumerable.Range(0, compiler.Cpus).Where(t => t != cpu).Select(t => (Since: _fields.PendingSince[m][t], Now: _system.Cpus[t].Messages[m]))).ToList();
        foreach (var (since, _) in pending)
        {
            var property = compiler.Property("S4");
            // With guesses outstanding the return may still be taken back: then the weak machine asks, of states.
            if (compiler.IsWeak)
                continue;
            back.Checks.Add(new Check(property, new Value.Read(since)));
            back.Effects.Add((since, Value.Zero));
        }

        back.Effects.Add((_fields.InKick, Value.Zero));
        back.Effects.AddRange(_fields.EqsSince.Select(f => (f, Value.Zero)));
        Add(end, back, after);
        var body = Build(kick.Body, new Node.To(end), context with { Calls = [.. context.Calls, step.Name], Break = null, Answer = null });
        return Single(step, body, context, begin =>
        {
            begin.Effects.Add((_fields.InKick, Value.Operate(BinaryOperator.Plus, new Value.Read(_fields.InKick), Value.One)));
            for (var t = 0; t < compiler.Cpus; t++)
            {
                if (t != cpu)
                    begin.Effects.Add((_fields.EqsSince[t], compiler.Eqs[t]));
            }

            begin.Effects.AddRange(pending.Select(p => (p.Since, (Value)new Value.Read(p.Now))));
        });
    }

    private void Publish(Field variable, Move back)
    {
        compiler.Property("S2");
        if (!_system.Published.TryGetValue(variable, out var returned))
            return;
        back.Effects.Add((returned, new Value.Constant(cpu + 1)));
    }

    private Node.To Discover(DiscoverStep step, Node after, Context context)
    {
        var instruction = Instruction(step, context);
        var result = context.Scope.FieldOf(step.Result);
        var pending = new[] { (_fields.Device, 1) }.Concat(_fields.Messages.Select((m, i) => (m, i + 2))).ToList();
        var none = pending.Aggregate(Value.One, (all, p) => Value.And(all, Value.Not(new Value.Read(p.Item1))));
        var empty = new Move(instruction, false, none) { Note = "nothing pending" };
        empty.Effects.Add((result, Value.Zero));
        Add(instruction, empty, after);
        foreach (var (field, value) in pending)
        {
            var earlier = !step.InOrder ? [] : value == 1 ? _fields.Messages : _fields.Messages.Take(value - 2);
            var turn = earlier.Aggregate((Value)new Value.Read(field), (all, m) => Value.And(all, Value.Not(new Value.Read(m))));
            var found = new Move(instruction, false, turn) { Note = value == 1 ? "device" : compiler.Scheme.Messages[value - 2] };
            found.Effects.Add((result, new Value.Constant(value)));
            found.Effects.Add((field, Value.Zero));
            found.Effects.AddRange(_system.Cpus.Where(c => c.PendingSince.ContainsKey(value - 2)).Select(c => (c.PendingSince[value - 2][cpu], Value.Zero)));
            Add(instruction, found, after);
        }

        return new Node.To(instruction);
    }

    private Node.To Rest(RestStep step, Node after, Context context)
    {
        var instruction = Instruction(step, context);
        if (step.Kind == RestKind.Linger)
        {
            Add(instruction, new Move(instruction, true, null), after);
            return new Node.To(instruction);
        }

        var pending = _fields.Messages.Append(_fields.Device).Aggregate(Value.Zero, (any, m) => Value.Operate(BinaryOperator.Or, any, new Value.Read(m)));
        Add(instruction, new Move(instruction, false, pending), after);
        Add(instruction, new Move(instruction, true, Value.Not(pending)) { Note = "for no reason" }, after);
        return new Node.To(instruction);
    }

    private void Add(Instruction instruction, Move move, Node after)
    {
        instruction.Moves.Add(move);
        next[move] = after;
    }

    private Instruction Instruction(Step step, Context context, string? text = null)
    {
        var guest = step is RestStep { Kind: RestKind.Guest };
        var instruction = new Instruction(cpu, level, path, step, step.Span, text ?? step.Span.Text)
        {
            Calls = context.Calls,
            IsKernelText = !guest,
            CanBeInterrupted = !guest,
            IsOrdinary = step is CodeStep or CallStep,
            Sections = context.Sections,
        };
        instructions.Add(instruction);
        return instruction;
    }

    private sealed record Context(CpuScope Scope, IReadOnlyList<string> Calls, IReadOnlyList<string> Sections, Node? Break, AnswerContext? Answer);

    private sealed record AnswerContext(Field Mask, int Cpu, Node After);
}
