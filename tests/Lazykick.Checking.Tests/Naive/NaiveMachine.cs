using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>
/// The moves of the machine that docs/reference/machine.md describes, found by walking the steps of the scheme in every
/// state anew.
/// </summary>
internal sealed partial class NaiveMachine
{
    private readonly Scheme _scheme;
    private readonly int _cpus;
    private readonly NaiveValues _values;
    private readonly NaiveWalk _walk;
    private readonly uint _registers;

    /// <summary>Some step sends a message, so that S5a is stated and its set is part of a state (M19).</summary>
    private readonly bool _watchesEqs;
    private readonly Func<TextCell> _newText;

    public NaiveMachine(Scheme scheme, IReadOnlyDictionary<string, int> knobs, int cpus, Func<TextCell> newText)
    {
        _scheme = scheme;
        _cpus = cpus;
        _values = new NaiveValues(scheme, knobs, cpus);
        _walk = new NaiveWalk(scheme, _values);
        _newText = newText;
        _watchesEqs = scheme.States.ContainsKey("eqs") && AllSteps(scheme).Any(s => s is SendStep);
        _registers = AllSteps(scheme)
            .OfType<RegisterStep>()
            .Where(r => r.Kind == RegisterStepKind.Use)
            .Aggregate(0u, (set, r) => set | r.Registers.Bits);
    }

    public NaiveValues Values => _values;

    /// <summary>Every step that is written anywhere in the scheme.</summary>
    public static IEnumerable<Step> AllSteps(Scheme scheme) =>
        scheme
            .Paths.Values.Cast<BlockDeclaration>()
            .Concat(scheme.Routines.Values)
            .Concat(scheme.Kicks.Values)
            .Select(b => b.Body)
            .Concat(scheme.Policies.Values.Where(p => p.Ask is not null).Select(p => p.Ask!))
            .SelectMany(Inside);

    public static IEnumerable<IReadOnlyList<Step>> Blocks(Step step) =>
        step switch
        {
            WhenStep s => [s.Then, s.Else],
            EitherStep s => s.Branches,
            RepeatStep s => [s.Body],
            ForStep s => [s.Body],
            SectionStep s => [s.Body],
            TogetherStep s => [s.Body],
            SequenceStep s => [s.Steps],
            _ => [],
        };

    /// <summary>Every combination of the places that the roles start at (M1).</summary>
    public IEnumerable<NaiveState> Starts()
    {
        IEnumerable<IReadOnlyList<CpuState>> casts =
        [
            [],
        ];
        for (var cpu = 0; cpu < _cpus; cpu++)
        {
            var places = Allowed(_scheme.RoleOf(cpu).Starts, cpu);
            casts =
            [
                .. casts.SelectMany(
                    _ => places,
                    (cast, place) =>
                        (IReadOnlyList<CpuState>)[.. cast, new CpuState(place, null, ExceptionMasks.None, false, 0)]
                ),
            ];
        }

        casts = casts.Select(cast =>
            (IReadOnlyList<CpuState>)[.. cast.Select((at, cpu) => at with { Off = Off(cast, cpu) })]
        );
        var texts = Enumerable.Range(0, _values.Layout.TextCount).Select(_ => _newText()).ToList();
        return casts.Select(cast => new NaiveState(cast, _values.InitialVariables(cast), texts));
    }

    private int Off(IReadOnlyList<CpuState> cast, int cpu) =>
        _scheme
            .MessageKinds.Values.Select((m, i) => (m.OffWhen, Bit: 1 << i))
            .Where(m => m.OffWhen is not null && _values.IsTrue(m.OffWhen, new NaiveState(cast, [], []), cpu, null))
            .Sum(m => m.Bit);

    /// <summary>The paths that a CPU's role takes.</summary>
    public IReadOnlyList<PathDeclaration> PathsOf(int cpu) =>
        [.. Allowed(_scheme.RoleOf(cpu).Takes, cpu).Select(p => _scheme.Paths[p])];

    /// <summary>Everything that can happen next.</summary>
    public IReadOnlyList<Move> Moves(NaiveState state)
    {
        var moves = new List<Move>();
        for (var cpu = 0; cpu < _cpus; cpu++)
            Add(state, cpu, moves);
        return moves;
    }

    /// <summary>Everything that one CPU can do next.</summary>
    public IReadOnlyList<Move> MovesOf(NaiveState state, int cpu)
    {
        var moves = new List<Move>();
        Add(state, cpu, moves);
        return moves;
    }

    /// <summary>The CPUs that have left <c>eqs</c> are struck from every kick in progress (M19).</summary>
    /// <param name="state">The state.</param>
    /// <param name="eqs">The CPUs that are in <c>eqs</c>.</param>
    public NaiveState Strike(NaiveState state, int eqs)
    {
        for (var other = 0; other < _cpus; other++)
        {
            var frame = state.Cpus[other].Top;
            if (frame is not null && !ReferenceEquals(frame.Strike(eqs), frame))
                state = state.With(other, state.Cpus[other] with { Top = frame.Strike(eqs) });
        }

        return state;
    }

    /// <summary>Another machine strikes, as its CPUs do not see memory as it is.</summary>
    public bool StrikesItself { get; init; } = true;

