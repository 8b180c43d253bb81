using Lazykick.Auditing.Bytes;
using Lazykick.Auditing.Code;
using Lazykick.Auditing.Images;
using Lazykick.Auditing.Tables;

namespace Lazykick.Auditing.Walking;

/// <summary>
/// A walk over the instructions of one function, entered in one state: each instruction is taken once in each state in
/// which control reaches it. What it finds it writes into the node.
/// </summary>
internal sealed class BodyWalk(WalkContext context, Walker walker, CallRules calls, WalkNode node)
{
    private readonly KernelImage _image = context.Image;
    private readonly HashSet<(ulong, RcuState)> _seen = [];
    private readonly Stack<(ulong Address, RcuState State)> _work = new();

    /// <summary>Walks the function; returns how many steps that took.</summary>
    public int Run()
    {
        Push(node.Function, node.State);
        var steps = 0;
        while (_work.TryPop(out var step))
        {
            steps++;
            Step(step.Address, step.State);
        }

        return steps;
    }

    private void Push(ulong address, RcuState state)
    {
        if (_seen.Add((address, state)))
        {
            _work.Push((address, state));
        }
    }

    private void Step(ulong at, RcuState state)
    {
        if (!_image.Space.IsCode(at))
        {
            walker.Limits.Add("jumps to where the image has no code", _image.Place(at));
            return;
        }

        var insn = context.Code.At(at);
        if (state.IsEqs())
        {
            node.InEqs.Add((_image.Symbols.FunctionAt(at, out _)?.Address ?? at, state));
            if (_image.Tables.Traceable is { } traceable && traceable.Contains(at))
            {
                node.Sites.Add((SiteKind.Ftrace, at, state));
            }
        }

        Alternatives(at, state);
        if (_image.Tables.Jumps.TryGetValue(at, out var jump))
        {
            StaticKey(insn, jump, state);
            return;
        }

        if (_image.Tables.Calls.ContainsKey(at))
        {
            Patchable(SiteKind.StaticCall, at, state);
        }

        if (insn.Flow == FlowKind.Undecoded)
        {
            walker.Limits.Add("bytes that are no instruction known here", _image.Place(at));
            return;
        }

        if (insn.Has(Effects.Atomic) && context.Transitions.Atomics.Contains(at))
        {
            node.Transitions.Add((at, state));
            if (Transition(state) is not { } after)
            {
                return;
            }

            state = after;
        }

        if (state.IsEqs() && insn.Has(Effects.Unmask))
        {
            node.Unmasks.Add((insn.Address, state));
        }

        Follow(insn, Synchronise(insn, state));
    }

    /// <summary>What boot may put in the place of this instruction is walked beside it.</summary>
    private void Alternatives(ulong at, RcuState state)
    {
        foreach (var alternative in context.AlternativesAt(at) ?? [])
        {
            if (state.IsEqs())
            {
                node.Sites.Add((SiteKind.Alternative, at, state));
            }

            if (alternative is { IsCallback: false, ReplacementLength: > 0 })
            {
                Push(alternative.Replacement, state);
            }
            else if (_image.Machine == MachineKind.Arm64)
            {
                // What the callback makes is not in the image. The common one makes NOPs: where the atomics are
                // LSE, for one.
                Push(alternative.Site + (ulong)alternative.SiteLength, state);
            }
        }
    }

    private void StaticKey(Insn insn, JumpEntry jump, RcuState state)
    {
        Patchable(SiteKind.StaticKey, insn.Address, state);
        var isOn = context.IsAssumedOn(jump.Key);
        if (isOn)
        {
            walker.Limits.Add("keys taken to be on", context.KeyName(jump.Key));
        }

        if (!isOn || jump.IsBranch)
        {
            Next(insn, state);
        }

        if (!isOn || !jump.IsBranch)
        {
            Jump(insn.Address, jump.Target, state);
        }
    }

    /// <summary>
    /// Text that may be patched: in a window it is a site, after the window it ends the question of what synchronises
    /// first.
    /// </summary>
    private void Patchable(SiteKind kind, ulong at, RcuState state)
    {
        if (state.IsEqs())
        {
            node.Sites.Add((kind, at, state));
        }
        else if (state.IsOpen())
        {
            node.Boundaries.Add((at, state, at));
        }
    }

