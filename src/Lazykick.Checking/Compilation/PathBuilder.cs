using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Compilation;

/// <summary>Builds the code of one CPU at one frame level: paths from places at level 0, nested ones above.</summary>
internal sealed class PathBuilder(SchemeCompiler compiler, int cpu, int level)
{
    private readonly List<Instruction> _instructions = [];
    private readonly Dictionary<Move, Node> _next = [];
    private readonly CpuFields _fields = compiler.SystemFields.Cpus[cpu];

    /// <summary>Moves that enter a nested path of this level, from any position of the level below.</summary>
    public List<Move> Entries { get; } = [];

    /// <summary>Builds nested paths.</summary>
    /// <param name="paths">Paths <c>from kernel</c>.</param>
    /// <param name="firstPc">Program counter of the first instruction.</param>
    public IReadOnlyList<Instruction> Build(IReadOnlyList<PathDeclaration> paths, int firstPc)
    {
        foreach (var path in paths)
        {
            var head = Steps(path);
            Entries.AddRange(Enter(path, head));
        }

        Finish(firstPc);
        return _instructions;
    }

    /// <summary>Builds the places, the first of which is <c>user</c>, and the paths from them.</summary>
    public IReadOnlyList<Instruction> BuildGround(IReadOnlyList<PathDeclaration> paths, IReadOnlyList<string> places)
    {
        for (var p = 0; p < places.Count; p++)
        {
            var isUser = p == 0;
            var span = isUser ? compiler.Scheme.Header.Span : compiler.Scheme.Places[places[p]].Span;
            _instructions.Add(
                new Instruction(cpu, 0, places[p], null, span, places[p])
                {
                    Pc = p,
                    IsKernelText = !isUser,
                    CanBeInterrupted = !isUser,
                    IsOrdinary = true,
                    Sections = isUser || compiler.Scheme.Places[places[p]].TextClass is not { } runs ? [] : [runs],
                }
            );
        }

        foreach (var path in paths)
        {
            var place = places.ToList().IndexOf(path.From);
            if (place >= 0)
                _instructions[place].Moves.AddRange(Enter(path, Steps(path)));
        }

        Finish(places.Count);
        return _instructions;
    }

    /// <summary>Steps are built back to front; turned round, positions stand in the order of the path.</summary>
    private Node Steps(PathDeclaration path)
    {
        var first = _instructions.Count;
        var code = new PathCode(cpu, level, path, _instructions, _next);
        var head = new StepBuilder(compiler, cpu, level, code).Build(path.Body, new Node.Leave(path));
        _instructions.Reverse(first, _instructions.Count - first);
        return head;
    }

    private List<Move> Enter(PathDeclaration path, Node head)
    {
        var moves = new List<Move>();
        foreach (var (instruction, condition) in Leaves(head, null, path.Span))
        {
            foreach (var first in instruction.Moves.ToList())
                AddEntries(moves, path, first, condition);
        }

        return moves;
    }

    private void AddEntries(List<Move> moves, PathDeclaration path, Move first, Value? condition)
    {
        var guard = condition;
        Require(first.Guard);
        if (level > 0)
        {
            Require(Is(_fields.Active[(int)path.Trigger], 0));
            var mask = path.Trigger switch
            {
                Trigger.Debug => 0,
                Trigger.SError => 1,
                Trigger.Irq => 2,
                Trigger.Fiq => 3,
                _ => -1,
            };
            if (mask >= 0)
                Require(Is(_fields.Masks[mask], 0));
        }

        var messages = _fields.IsPending(path.Trigger);
        if (path.Trigger == Trigger.Irq)
        {
            var pending = CpuFields.IsOn(_fields.DeviceOff, Value.Not(Is(_fields.Device, 0)));
            Add(false, Value.Operate(BinaryOperator.Or, pending, messages), false);
            Add(true, CpuFields.IsOn(_fields.DeviceOff, Is(_fields.Device, 0)), true);
        }
        else if (_fields.MessagesOf(path.Trigger).Any())
        {
            Add(false, messages, false);
            Add(true, Value.Not(messages), false);
        }
        else
        {
            Add(true, null, false);
        }

        void Require(Value? more) =>
            guard =
                more is null ? guard
                : guard is null ? more
                : Value.And(guard, more);

        void Add(bool free, Value? more, bool device)
        {
            var move = new Move(
                first.Instruction,
                free,
                more is null ? guard
                    : guard is null ? more
                    : Value.And(guard, more)
            )
            {
                Enters = path.Name,
                Note = device ? "device interrupt" : first.Note,
                ReturnsKick = first.ReturnsKick,
            };
            compiler.Enters(path, messages, cpu, move);
            if (device)
                move.Effects.Add((_fields.Device, Value.One));
            if (path.Trigger != Trigger.Own)
                move.Effects.Add((_fields.Active[(int)path.Trigger], Value.One));
            if (level > 0)
            {
                for (var m = 0; m < _fields.Masks.Length; m++)
                    move.Effects.Add((_fields.Saved[level][m], new Value.Read(_fields.Masks[m])));
            }

            move.Checks.AddRange(first.Checks);
            move.Effects.AddRange(first.Effects);
            _next[move] = _next[first];
            moves.Add(move);
        }
    }

