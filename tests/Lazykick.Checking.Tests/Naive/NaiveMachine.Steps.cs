using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive;

internal sealed partial class NaiveMachine
{
    /// <summary>
    /// What one step can do: the state after it but for the position, and the position to go on from.
    /// </summary>
    private sealed record Outcome(NaiveState State, Level At, bool IsFree, IReadOnlyList<string> Violated);

    private IEnumerable<Outcome> Outcomes(NaiveState before, NaiveState state, int cpu)
    {
        var cpuState = state.Cpus[cpu];
        var level = cpuState.Top!.At;
        var names = _walk.NamesAt(level);
        if (level.IsReturning)
            return [Returns(state, cpu, level)];
        if (level.IsChoosing)
            return Choices(state, cpu, level);
        Outcome On(NaiveState after, params string[] violated) => new(after, level.Next(), false, violated);
        switch (level.Step)
        {
            case EitherStep either:
                return either.Branches.Select(b => new Outcome(state, level.Push(b, LevelKind.Branch), false, []));
            case WhenStep test:
                return
                [
                    new Outcome(
                        state,
                        level.Push(
                            _values.IsTrue(test.Condition, state, cpu, names) ? test.Then : test.Else,
                            LevelKind.Branch
                        ),
                        false,
                        []
                    ),
                ];
            case WaitStep wait:
                return _values.IsTrue(wait.Condition, state, cpu, names) ? [On(state)] : [];
            case RmwStep rmw:
                var changed = _values.Assign(rmw.Target, rmw.Value, state, cpu, names);
                return
                [
                    On(
                        rmw.Result is null
                            ? changed
                            : _values.Store(
                                rmw.Result,
                                _values.Load(rmw.Target, state, cpu, names),
                                changed,
                                cpu,
                                names
                            )
                    ),
                ];
            case CasStep cas:
                var matches = _values.Holds(cas.Target, cas.Old, state, cpu, names);
                var after = matches ? _values.Assign(cas.Target, cas.New, state, cpu, names) : state;
                return [On(_values.Store(cas.Result, matches ? 1 : 0, after, cpu, names))];
            case LockStep taking:
                return _values.Load(taking.Lock, state, cpu, names) == 0
                    ? [On(_values.Hold(taking.Lock, true, state, cpu, names))]
                    : [];
            case UnlockStep giving:
                return [On(GivenBack(state, cpu, giving, names))];
            case IrqSaveStep saving:
                var wasClear = (cpuState.Masks & ExceptionMasks.I) == ExceptionMasks.None;
                var masked = state.With(cpu, cpuState with { Masks = cpuState.Masks | ExceptionMasks.I });
                return [On(wasClear ? _values.Unmasks(saving.Lock, true, masked, cpu, names) : masked)];
            case TakeStep take:
                return _values.Load(take.Queue, state, cpu, names) is var queue and > 0
                    ? [On(_values.Taken(take, queue, state, cpu, names))]
                    : [];
            case SwitchStep change:
                var bit = 1 << Math.Max(0, _scheme.Messages.ToList().IndexOf(change.Interrupt));
                var switched = change.Interrupt == SwitchStep.Device
                    ? cpuState with { DeviceOff = !change.Enables }
                    : cpuState with { Off = change.Enables ? cpuState.Off & ~bit : cpuState.Off | bit };
                return [On(state.With(cpu, switched))];
            case FenceStep:
                return [On(state)];
            case MappingStep mapping:
                return
                [
                    On(
                        _values.Records.Mapped(state, cpu, mapping),
                        _values.Records.IsStale(state, cpu, mapping) ? ["S9"] : []
                    ),
                ];
            case TextStep text:
                return Written(state, text, _values.Text(text.Site, state, cpu, names)) is { } written
                    ? [On(written)]
                    : [];
            case CallStep call:
                var clobbered = Registers(state, cpu, RegisterStepKind.Clobber, call.Clobbers);
                var next = call.Opaque ? level.Next() : level.Push(_scheme.Routines[call.Name].Body, LevelKind.Routine);
                return [new Outcome(clobbered, next, false, call.UsesRcu ? RcuUse(before, cpu) : [])];
            case CodeStep code:
                return [On(state, code.UsesRcu ? RcuUse(before, cpu) : [])];
            case DiscoverStep discover:
                return (
                    discover.InOrder
                        ? Discovered(state, cpu).OrderBy(d => d.Found == 1).Take(1)
                        : Discovered(state, cpu)
                ).Select(d => On(_values.Store(discover.Result, d.Found, d.State, cpu, names)));
            case SendStep send:
                return [Sent(state, cpu, send, level, names)];
            case SelectStep select:
                var asked = _values.Evaluate(select.Cpu, state, cpu, names).Number;
                var policy = _scheme.Policies[select.Policy];
                var skipped = _values.IsTrue(policy.SkipWhen!, state, cpu, new CpuName(policy.Variable, asked, null));
                return [On(skipped ? state : Added(state, cpu, select, asked, names))];
            case AnswerStep answer:
                return [Answered(state, cpu, level.Around(LevelKind.Ask), answer.Skips)];
            case KickStep when cpuState.Top.Kick is not null:
                throw new NaiveSchemeException(
                    level.Step.Span,
                    "a kick begins while another is in progress on this CPU"
                );
            case KickStep kick:
                return
                [
                    new Outcome(
                        _values.Records.KickBegins(state, cpu, kick),
                        level.Push(
                            _scheme.Kicks[kick.Name].Body,
                            LevelKind.Kick,
                            0,
                            _watchesEqs ? _values.InEqs(before) & ~(1 << cpu) : 0
                        ),
                        false,
                        []
                    ),
                ];
            case RestStep rest:
                var goesOn =
                    rest.Kind != RestKind.Linger
                    && ((cpuState.Device && !cpuState.DeviceOff) || (cpuState.Messages & ~cpuState.Off) != 0);
                return [On(state) with { IsFree = !goesOn }];
            case TogetherStep together:
                return [Together(before, state, cpu, together, level, names)];
            default:
                var violated = new List<string>();
                var done = Simple(level.Step is AssertStep ? before : state, cpu, level.Step, names, violated);
                return [On(level.Step is AssertStep ? state : done, [.. violated])];
        }
    }