    /// <summary>The state after an atomic on RCU's state, or null: control does not come here in this state.</summary>
    private RcuState? Transition(RcuState state)
    {
        switch (node.Direction)
        {
            case Direction.Out:
                // While it watches, an atomic that leaves the EQS lies on a path that is not taken.
                return state.IsEqs() ? RcuState.Fresh : null;
            case Direction.Into:
                return state.IsEqs() || state == RcuState.Nested ? null : RcuState.Leaving;
            default:
                walker.Limits.Add(
                    "atomics whose direction no caller tells: taken to toggle",
                    _image.Place(node.Function)
                );
                return state.IsEqs() ? RcuState.Fresh : RcuState.Leaving;
        }
    }

    private RcuState Synchronise(Insn insn, RcuState state)
    {
        if (!state.IsOpen())
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

    private void Follow(Insn insn, RcuState state)
    {
        switch (insn.Flow)
        {
            case FlowKind.Next:
                Next(insn, state);
                break;
            case FlowKind.Jump:
                Jump(insn.Address, insn.Target, state);
                break;
            case FlowKind.Branch:
                Branch(insn, state);
                break;
            case FlowKind.Call:
                var returned = calls.Direct(node, insn.Address, insn.Target, state);
                NextInEach(insn, IsLastOfFunction(insn) ? default : returned);
                break;
            case FlowKind.IndirectCall:
                NextInEach(insn, calls.Indirect(node, insn.Address, state));
                break;
            case FlowKind.IndirectJump:
                IndirectJump(insn, state);
                break;
            case FlowKind.Return:
                node.Exits |= StateSet.Of(state);
                break;
            case FlowKind.ExceptionReturn:
                node.Ends.Add((insn.Address, state));
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// After a call that does not return the next function begins: outside of assembler nobody falls into it.
    /// </summary>
    private bool IsLastOfFunction(Insn insn) =>
        _image.Symbols.IsStart(insn.Next)
        && context.Continuation(insn) == insn.Next
        && !_image.Sections.Entry.Contains(insn.Next);

    private void NextInEach(Insn insn, StateSet states)
    {
        foreach (var state in states.All())
        {
            Next(insn, state);
        }
    }

    private void Next(Insn insn, RcuState state)
    {
        if (!context.IsDeadEnd(insn))
        {
            Push(context.Continuation(insn), state);
        }
    }

    private void Branch(Insn insn, RcuState state)
    {
        bool next = true,
            target = true;

        // if (!rcu_idle) enter(); ...; if (!rcu_idle) exit(): in the EQS the way to the exit is taken. On the way out
        // to user mode there is none.
        if (state == RcuState.Entering || (state == RcuState.Leaving && !walker.IsEntry))
        {
            bool nextExits = context.ReachesExit(node.Function, insn.Next),
                targetExits = context.ReachesExit(node.Function, insn.Target);
            if (nextExits != targetExits)
            {
                walker.Limits.Add(
                    "branches of which only the way to the EQS exit was taken",
                    _image.Place(insn.Address)
                );
                (next, target) = (nextExits, targetExits);
            }
        }

        if (next)
        {
            Next(insn, state);
        }

        if (target)
        {
            Jump(insn.Address, insn.Target, state);
        }
    }

    private void Jump(ulong site, ulong target, RcuState state)
    {
        if (
            _image.External.ContainsKey(target)
            || (_image.Symbols.IsStart(target) && target != node.Function && !IsPart(target))
        )
        {
            // Not node.Exits |= calls...: the call itself may add an exit, and |= reads the old ones first.
            var returned = calls.Direct(node, site, target, state);
            node.Exits |= returned;
        }
        else
        {
            Push(target, state);
        }
    }

    /// <summary>A cold part of a function is the function itself.</summary>
    private bool IsPart(ulong target) =>
        _image.Symbols.FunctionAt(target, out _) is { } symbol
        && (
            symbol.Name.Contains(".cold", StringComparison.Ordinal)
            || symbol.Name.Contains(".part.", StringComparison.Ordinal)
        );

    private void IndirectJump(Insn insn, RcuState state)
    {
        if (_image.Sections.Entry.Contains(insn.Address))
        {
            node.Ends.Add((insn.Address, state));
            return;
        }

        // A switch, or a call in the tail: every instruction of the function may be next, and the function may return.
        node.Exits |= StateSet.Of(state);
        if (_image.Machine == MachineKind.Arm64 && _image.Symbols.FunctionAt(insn.Address, out var end) is { } function)
        {
            walker.Limits.Add(
                "jumps through a register: every instruction of the function was taken as a target",
                function.Name
            );
            for (var at = function.Address; at < Math.Min(end, function.Address + 65536); at += 4)
            {
                Push(at, state);
            }
        }
        else if (state.IsEqs())
        {
            walker.Limits.Add("jumps through a pointer in a window, not followed", _image.Place(insn.Address));
        }
    }
}
