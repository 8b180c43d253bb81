using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Code;
using Lazykick.Auditing.Images;
using Lazykick.Auditing.Tables;

namespace Lazykick.Auditing.Walking;

/// <summary>
/// Walks code from the roots of a window and keeps the state of RCU: an abstract interpretation over functions, each
/// summarised by the states in which it returns. What it cannot follow it counts in <see cref="Limits"/>.
/// </summary>
internal sealed class Walker
{
    private const int MostNodes = 20_000;
    private const int MostOrdinary = 3;
    private const int MostSteps = 60_000_000;
    private const int AllWatching =
        (1 << (int)RcuState.Fresh)
        | (1 << (int)RcuState.AfterDsb)
        | (1 << (int)RcuState.AfterIsb)
        | (1 << (int)RcuState.AfterBoth)
        | (1 << (int)RcuState.Watching)
        | (1 << (int)RcuState.Nested);

    private readonly KernelImage _image;
    private readonly WalkContext _context;
    private readonly bool _isEntry;
    private readonly Dictionary<(ulong, RcuState, Direction), WalkNode> _nodes = [];
    private readonly Queue<WalkNode> _queue = new();
    private readonly CancellationToken _cancellation;
    private long _steps;

    public Walker(WalkContext context, bool isEntry, CancellationToken cancellation)
    {
        _context = context;
        _image = context.Image;
        _isEntry = isEntry;
        _cancellation = cancellation;
    }

    public WalkLimits Limits { get; } = new();

    public IReadOnlyCollection<WalkNode> Nodes => _nodes.Values;

    /// <summary>Walks from a root; the summaries of all roots are shared.</summary>
    public WalkNode Root(ulong function, RcuState state) => Node(function, state, Direction.Unknown, null, 0);

    public void Run()
    {
        while (_queue.TryDequeue(out var node))
        {
            node.IsQueued = false;
            _cancellation.ThrowIfCancellationRequested();
            if (_steps > MostSteps)
            {
                Limits.Add("the walk was cut short: too many steps", _image.Place(node.Function));
                return;
            }

            Analyse(node);
        }
    }

    private WalkNode Node(ulong function, RcuState state, Direction direction, WalkNode? caller, ulong site)
    {
        var isNew = !_nodes.TryGetValue((function, state, direction), out var node);
        if (isNew || node is null)
        {
            node = new WalkNode(function, state, direction);
            _nodes[(function, state, direction)] = node;
            if (_nodes.Count <= MostNodes)
            {
                Enqueue(node);
            }
            else
            {
                Limits.Add("the walk was cut short: too many functions", _image.Place(function));
            }
        }

        if (caller is not null)
        {
            var depth = caller.Depth + (_image.Sections.IsQuiet(function) ? 0 : 1);
            if (isNew || depth < node.Depth)
            {
                node.Depth = depth;
                if (!isNew)
                {
                    Enqueue(node);
                }
            }

            node.Callers.Add(caller);
            caller.Calls.TryAdd(node, site);
        }

        return node;
    }

    private void Enqueue(WalkNode node)
    {
        if (!node.IsQueued)
        {
            node.IsQueued = true;
            _queue.Enqueue(node);
        }
    }

    private void Analyse(WalkNode node)
    {
        var seen = new HashSet<(ulong, RcuState)>();
        var work = new Stack<(ulong Address, RcuState State)>();
        Push(node.Function, node.State);
        var before = node.Exits;
        while (work.TryPop(out var step))
        {
            _steps++;
            Step(node, step.Address, step.State, Push);
        }

        if (node.Exits != before)
        {
            foreach (var caller in node.Callers)
            {
                Enqueue(caller);
            }
        }

        void Push(ulong address, RcuState state)
        {
            if (seen.Add((address, state)))
            {
                work.Push((address, state));
            }
        }
    }