    private void Add(NaiveState state, int cpu, List<Move> moves)
    {
        var at = state.Cpus[cpu];
        foreach (var path in PathsOf(cpu).Where(p => CanEnter(at, p)))
            Enter(state, cpu, path, moves);
        if (at.Top is not null)
            Take(state, state, cpu, false, [], moves);
    }

    private static IEnumerable<Step> Inside(IReadOnlyList<Step> steps) =>
        steps.SelectMany(s => Blocks(s).SelectMany(Inside).Prepend(s));

    private List<string> Allowed(IReadOnlyList<(Token Name, Expression? Condition)> items, int cpu)
    {
        var nothing = new NaiveState([], [], []);
        return
        [
            .. items
                .Where(i => i.Condition is null || _values.IsTrue(i.Condition, nothing, cpu, null))
                .Select(i => i.Name.Text)
                .Distinct(),
        ];
    }

    /// <summary>M13, but for what has to be pending.</summary>
    private bool CanEnter(CpuState at, PathDeclaration path)
    {
        if (path.From != "kernel")
            return at.Top is null && at.Place == path.From;
        if (at.Top is null)
            return at.Place != "user";
        var masked = path.Trigger switch
        {
            Trigger.Irq => ExceptionMasks.I,
            Trigger.Debug => ExceptionMasks.D,
            Trigger.SError => ExceptionMasks.A,
            Trigger.Fiq => ExceptionMasks.F,
            _ => ExceptionMasks.None,
        };
        return (at.Masks & masked) == ExceptionMasks.None
            && at.Top.Nested < _scheme.Nesting
            && !at.Top.Has(path.Trigger)
            && at.Top.At.Step is not RestStep { Kind: RestKind.Guest };
    }

    /// <summary>The messages that bring a CPU into paths of this kind now (M14, M29).</summary>
    private int Pending(CpuState at, Trigger trigger) =>
        _scheme
            .MessageKinds.Values.Select((m, i) => (m.Arrives, Bit: 1 << i))
            .Where(m => m.Arrives == trigger)
            .Sum(m => m.Bit) & at.Messages & ~at.Off;

    private void Enter(NaiveState state, int cpu, PathDeclaration path, List<Move> moves)
    {
        var at = state.Cpus[cpu];
        var messages = Pending(at, path.Trigger);
        string[] violated = messages != 0 && (_values.InEqs(state) >> cpu & 1) == 1 ? ["S5b"] : [];
        if (path.Trigger != Trigger.Irq)
        {
            Begin(state, state, cpu, path, messages == 0, violated, moves);
            return;
        }

        if ((at.Device && !at.DeviceOff) || messages != 0)
            Begin(state, state, cpu, path, false, violated, moves);
        if (!at.Device && !at.DeviceOff)
            Begin(state, state.With(cpu, at with { Device = true }), cpu, path, true, violated, moves);
    }

    /// <summary>Taking a path and its first step are one move (M13).</summary>
    private void Begin(
        NaiveState before,
        NaiveState state,
        int cpu,
        PathDeclaration path,
        bool isFree,
        IReadOnlyList<string> violated,
        List<Move> moves
    )
    {
        var at = state.Cpus[cpu];
        if (_walk.Settle(new Level(null, path.Body, 0, LevelKind.Path), state, cpu) is { } first)
        {
            Take(
                before,
                state.With(cpu, at with { Top = new Frame(at.Top, path, first, at.Masks, 0) }),
                cpu,
                isFree,
                violated,
                moves
            );
        }
    }

    /// <summary>
    /// Adds the moves that take the step before a CPU; <paramref name="before"/> is the state in which it is judged
    /// (M19).
    /// </summary>
    private void Take(
        NaiveState before,
        NaiveState state,
        int cpu,
        bool isFree,
        IReadOnlyList<string> violated,
        List<Move> moves
    )
    {
        var top = state.Cpus[cpu].Top!;
        var step = top.At.Describe();
        var dead = DeadUse(state, cpu, top.At);
        foreach (var outcome in Outcomes(before, state, cpu))
        {
            var target = Arrive(outcome.State, cpu, outcome.At);
            if (StrikesItself)
                target = Strike(target, _values.InEqs(target));
            moves.Add(
                new Move(
                    target,
                    cpu,
                    isFree || outcome.IsFree,
                    [.. violated, .. dead, .. outcome.Violated],
                    step,
                    top.At.IsReturning
                )
                {
                    Taken = top.At.IsReturning || top.At.IsChoosing ? null : top.At.Step,
                    Names = top.At.IsReturning || top.At.IsChoosing ? null : _walk.NamesAt(top.At),
                    Returned = top.At.IsReturning ? (KickStep)top.At.Step : null,
                }
            );
        }
    }

    /// <summary>
    /// The CPU goes on from <paramref name="level"/>; at the end of the path it is back where it was (M12).
    /// </summary>
    private NaiveState Arrive(NaiveState state, int cpu, Level level)
    {
        var at = state.Cpus[cpu];
        var settled = _walk.Settle(level, state, cpu);
        return state.With(
            cpu,
            settled is null
                ? at with
                {
                    Top = at.Top!.Below,
                    Masks = at.Top.Masks,
                }
                : at with
                {
                    Top = at.Top! with { At = settled },
                }
        );
    }
}