    /// <summary>
    /// S3 (M24): does the step use an object that has been freed, or write one that has been drained?
    /// </summary>
    private string[] DeadUse(NaiveState state, int cpu, Level level)
    {
        if (level.IsReturning || level.IsChoosing)
            return [];
        var names = _walk.NamesAt(level);
        var reads = level.Step switch
        {
            AssignStep s => _values.Decided.MemorySlots(s.Value, cpu, names),
            WhenStep s => _values.Decided.MemorySlots(s.Condition, cpu, names),
            WaitStep s => _values.Decided.MemorySlots(s.Condition, cpu, names),
            SelectStep s when _scheme.Policies[s.Policy].SkipWhen is { } skip => _values.Decided.MemorySlots(
                skip,
                cpu,
                new CpuName(
                    _scheme.Policies[s.Policy].Variable,
                    _values.Evaluate(s.Cpu, state, cpu, names).Number,
                    null
                )
            ),
            _ => [],
        };
        var target = level.Step switch
        {
            AssignStep s => s.Target,
            RmwStep s => s.Target,
            CasStep s => s.Target,
            _ => null,
        };
        var writes =
            target is null || level.Step is AssignStep { Lifetime: Lifetime.Alloc }
                ? []
                : _values.Decided.MemorySlots(target, cpu, names);
        var isFree = level.Step is AssignStep { Lifetime: Lifetime.Free };
        return
            reads.Concat(writes).Any(s => _values.Records.IsFreed(state, s))
            || writes.Any(s => !isFree && _values.Records.IsDrained(state, s))
            ? ["S3"]
            : [];
    }