    private void Step(WalkNode node, ulong at, RcuState state, Action<ulong, RcuState> push)
    {
        if (!_image.Space.IsCode(at))
        {
            Limits.Add("jumps to where the image has no code", _image.Place(at));
            return;
        }

        var insn = _context.Code.At(at);
        if (IsEqs(state))
        {
            node.InEqs.Add((_image.Symbols.FunctionAt(at, out _)?.Address ?? at, state));
            if (_image.Tables.Traceable is { } traceable && traceable.Contains(at))
            {
                node.Sites.Add((SiteKind.Ftrace, at, state));
            }
        }

        if (_context.AlternativesAt(at) is { } alternatives)
        {
            foreach (var alternative in alternatives)
            {
                if (IsEqs(state))
                {
                    node.Sites.Add((SiteKind.Alternative, at, state));
                }

                if (alternative is { IsCallback: false, ReplacementLength: > 0 })
                {
                    push(alternative.Replacement, state);
                }
                else if (_image.Machine == MachineKind.Arm64)
                {
                    // What the callback makes is not in the image. The common one makes NOPs: where the atomics are
                    // LSE, for one.
                    push(alternative.Site + (ulong)alternative.SiteLength, state);
                }
            }
        }

        if (_image.Tables.Jumps.TryGetValue(at, out var jump))
        {
            StaticKey(node, insn, jump, state, push);
            return;
        }

        if (_image.Tables.Calls.ContainsKey(at))
        {
            Patchable(node, SiteKind.StaticCall, at, ref state);
        }

        if (insn.Flow == FlowKind.Undecoded)
        {
            Limits.Add("bytes that are no instruction known here", _image.Place(at));
            return;
        }

        if (insn.Has(Effects.Atomic) && _context.Transitions.Atomics.Contains(at))
        {
            node.Transitions.Add((at, state));
            if (Transition(node, state) is not { } after)
            {
                return;
            }

            state = after;
        }

        if (IsEqs(state) && insn.Has(Effects.Unmask))
        {
            node.Unmasks.Add((insn.Address, state));
        }

        state = Synchronise(node, insn, state);
        Follow(node, insn, state, push);
    }

    private void StaticKey(WalkNode node, Insn insn, JumpEntry jump, RcuState state, Action<ulong, RcuState> push)
    {
        Patchable(node, SiteKind.StaticKey, insn.Address, ref state);
        if (_context.IsAssumedOn(jump.Key))
        {
            Limits.Add("keys taken to be on", _context.KeyName(jump.Key));
            if (jump.IsBranch)
            {
                Next(insn, state, push);
            }
            else
            {
                Jump(node, insn.Address, jump.Target, state, push);
            }

            return;
        }

        Next(insn, state, push);
        Jump(node, insn.Address, jump.Target, state, push);
    }

    /// <summary>
    /// Text that may be patched: in a window it is a site, after the window it ends the question of what synchronises
    /// first.
    /// </summary>
    private static void Patchable(WalkNode node, SiteKind kind, ulong at, ref RcuState state)
    {
        if (IsEqs(state))
        {
            node.Sites.Add((kind, at, state));
        }
        else if (IsOpen(state))
        {
            node.Boundaries.Add((at, state, at));
        }
    }

    private RcuState? Transition(WalkNode node, RcuState state)
    {
        switch (node.Direction)
        {
            case Direction.Out:
                // While it watches, an atomic that leaves the EQS lies on a path that is not taken.
                return IsEqs(state) ? RcuState.Fresh : null;
            case Direction.Into:
                return IsEqs(state) || state == RcuState.Nested ? null : RcuState.Leaving;
            default:
                Limits.Add("atomics whose direction no caller tells: taken to toggle", _image.Place(node.Function));
                return IsEqs(state) ? RcuState.Fresh : RcuState.Leaving;
        }
    }

    private static RcuState Synchronise(WalkNode node, Insn insn, RcuState state)
    {
        if (!IsOpen(state))
        {
            return state;
        }

        if (insn.Has(Effects.Dsb))
        {
            node.Barriers.Add((insn.Address, "dsb"));
            return state == RcuState.Fresh ? RcuState.AfterDsb : state;
        }

        if (insn.Has(Effects.Isb | Effects.Serialise))
        {
            node.Barriers.Add((insn.Address, insn.Has(Effects.Isb) ? "isb" : "serialising instruction"));
            return state is RcuState.AfterDsb or RcuState.AfterBoth ? RcuState.AfterBoth : RcuState.AfterIsb;
        }

        return state;
    }

