using Lazykick.Checking.Moves;
using Lazykick.Checking.Properties;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>
/// Expands the steps of one path into instructions, back to front: each is built knowing what follows it.
/// </summary>
internal sealed partial class StepBuilder(
    SchemeCompiler compiler,
    int cpu,
    int level,
    string path,
    List<Instruction> instructions,
    Dictionary<Move, Node> next
)
{
    private readonly SystemFields _system = compiler.SystemFields;
    private readonly CpuFields _fields = compiler.SystemFields.Cpus[cpu];

    public Node Build(IReadOnlyList<Step> steps, Node after) =>
        Build(steps, after, new Context(compiler.Scope(cpu), [], [], null, null, Moves.Instruction.Nobody, null));

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
            case SequenceStep s:
                var calls = s.Call is null ? context.Calls : [.. context.Calls, s.Call];
                return Build(s.Steps, after, context with { Calls = calls });
            case LockStep s:
                return Lock(s, after, context);
            case SelectStep s:
                return Select(s, after, context);
            case KickStep s:
                return Kick(s, after, context);
            case AnswerStep s:
                return Answer(s, context);
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
                return Together(s with { Body = [.. Decided(s.Body, context.Scope)] }, after, context);
            default:
                return Single(step, after, context, move => Effects(step, move, context));
        }
    }

    private Node Together(TogetherStep step, Node after, Context context) =>
        step.Body.Count == 0
            ? after
            : Single(
                step,
                after,
                context,
                move =>
                {
                    foreach (var inner in step.Body)
                        Effects(inner, move, context);
                }
            );

    /// <summary>The steps of a <c>together</c> that knobs and flags leave in.</summary>
    private static IEnumerable<Step> Decided(IReadOnlyList<Step> body, CpuScope scope) =>
        body.SelectMany(s =>
            s is WhenStep w ? Decided(scope.Resolve(w.Condition).Of([]) != 0 ? w.Then : w.Else, scope) : [s]
        );

    private Node.To Single(Step step, Node after, Context context, Action<Move> fill)
    {
        var instruction = Instruction(step, context);
        var move = new Move(instruction, false, null);
        fill(move);
        Add(instruction, move, after);
        return new Node.To(instruction);
    }

    private Node Call(CallStep step, Node after, Context context)
    {
        var body = after;
        if (!step.Opaque)
        {
            body = Build(
                compiler.Scheme.Routines[step.Name].Body,
                after,
                context with
                {
                    Calls = [.. context.Calls, step.Name],
                    Break = null,
                    Answer = null,
                }
            );
        }

        if (!step.Opaque && step.Clobbers.IsEmpty && !step.UsesRcu)
            return body;
        return Single(
            step,
            body,
            context,
            move =>
            {
                Registers(RegisterStepKind.Clobber, step.Clobbers, move);
                compiler.Takes(step, new StepSite(cpu, level, context.Scope), move);
            }
        );
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
        {
            return ReferenceEquals(then, otherwise)
                ? then
                : new Node.Branch(test, then, otherwise, new BranchTest(test, context.About, step.Span));
        }

        var instruction = Instruction(step, context, $"when {step.Condition.Span.Text}");
        Add(instruction, new Move(instruction, false, test) { Note = "so" }, then);
        Add(instruction, new Move(instruction, false, Value.Not(test)) { Note = "not so" }, otherwise);
        return new Node.To(instruction);
    }

    private Node.To Either(EitherStep step, Node after, Context context)
    {
        var heads = step.Branches.Reverse().Select(b => Build(b, after, context)).Reverse().ToList();
        var instruction = Instruction(step, context);
        for (var branch = 0; branch < heads.Count; branch++)
        {
            var first = step.Branches[branch].Count > 0 ? step.Branches[branch][0].Span.Text : "nothing";
            Add(instruction, new Move(instruction, false, null) { Note = first }, heads[branch]);
        }

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
            var body = Build(step.Body, node, context.At(step.Variable, t, set));
            node = member.IsConstant(out _) ? body : new Node.Branch(member, body, node, null);
        }

        return node;
    }

    private Node.Forward ForAnyOrder(ForStep step, Node after, Context context)
    {
        var set = context.Scope.Resolve(step.Set);
        var done = _system.Layout.Add($"done at {step.Span}[{cpu},{level},{instructions.Count}]", 0, context.Scope.All);
        var head = new Node.Forward();
        var turn = Instruction(step, context);
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
            Add(turn, move, Build(step.Body, head, context.At(step.Variable, t, set)));
        }

        var end = new Move(turn, false, Value.Not(left)) { Note = "all had their turn" };
        end.Effects.Add((done, Value.Zero));
        Add(turn, end, after);
        head.Target = new Node.To(turn);
        return head;
    }

    /// <summary>M28: one move that waits until nobody holds the lock, and takes it.</summary>
    private Node.To Lock(LockStep step, Node after, Context context)
    {
        var instruction = Instruction(step, context);
        var owner = context.Scope.FieldOf(step.Lock);
        var held = _fields.Locks[step.Lock.Name].Held;
        var move = new Move(
            instruction,
            false,
            Value.Operate(BinaryOperator.Equal, new Value.Read(owner), Value.Zero)
        );
        move.Effects.Add((owner, new Value.Constant(1 + cpu)));
        move.Effects.Add((held, Value.Combine(true, new Value.Read(held), LockBit(step.Lock, context))));
        compiler.Writes(owner, move);
        compiler.Takes(step, new StepSite(cpu, level, context.Scope), move);
        Add(instruction, move, after);
        return new Node.To(instruction);
    }

    private static Value.Constant LockBit(NameExpression name, Context context) =>
        new(1 << context.Scope.LockOf(name));

    private Node Select(SelectStep step, Node after, Context context)
    {
        var policy = compiler.Scheme.Policies[step.Policy];
        var target = context.Scope.CpuOf(step.Cpu);
        var mask = context.Scope.FieldOf(step.Mask);
        if (policy.Ask is not null)
        {
            var inner = new Context(
                compiler.Scope(cpu).Bind(policy.Variable, target),
                [.. context.Calls, policy.Name],
                context.Sections,
                null,
                new AnswerContext(policy.Name, mask, target, after),
                context.About,
                context.Loop
            );
            var first = Build(policy.Ask, after, inner);
            foreach (var asking in FirstOf(first))
                asking.Asks = (policy.Name, target);
            return first;
        }

        var skip = compiler.Scope(cpu).Bind(policy.Variable, target).Resolve(policy.SkipWhen!);
        var instruction = Instruction(step, context);
        instruction.Asks = (policy.Name, target);
        var skips = new Move(instruction, false, skip)
        {
            Note = $"skips CPU{target}",
            Decision = new Decision(policy.Name, target, true),
        };
        var takes = new Move(instruction, false, Value.Not(skip))
        {
            Note = $"takes CPU{target}",
            Decision = new Decision(policy.Name, target, false),
        };
        takes.Effects.Add((mask, Value.Combine(true, new Value.Read(mask), new Value.Constant(1 << target))));
        Add(instruction, skips, after);
        Add(instruction, takes, after);
        return new Node.To(instruction);
    }

    /// <summary>The instructions that a node leads to, whichever way its tests go.</summary>
    private static IEnumerable<Instruction> FirstOf(Node node, int depth = 0) =>
        depth > 100
            ? []
            : node.Resolve() switch
            {
                Node.To to => [to.Instruction],
                Node.Branch branch => FirstOf(branch.Then, depth + 1).Concat(FirstOf(branch.Otherwise, depth + 1)),
                _ => [],
            };

    private Node.To Answer(AnswerStep step, Context context)
    {
        var answer = context.Answer!;
        var instruction = Instruction(step, context);
        var move = new Move(instruction, false, null)
        {
            Note = $"{(step.Skips ? "skips" : "takes")} CPU{answer.Cpu}",
            Decision = new Decision(answer.Policy, answer.Cpu, step.Skips),
        };
        if (!step.Skips)
        {
            move.Effects.Add(
                (answer.Mask, Value.Combine(true, new Value.Read(answer.Mask), new Value.Constant(1 << answer.Cpu)))
            );
        }

        Add(instruction, move, answer.After);
        return new Node.To(instruction);
    }

    private Node.To Kick(KickStep step, Node after, Context context)
    {
        var kick = compiler.Scheme.Kicks[step.Name];
        var end = Instruction(step, context, $"{step.Name} returns");
        var back = new Move(end, false, null) { ReturnsKick = true };
        foreach (var thing in step.Returns)
        {
            if (compiler.Scheme.Texts.ContainsKey(thing.Name))
                back.Effects.Add((context.Scope.TextOf(thing).Returned, Value.One));
            else if (_system.Mappings.TryGetValue(thing.Name, out var mapping))
                back.Effects.Add((mapping.Returned, Value.One));
        }

        var site = new StepSite(cpu, level, context.Scope);
        compiler.ReturnsFromKick(step, site, back);
        back.Effects.Add((_fields.InKick, Value.Zero));
        Add(end, back, after);
        var body = Build(
            kick.Body,
            new Node.To(end),
            context with
            {
                Calls = [.. context.Calls, step.Name],
                Break = null,
                Answer = null,
            }
        );
        return Single(
            step,
            body,
            context,
            begin =>
            {
                begin.Effects.Add(
                    (_fields.InKick, Value.Operate(BinaryOperator.Plus, new Value.Read(_fields.InKick), Value.One))
                );
                compiler.BeginsKick(step, site, begin);
            }
        );
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

        var pending = _fields
            .Messages.Append(_fields.Device)
            .Aggregate(Value.Zero, (any, m) => Value.Operate(BinaryOperator.Or, any, new Value.Read(m)));
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
            About = context.About,
            Loop = context.Loop,
        };
        instructions.Add(instruction);
        return instruction;
    }

    private sealed record Context(
        CpuScope Scope,
        IReadOnlyList<string> Calls,
        IReadOnlyList<string> Sections,
        Node? Break,
        AnswerContext? Answer,
        int About,
        Field? Loop
    )
    {
        /// <summary>The body of a loop over CPUs, at one of them.</summary>
        public Context At(string variable, int cpu, Value set) =>
            this with
            {
                Loop = (set as Value.Read)?.Field,
                Scope = Scope.Bind(variable, cpu),
                About = About == Moves.Instruction.Nobody || About == cpu ? cpu : Moves.Instruction.Several,
            };
    }

    private sealed record AnswerContext(string Policy, Field Mask, int Cpu, Node After);
}