    /// <summary>The steps that can stand in a <c>together</c>: one outcome, and the position plays no part.</summary>
    private NaiveState Simple(NaiveState state, int cpu, Step step, CpuName? names, List<string> violated)
    {
        var at = state.Cpus[cpu];
        switch (step)
        {
            case AssignStep { Lifetime: Lifetime.Free } free:
                var lowest = _scheme.Variables[free.Target.Name].Type is RangeType range ? range.Low : 0;
                return _values.Records.Lived(
                    _values.Store(free.Target, lowest, state, cpu, names),
                    Lifetime.Free,
                    _values.Slot(free.Target, state, cpu, names)
                );
            case AssignStep { Object: { } lived } assign:
                return _values.Records.Lived(
                    _values.Assign(assign.Target, assign.Value, state, cpu, names),
                    assign.Lifetime,
                    _values.Slot(lived, state, cpu, names)
                );
            case AssignStep assign:
                return _values.Assign(assign.Target, assign.Value, state, cpu, names);
            case SyncStep sync:
                return Synchronise(state, cpu, sync.Kind);
            case MaskStep mask:
                var classes = mask.Classes & (HasFiq ? ExceptionMasks.All : ~ExceptionMasks.F);
                return state.With(cpu, at with { Masks = mask.Set ? at.Masks | classes : at.Masks & ~classes });
            case InheritMasksStep:
                return state.With(cpu, at with { Masks = at.Top!.Masks });
            case RegisterStep { Kind: RegisterStepKind.Use } use:
                if ((at.Top!.Lost & use.Registers.Bits) != 0)
                    violated.Add("S7");
                return state;
            case RegisterStep register:
                return Registers(state, cpu, register.Kind, register.Registers);
            case AssertStep assert:
                if (!_values.IsTrue(assert.Condition, state, cpu, names))
                    violated.Add(assert.Property);
                return state;
            default:
                throw new NaiveSchemeException(step.Span, "no such step");
        }
    }

    /// <summary>M28.</summary>
    private NaiveState GivenBack(NaiveState state, int cpu, UnlockStep step, CpuName? names)
    {
        if (_values.Load(step.Lock, state, cpu, names) != 1 + cpu)
            throw new NaiveSchemeException(step.Span, "the CPU gives back a lock that it does not hold");
        var free = _values.Hold(step.Lock, false, state, cpu, names);
        if (!_values.IsUnmasking(step.Lock, state, cpu, names))
            return free;
        free = _values.Unmasks(step.Lock, false, free, cpu, names);
        return free.With(cpu, free.Cpus[cpu] with { Masks = free.Cpus[cpu].Masks & ~ExceptionMasks.I });
    }

    /// <summary>F counts only where something arrives as FIQ (M5).</summary>
    private bool HasFiq =>
        _scheme.Paths.Values.Any(p => p.Trigger == Trigger.Fiq)
        || _scheme.MessageKinds.Values.Any(m => m.Arrives == Trigger.Fiq);

    private static bool IsJudged(Step step) => step is AssertStep or RegisterStep { Kind: RegisterStepKind.Use };

    private Outcome Together(
        NaiveState before,
        NaiveState state,
        int cpu,
        TogetherStep together,
        Level level,
        CpuName? names
    )
    {
        var violated = new List<string>();
        var body = Chosen(together.Body).ToList();
        foreach (var judged in body.Where(IsJudged))
            Simple(judged is AssertStep ? before : state, cpu, judged, names, violated);
        foreach (var step in body.Where(s => !IsJudged(s)))
            state = Simple(state, cpu, step, names, violated);
        return new Outcome(state, level.Next(), false, violated);

        IEnumerable<Step> Chosen(IEnumerable<Step> steps) =>
            steps.SelectMany(s =>
                s is WhenStep w
                    ? Chosen(_values.Evaluate(w.Condition, before, cpu, names).Number != 0 ? w.Then : w.Else)
                    : [s]
            );
    }

    private NaiveState Synchronise(NaiveState state, int cpu, SyncKind kind)
    {
        if (kind is SyncKind.Exception or SyncKind.X86Exception)
        {
            state = state.With(
                cpu,
                state.Cpus[cpu] with
                {
                    Masks = HasFiq ? ExceptionMasks.All : ExceptionMasks.All & ~ExceptionMasks.F,
                }
            );
        }

        var synchronises = kind switch
        {
            SyncKind.Isb or SyncKind.Serialize or SyncKind.Iret => true,
            SyncKind.Exception => !_values.IsOff("eis"),
            SyncKind.Eret => !_values.IsOff("eos"),
            _ => false,
        };
        return synchronises ? state.WithTexts(t => t.Synchronise(cpu)) : state;
    }

    private NaiveState? Written(NaiveState state, TextStep step, int index)
    {
        var text = state.Texts[index];
        switch (step.Kind)
        {
            case TextStepKind.Write:
                var classes = _values.Layout.TextAt(index).Classes.ToList();
                return text.CanWrite
                    ? state.WithText(index, text.Write(step.TextClass is null ? 0 : classes.IndexOf(step.TextClass)))
                    : null;
            case TextStepKind.CleanData:
                return state.WithText(index, text.Clean());
            default:
                return state.WithText(index, text.Invalidate());
        }
    }