    private void Follow(WalkNode node, Insn insn, RcuState state, Action<ulong, RcuState> push)
    {
        switch (insn.Flow)
        {
            case FlowKind.Next:
                Next(insn, state, push);
                break;
            case FlowKind.Jump:
                Jump(node, insn.Address, insn.Target, state, push);
                break;
            case FlowKind.Branch:
                Branch(node, insn, state, push);
                break;
            case FlowKind.Call:
                Call(node, insn.Address, insn.Target, state, after => AfterCall(insn, after, push));
                break;
            case FlowKind.IndirectCall:
                IndirectCall(node, insn, state, after => Next(insn, after, push));
                break;
            case FlowKind.IndirectJump:
                IndirectJump(node, insn, state, push);
                break;
            case FlowKind.Return:
                node.Exits |= 1 << (int)state;
                break;
            case FlowKind.ExceptionReturn:
                node.Ends.Add((insn.Address, state));
                break;
            default:
                break;
        }
    }

    private void AfterCall(Insn insn, RcuState state, Action<ulong, RcuState> push)
    {
        // After a call that does not return the next function begins: outside of assembler nobody falls into it.
        if (
            _image.Symbols.IsStart(insn.Next)
            && _context.Continuation(insn) == insn.Next
            && !_image.Sections.Entry.Contains(insn.Next)
        )
        {
            return;
        }

        Next(insn, state, push);
    }

    private void Next(Insn insn, RcuState state, Action<ulong, RcuState> push)
    {
        if (!_context.IsDeadEnd(insn))
        {
            push(_context.Continuation(insn), state);
        }
    }

    private void Branch(WalkNode node, Insn insn, RcuState state, Action<ulong, RcuState> push)
    {
        // if (!rcu_idle) enter(); ...; if (!rcu_idle) exit(): in the EQS the way to the exit is taken. On the way out
        // to user mode there is none.
        if (state == RcuState.Entering || (state == RcuState.Leaving && !_isEntry))
        {
            bool next = _context.ReachesExit(node.Function, insn.Next),
                target = _context.ReachesExit(node.Function, insn.Target);
            if (next != target)
            {
                Limits.Add("branches of which only the way to the EQS exit was taken", _image.Place(insn.Address));
                if (next)
                {
                    Next(insn, state, push);
                }
                else
                {
                    Jump(node, insn.Address, insn.Target, state, push);
                }

                return;
            }
        }

        Next(insn, state, push);
        Jump(node, insn.Address, insn.Target, state, push);
    }

    private void Jump(WalkNode node, ulong site, ulong target, RcuState state, Action<ulong, RcuState> push)
    {
        if (
            _image.External.ContainsKey(target)
            || (_image.Symbols.IsStart(target) && target != node.Function && !IsPart(target))
        )
        {
            Call(node, site, target, state, after => node.Exits |= 1 << (int)after);
        }
        else
        {
            push(target, state);
        }
    }

    /// <summary>A cold part of a function is the function itself.</summary>
    private bool IsPart(ulong target) =>
        _image.Symbols.FunctionAt(target, out _) is { } symbol
        && (
            symbol.Name.Contains(".cold", StringComparison.Ordinal)
            || symbol.Name.Contains(".part.", StringComparison.Ordinal)
        );

    private void Call(WalkNode node, ulong site, ulong target, RcuState state, Action<RcuState> after)
    {
        var role = _context.RoleOf(target);
        if (role.IsReturnThunk)
        {
            node.Exits |= 1 << (int)state;
            return;
        }

        if (role.IsNever)
        {
            return;
        }

        if (role.IsSkipped || role.IsTracer)
        {
            if (role.IsSkipped)
            {
                Limits.Add(
                    role.IsBoot ? "helpers of alternatives, not walked" : "calls that the model skips",
                    role.Name
                );
            }

            after(state);
            return;
        }

        if (role.IsIndirectThunk)
        {
            Pointer(node, site, state, after);
            return;
        }

        if (role.IsNestIn && IsWatching(state))
        {
            after(RcuState.Nested);
            return;
        }

        if (role.IsNestOut && state == RcuState.Nested)
        {
            after(RcuState.Watching);
            return;
        }

        if (_image.External.ContainsKey(target))
        {
            External(role, state, after);
            return;
        }

        if (!IsEqs(state) && !Enters(node, site, target, ref state))
        {
            after(state);
            return;
        }

        if (node.Depth >= MostOrdinary && !_image.Sections.IsQuiet(target))
        {
            if (IsEqs(state))
            {
                Limits.Add(
                    $"calls from a window more than {MostOrdinary} functions deep in ordinary text, not walked",
                    role.Name
                );
            }

            after(state);
            return;
        }

        var direction = role.Direction == Direction.Unknown ? node.Direction : role.Direction;
        Returned(role, Node(target, state, direction, node, site).Exits, after);
    }