    private static Value Is(Field field, int value) =>
        Value.Operate(BinaryOperator.Equal, new Value.Read(field), new Value.Constant(value));

    /// <summary>The instructions that a node leads to, each with its condition.</summary>
    private IEnumerable<(Instruction Instruction, Value? Condition)> Leaves(
        Node node,
        Value? condition,
        SourceSpan span
    )
    {
        switch (Follow(node, span))
        {
            case Node.To to:
                yield return (to.Instruction, condition);
                break;
            case Node.Branch branch:
                foreach (var leaf in Leaves(branch.Then, With(branch.Test), span))
                    yield return leaf;
                foreach (var leaf in Leaves(branch.Otherwise, With(Value.Not(branch.Test)), span))
                    yield return leaf;
                break;
        }

        Value With(Value test) => condition is null ? test : Value.And(condition, test);
    }

    private Node Follow(Node node, SourceSpan span, int depth = 0)
    {
        var resolved = node.Resolve();
        if (resolved is null || depth > 500)
        {
            compiler.Report(
                "LK0500",
                span,
                "there is a loop here that takes no step",
                "a loop that waits for other CPUs is written 'wait condition'"
            );
            return new Node.Leave(null);
        }

        return resolved;
    }

    private void Finish(int firstPc)
    {
        var pc = firstPc;
        foreach (var instruction in _instructions.Where(i => !i.IsPlace))
            instruction.Pc = pc++;
        foreach (var move in _instructions.SelectMany(i => i.Moves).Concat(Entries).Distinct().ToList())
            Complete(move);
    }

    /// <summary>Adds to a move where it leads, and what leaving a path does.</summary>
    private void Complete(Move move)
    {
        if (!_next.TryGetValue(move, out var next))
            return;
        var effects = move.Effects;
        var span = move.Instruction.Span;
        var leaves = new List<(Node.Leave Leave, Value Condition)>();
        var target = Target(next, Value.One, 0);
        foreach (var (leave, condition) in leaves)
            AddLeaving(leave, condition);
        effects.Add((_fields.Pc[level], target));
        compiler.Completes(move);

        Value Target(Node node, Value condition, int depth)
        {
            switch (Follow(node, span, depth))
            {
                case Node.To to:
                    return new Value.Constant(to.Instruction.Pc);
                case Node.Branch branch:
                    if (branch.Asked is { } asked && !move.Tests.Contains(asked))
                        move.Tests.Add(asked);
                    return Value.If(
                        branch.Test,
                        Target(branch.Then, Value.And(condition, branch.Test), depth + 1),
                        Target(branch.Otherwise, Value.And(condition, Value.Not(branch.Test)), depth + 1)
                    );
                case Node.Leave leave:
                    leaves.Add((leave, condition));
                    return new Value.Constant(level > 0 || leave.Path is null ? 0 : PlaceOf(leave.Path.From));
                default:
                    return Value.Zero;
            }
        }

        void AddLeaving(Node.Leave leave, Value condition)
        {
            for (var m = 0; m < _fields.Masks.Length; m++)
            {
                var saved = level > 0 ? new Value.Read(_fields.Saved[level][m]) : Value.Zero;
                effects.Add((_fields.Masks[m], Value.If(condition, saved, new Value.Read(_fields.Masks[m]))));
                if (level > 0)
                {
                    effects.Add(
                        (
                            _fields.Saved[level][m],
                            Value.If(condition, Value.Zero, new Value.Read(_fields.Saved[level][m]))
                        )
                    );
                }
            }

            if (leave.Path is { Trigger: not Trigger.Own and var trigger })
            {
                effects.Add(
                    (
                        _fields.Active[(int)trigger],
                        Value.If(condition, Value.Zero, new Value.Read(_fields.Active[(int)trigger]))
                    )
                );
            }

            if (level > 0)
                return;
            foreach (var register in _fields.Registers.Values)
                effects.Add((register, Value.If(condition, Value.One, new Value.Read(register))));
        }
    }

    private int PlaceOf(string name) => _instructions.FindIndex(i => i.IsPlace && i.Path == name);
}
