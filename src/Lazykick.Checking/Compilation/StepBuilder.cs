using Lazykick.Checking.Moves;
using Lazykick.Checking.Properties;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Compilation;

/// <summary>
/// Expands the steps of one path into instructions, back to front: each is built knowing what follows it.
/// </summary>
internal sealed class StepBuilder
{
    private readonly SchemeCompiler _compiler;
    private readonly int _cpu;
    private readonly int _level;
    private readonly PathCode _code;
    private readonly SystemFields _system;
    private readonly CpuFields _fields;
    private readonly StepEffects _effects;
    private readonly LoopSteps _loops;
    private readonly PolicySteps _policies;
    private readonly InterruptSteps _interrupts;

    public StepBuilder(SchemeCompiler compiler, int cpu, int level, PathCode code)
    {
        _compiler = compiler;
        _cpu = cpu;
        _level = level;
        _code = code;
        _system = compiler.SystemFields;
        _fields = _system.Cpus[cpu];
        _effects = new StepEffects(compiler, cpu, level);
        _loops = new LoopSteps(compiler, cpu, level, this, code);
        _policies = new PolicySteps(compiler, cpu, this, code);
        _interrupts = new InterruptSteps(compiler, cpu, code);
    }

    public Node Build(IReadOnlyList<Step> steps, Node after) =>
        Build(steps, after, new StepContext(_compiler.Scope(_cpu), [], [], null, null, Moves.Instruction.Nobody, null));

    public Node Build(IReadOnlyList<Step> steps, Node after, StepContext context)
    {
        var node = after;
        for (var i = steps.Count - 1; i >= 0; i--)
            node = Build(steps[i], node, context);
        return node;
    }