    /// <summary>
    /// While RCU watches: is this call worth a walk? Ordinary text returns as it was called; what is called first of
    /// all is noted.
    /// </summary>
    private bool Enters(WalkNode node, ulong site, ulong target, ref RcuState state)
    {
        if (!_image.Sections.IsQuiet(target))
        {
            if (IsOpen(state))
            {
                node.Boundaries.Add((site, state, target));
                state = RcuState.Watching;
            }

            // The loop of the idle task and its drivers leave and enter the EQS from ordinary text.
            return !_isEntry && _context.Reaching.Contains(target);
        }

        return _context.Reaching.Contains(target) || IsOpen(state);
    }

    private void External(FunctionRole role, RcuState state, Action<RcuState> after)
    {
        if (role.Direction == Direction.Out && IsEqs(state))
        {
            Limits.Add("EQS exits that a module calls in the kernel", role.Name);
            after(RcuState.Fresh);
        }
        else if (role.Direction == Direction.Into && !IsEqs(state))
        {
            Limits.Add("EQS entries that a module calls in the kernel", role.Name);
            after(RcuState.Leaving);
        }
        else
        {
            if (IsEqs(state))
            {
                Limits.Add("functions of the kernel that a module calls in the EQS, not walked", role.Name);
            }

            after(state);
        }
    }

    private void Returned(FunctionRole role, int exits, Action<RcuState> after)
    {
        if (role.IsWatching && exits != 0 && (exits & ~AllWatching) != 0)
        {
            Limits.Add("post-conditions that decided: RCU watches after", role.Name);
            exits = (exits & AllWatching) == 0 ? 1 << (int)RcuState.Fresh : exits & AllWatching;
        }

        for (var state = 0; exits >> state != 0; state++)
        {
            if ((exits >> state & 1) != 0)
            {
                after((RcuState)state);
            }
        }
    }

    private void IndirectCall(WalkNode node, Insn insn, RcuState state, Action<RcuState> after) =>
        Pointer(node, insn.Address, state, after);

    private void Pointer(WalkNode node, ulong site, RcuState state, Action<RcuState> after)
    {
        if (_context.PointedTo(site) is { } targets)
        {
            foreach (var target in targets)
            {
                // Drivers that leave and enter the EQS themselves are called while RCU watches, the others in the EQS.
                if (_context.Reaching.Contains(target) == !IsEqs(state))
                {
                    Returned(_context.RoleOf(target), Node(target, state, Direction.Unknown, node, site).Exits, after);
                }
            }

            return;
        }

        if (IsEqs(state))
        {
            Limits.Add("indirect calls in a window, not followed", _image.Place(site));
        }
        else if (IsOpen(state))
        {
            node.Boundaries.Add((site, state, 0));
            state = RcuState.Watching;
        }

        after(state);
    }

    private void IndirectJump(WalkNode node, Insn insn, RcuState state, Action<ulong, RcuState> push)
    {
        if (_image.Sections.Entry.Contains(insn.Address))
        {
            node.Ends.Add((insn.Address, state));
            return;
        }

        // A switch, or a call in the tail: every instruction of the function may be next, and the function may return.
        node.Exits |= 1 << (int)state;
        if (_image.Machine == MachineKind.Arm64 && _image.Symbols.FunctionAt(insn.Address, out var end) is { } function)
        {
            Limits.Add(
                "jumps through a register: every instruction of the function was taken as a target",
                function.Name
            );
            for (var at = function.Address; at < Math.Min(end, function.Address + 65536); at += 4)
            {
                push(at, state);
            }
        }
        else if (IsEqs(state))
        {
            Limits.Add("jumps through a pointer in a window, not followed", _image.Place(insn.Address));
        }
    }

    private static bool IsEqs(RcuState state) => state is RcuState.Entering or RcuState.Leaving;

    private static bool IsWatching(RcuState state) =>
        state is not (RcuState.Entering or RcuState.Leaving or RcuState.Nested);

    private static bool IsOpen(RcuState state) =>
        state is RcuState.Fresh or RcuState.AfterDsb or RcuState.AfterIsb or RcuState.AfterBoth;
}