    private NaiveState Registers(NaiveState state, int cpu, RegisterStepKind kind, RegisterSet registers)
    {
        var at = state.Cpus[cpu];
        if (at.Top!.Path.From == "kernel")
            return state;
        var bits = registers.Bits & _registers;
        var lost = kind == RegisterStepKind.Clobber ? at.Top.Lost | bits : at.Top.Lost & ~bits;
        return state.With(cpu, at with { Top = at.Top with { Lost = lost } });
    }

    private string[] RcuUse(NaiveState before, int cpu) => (_values.InEqs(before) >> cpu & 1) == 1 ? ["S6"] : [];

    /// <summary>Numbers as of a variable of type irq: 0 none, 1 device, then the messages.</summary>
    private List<(int Found, NaiveState State)> Discovered(NaiveState state, int cpu)
    {
        var at = state.Cpus[cpu];
        var kind = at.Top!.Path.Trigger is Trigger.Nmi or Trigger.Fiq ? at.Top.Path.Trigger : Trigger.Irq;
        var messages = Pending(at, kind);
        var device = kind == Trigger.Irq && at is { Device: true, DeviceOff: false };
        if (!device && messages == 0)
            return [(0, state)];
        var found = new List<(int Found, NaiveState State)>();
        if (device)
            found.Add((1, state.With(cpu, at with { Device = false })));
        for (var m = 0; m < _scheme.Messages.Count; m++)
        {
            if ((messages >> m & 1) == 1)
            {
                found.Add(
                    (
                        2 + m,
                        _values.Records.Discovered(
                            state.With(cpu, at with { Messages = at.Messages & ~(1 << m) }),
                            cpu,
                            m
                        )
                    )
                );
            }
        }

        return found;
    }

    private Outcome Sent(NaiveState state, int cpu, SendStep send, Level level, CpuName? names)
    {
        var target = _values.Evaluate(send.Cpu, state, cpu, names).Number;
        var message = _scheme.Messages.ToList().IndexOf(send.Message);
        var after = state.With(
            target,
            state.Cpus[target] with
            {
                Messages = state.Cpus[target].Messages | 1 << message,
            }
        );
        var kick = state.Cpus[cpu].Top!.Kick;
        return new Outcome(
            after,
            level.Next(),
            false,
            kick is not null && (kick.InEqs >> target & 1) == 1 ? ["S5a"] : []
        );
    }

    private NaiveState Added(NaiveState state, int cpu, SelectStep select, int asked, CpuName? names) =>
        _values.Store(select.Mask, _values.Load(select.Mask, state, cpu, names) | 1 << asked, state, cpu, names);

    private Outcome Answered(NaiveState state, int cpu, Level ask, bool skips)
    {
        var select = (SelectStep)ask.Parent!.Step;
        return new Outcome(
            skips ? state : Added(state, cpu, select, ask.Cpu, _walk.NamesAt(ask.Parent)),
            ask.Parent.Next(),
            false,
            []
        );
    }

    private Outcome Returns(NaiveState state, int cpu, Level level)
    {
        var kick = (KickStep)level.Step;
        foreach (var site in kick.Returns.Where(r => _scheme.Texts.ContainsKey(r.Name)))
        {
            var index = _values.Text(site, state, cpu, _walk.NamesAt(level.Parent!));
            state = state.WithText(index, state.Texts[index].Return());
        }

        var (after, isPending) = _values.Records.KickReturns(state, cpu, kick);
        return new Outcome(after, level.Parent!.Next(), false, isPending ? ["S4"] : []);
    }

    /// <summary>Any CPU of the set that had no turn; the end of the loop when there is none (M8).</summary>
    private IEnumerable<Outcome> Choices(NaiveState state, int cpu, Level level)
    {
        var loop = (ForStep)level.Step;
        var left = _values.Evaluate(loop.Set, state, cpu, _walk.NamesAt(level.Parent!)).Number & ~level.HadTurn;
        return left == 0
            ? [new Outcome(state, level.Parent!.Next(), false, [])]
            : Enumerable
                .Range(0, _cpus)
                .Where(c => (left >> c & 1) == 1)
                .Select(c => new Outcome(state, level with { Cpu = c, HadTurn = level.HadTurn | 1 << c }, false, []));
    }
}