    private Node Build(Step step, Node after, StepContext context)
    {
        _compiler.CountStep(step.Span);
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
                return s.AnyOrder ? _loops.ForAnyOrder(s, after, context) : _loops.For(s, after, context);
            case SectionStep s:
                return Build(s.Body, after, context with { Sections = [s.TextClass, .. context.Sections] });
            case SequenceStep s:
                var calls = s.Call is null ? context.Calls : [.. context.Calls, s.Call];
                return Build(s.Steps, after, context with { Calls = calls });
            case LockStep s:
                return Lock(s, after, context);
            case SelectStep s:
                return _policies.Select(s, after, context);
            case KickStep s:
                return Kick(s, after, context);
            case AnswerStep s:
                return _policies.Answer(s, context);
            case DiscoverStep s:
                return _interrupts.Discover(s, after, context);
            case SwitchStep s:
                return _interrupts.Switch(s, after, context);
            case TakeStep s:
                return Take(s, after, context);
            case RestStep s:
                return _interrupts.Rest(s, after, context);
            case WaitStep s:
                var condition = context.Scope.Resolve(s.Condition);
                var wait = _code.Instruction(s, context);
                _code.Add(wait, new Move(wait, false, condition), after);
                return new Node.To(wait);
            case TogetherStep s:
                return Together(s with { Body = [.. Decided(s.Body, context.Scope)] }, after, context);
            default:
                return _code.Single(step, after, context, move => _effects.Add(step, move, context.Scope));
        }
    }

    private Node Together(TogetherStep step, Node after, StepContext context) =>
        step.Body.Count == 0
            ? after
            : _code.Single(
                step,
                after,
                context,
                move =>
                {
                    foreach (var inner in step.Body)
                        _effects.Add(inner, move, context.Scope);
                }
            );

    /// <summary>The steps of a <c>together</c> that knobs and flags leave in.</summary>
    private static IEnumerable<Step> Decided(IReadOnlyList<Step> body, CpuScope scope) =>
        body.SelectMany(s =>
            s is WhenStep w ? Decided(scope.Resolve(w.Condition).Of([]) != 0 ? w.Then : w.Else, scope) : [s]
        );

    private Node Call(CallStep step, Node after, StepContext context)
    {
        var body = after;
        if (!step.Opaque)
        {
            body = Build(
                _compiler.Scheme.Routines[step.Name].Body,
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
        return _code.Single(
            step,
            body,
            context,
            move =>
            {
                _effects.Registers(RegisterStepKind.Clobber, step.Clobbers, move);
                _compiler.Takes(step, new StepSite(_cpu, _level, context.Scope), move);
            }
        );
    }

    private Node When(WhenStep step, Node after, StepContext context)
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

        var instruction = _code.Instruction(step, context, $"when {step.Condition.Span.Text}");
        _code.Add(instruction, new Move(instruction, false, test) { Note = "so" }, then);
        _code.Add(instruction, new Move(instruction, false, Value.Not(test)) { Note = "not so" }, otherwise);
        return new Node.To(instruction);
    }

    private Node.To Either(EitherStep step, Node after, StepContext context)
    {
        var heads = step.Branches.Reverse().Select(b => Build(b, after, context)).Reverse().ToList();
        var instruction = _code.Instruction(step, context);
        for (var branch = 0; branch < heads.Count; branch++)
        {
            var first = step.Branches[branch].Count > 0 ? step.Branches[branch][0].Span.Text : "nothing";
            _code.Add(instruction, new Move(instruction, false, null) { Note = first }, heads[branch]);
        }

        return new Node.To(instruction);
    }

    /// <summary>M28: one move that waits until nobody holds the lock, and takes it.</summary>
    private Node.To Lock(LockStep step, Node after, StepContext context)
    {
        var instruction = _code.Instruction(step, context);
        var owner = context.Scope.FieldOf(step.Lock);
        var held = _fields.Locks[step.Lock.Name].Held;
        var move = new Move(
            instruction,
            false,
            Value.Operate(BinaryOperator.Equal, new Value.Read(owner), Value.Zero)
        );
        move.Effects.Add((owner, new Value.Constant(1 + _cpu)));
        move.Effects.Add((held, Value.Combine(true, new Value.Read(held), context.Scope.LockBitOf(step.Lock))));
        _compiler.Writes(owner, move);
        _compiler.Takes(step, new StepSite(_cpu, _level, context.Scope), move);
        _code.Add(instruction, move, after);
        return new Node.To(instruction);
    }

    /// <summary>M30: one move that waits until the queue has an entry, and takes the oldest.</summary>
    private Node.To Take(TakeStep step, Node after, StepContext context)
    {
        var instruction = _code.Instruction(step, context);
        var queue = context.Scope.FieldOf(step.Queue);
        var type = (QueueType)_compiler.Scheme.Variables[step.Queue.Name].Type;
        var move = new Move(
            instruction,
            false,
            Value.Operate(BinaryOperator.NotEqual, new Value.Read(queue), Value.Zero)
        );
        move.Effects.Add((context.Scope.FieldOf(step.Result), QueueValues.Oldest(type, new Value.Read(queue))));
        move.Effects.Add((queue, QueueValues.Rest(type, new Value.Read(queue))));
        _compiler.Writes(queue, move);
        _compiler.Takes(step, new StepSite(_cpu, _level, context.Scope), move);
        _code.Add(instruction, move, after);
        return new Node.To(instruction);
    }

    private Node.To Kick(KickStep step, Node after, StepContext context)
    {
        var kick = _compiler.Scheme.Kicks[step.Name];
        var end = _code.Instruction(step, context, $"{step.Name} returns");
        var back = new Move(end, false, null) { ReturnsKick = true };
        foreach (var thing in step.Returns)
        {
            if (_compiler.Scheme.Texts.ContainsKey(thing.Name))
                back.Effects.Add((context.Scope.TextOf(thing).Returned, Value.One));
            else if (_system.Mappings.TryGetValue(thing.Name, out var mapping))
                back.Effects.Add((mapping.Returned, Value.One));
        }

        var site = new StepSite(_cpu, _level, context.Scope);
        _compiler.ReturnsFromKick(step, site, back);
        back.Effects.Add((_fields.InKick, Value.Zero));
        _code.Add(end, back, after);
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
        return _code.Single(
            step,
            body,
            context,
            begin =>
            {
                begin.Effects.Add(
                    (_fields.InKick, Value.Operate(BinaryOperator.Plus, new Value.Read(_fields.InKick), Value.One))
                );
                _compiler.BeginsKick(step, site, begin);
            }
        );
    }
}
