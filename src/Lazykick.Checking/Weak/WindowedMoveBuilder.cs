using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Weak;

/// <summary>Splits moves into what happens at issue and what happens when their access takes place.</summary>
internal sealed class WindowedMoveBuilder<T>(CompiledScheme scheme, List<Move> moves)
    where T : unmanaged, IPacked<T>
{
    private readonly HashSet<Field> _text = [.. Texts(scheme)];
    private readonly HashSet<Field> _since = [.. Sinces(scheme)];
    private readonly HashSet<Field> _lives = [.. Lives(scheme)];

    /// <summary>
    /// What other CPUs, or properties of the whole system, see. That an EQS has ended only takes violations away (S5a),
    /// and none where it ends later, too.
    /// </summary>
    private readonly HashSet<Field> _seen =
    [
        .. scheme.Fields.Memory,
        .. Texts(scheme),
        .. Lives(scheme),
        .. Records(scheme),
        .. scheme.Fields.Cpus.SelectMany(c => c.Messages.Append(c.Device).Append(c.InKick)),
        .. scheme.Fields.Variables(scheme.Scheme).Where(v => v.Variable.Storage == Storage.Ghost).Select(v => v.Field),
    ];

    /// <summary>Variables in memory, and behind them text locations.</summary>
    private readonly Dictionary<Field, short> _locations = scheme
        .Fields.Memory.OrderBy(f => f.Id)
        .Select((f, i) => (f, i))
        .ToDictionary(p => p.f, p => (short)p.i);

    /// <summary>By CPU: the variables that some other CPU writes.</summary>
    private readonly HashSet<Field>[] _foreign =
    [
        .. scheme.Cpus.Select(
            (_, cpu) =>
                scheme
                    .Moves.Where(m => m.Instruction.Cpu != cpu)
                    .SelectMany(m => m.Effects)
                    .Select(e => e.Field)
                    .Where(scheme.Fields.Memory.Contains)
                    .ToHashSet()
        ),
    ];

    private readonly FlowAnalysis[] _flows =
    [
        .. scheme.Cpus.Select(
            (_, cpu) =>
                new FlowAnalysis(
                    scheme,
                    cpu,
                    [.. Texts(scheme), .. Sinces(scheme), .. Lives(scheme), .. Records(scheme)]
                )
        ),
    ];

    /// <summary>The bit that several variables of a CPU share, if there is one.</summary>
    public ulong SharedBit(int cpu) => _flows[cpu].Shared;

    /// <summary>What the slots of a CPU's window may hold, by code less one.</summary>
    public WindowedMove<T>[] BuildSlots(int cpu)
    {
        var slots = SlotMoves.Of(scheme, cpu).ToList();
        var built = new WindowedMove<T>[slots.Count];
        for (var i = slots.Count - 1; i >= 0; i--)
        {
            built[i] = Build(
                slots[i].Move,
                slots[i].Kind,
                i + 1,
                i + 1 < slots.Count && slots[i + 1].Kind == SlotKind.FailingSwap ? built[i + 1] : null
            );
        }

        return built;
    }

    private WindowedMove<T> Build(Move move, SlotKind kind, int code, WindowedMove<T>? failing)
    {
        var access = scheme.AccessOf(move.Instruction);
        var isAccess = kind != SlotKind.Local;
        var deferred = isAccess ? Deferred(move, access) : [];
        var flow = _flows[move.Instruction.Cpu].Of(move, access, deferred);
        var guessed = isAccess && flow.UsesRead;
        var guesses = guessed
            ? Enumerable.Range(access.Variable!.Low, access.Variable.High - access.Variable.Low + 1)
            : [access.Variable?.Low ?? 0];
        var layout = scheme.Fields.Layout;
        var late = move.Part(MovePhase.Write);
        var read = move.Part(MovePhase.Read);
        if (isAccess)
        {
            (access.Kind == InstanceKind.Load ? read : late).Effects.AddRange(
                move.Effects.Where(e => deferred.Contains(e.Field))
            );
            // Until the entry is written a CPU may walk the page table again.
            if (access.Kind == InstanceKind.Store && access.Mapping is { } mapping)
                late.Effects.AddRange(mapping.Stale.Select(f => (f, Value.One)));
            read.Checks.AddRange(move.Checks.Where(c => c.Phase == MovePhase.Read));
            late.Checks.AddRange(move.Checks.Where(c => c.Phase == MovePhase.Write));
            Number(read);
            Number(late);
        }

        var outcome = move.Instruction.Step is CasStep ? move.Effects[0].Field : null;
        return new WindowedMove<T>
        {
            Move = move,
            Access = access,
            Instance = InstanceOf(access, kind),
            Code = code,
            IsGuessed = guessed,
            Issues =
                kind == SlotKind.Access
                    ? [.. guesses.Select(g => (g, new IssueTable<T>(layout, move, access, g, deferred, outcome)))]
                    : [],
            Failing = failing,
            FenceAfter = access.FenceAfter && kind == SlotKind.Access,
            ReadMove = read,
            WriteMove = late,
            Deferred = new MoveTable<T>(layout, late),
            AtRead = new MoveTable<T>(layout, read),
            IsDrain = move.Instruction.Step is AssignStep { Lifetime: Lifetime.Drain },
            IsOwn = access.Variable is not null && !_foreign[move.Instruction.Cpu].Contains(access.Variable),
            Flow = flow,
            HasFlow = flow.Writes.Count > 0 || flow.Memory != 0 || !(flow.Data | flow.Outcome | flow.Branch).IsNone,
        };
    }

    private Instance InstanceOf(Access access, SlotKind kind) =>
        new()
        {
            Kind = kind switch
            {
                SlotKind.Local => InstanceKind.Local,
                SlotKind.FailingSwap => InstanceKind.Load,
                _ => access.Kind,
            },
            Flags = kind switch
            {
                SlotKind.Local => OrderFlags.None,
                SlotKind.FailingSwap => access.Flags & ~OrderFlags.Release,
                _ => access.Flags,
            },
            Fence = access.Fence,
            Address = Knowledge.Final,
            Data = Knowledge.Final,
            Location = LocationOf(access),
        };

    /// <summary>A move that takes effect at issue.</summary>
    /// <param name="move">The move.</param>
    /// <param name="slot">How it stands in the window, if it may.</param>
    public ControlMove<T> BuildControl(Move move, WindowedMove<T>? slot)
    {
        var access = scheme.AccessOf(move.Instruction);
        var keeps = new ulong[T.Words];
        foreach (var field in scheme.Fields.Memory.Except(move.Effects.Select(e => e.Field)))
            keeps[field.Word] |= field.Mask;
        var flow = slot?.Flow ?? _flows[move.Instruction.Cpu].Of(move, access, new HashSet<Field>());
        var table = new IssueTable<T>(scheme.Fields.Layout, move, access, 0, new HashSet<Field>(), null);
        return new ControlMove<T>(
            table,
            flow,
            T.From(keeps),
            access,
            move.Instruction.Step is SendStep,
            IsReversible(move, access),
            flow.IsContained ? slot : null
        );
    }

    /// <summary>
    /// A step that nobody else sees anything of. The mark that a kick begins looks at others, but only this CPU looks
    /// at it.
    /// </summary>
    private bool IsReversible(Move move, Access access)
    {
        // Where reads are in order, nothing is gained by going ahead of a branch.
        if (
            scheme.Memory != MemoryModel.Arm
            || access.Kind != InstanceKind.Local
            || move.Enters is not null
            || move.Instruction.Step is SyncStep or TogetherStep or MappingStep
        )
        {
            return false;
        }

        if (move.Instruction.Step is KickStep)
            return true;
        var fields = new HashSet<Field>();
        move.Guard?.AddFields(fields);
        foreach (var (field, value) in move.Effects)
        {
            fields.Add(field);
            value.AddFields(fields);
        }

        return !fields.Overlaps(_seen);
    }

    private short LocationOf(Access access) =>
        access.Variable is { } variable ? _locations[variable]
        : access.Text is { } text ? (short)(_locations.Count + scheme.Fields.Texts.IndexOf(text))
        : access.Mapping is { } mapping
            ? (short)(
                _locations.Count + scheme.Fields.Texts.Count + scheme.Fields.Mappings.Values.ToList().IndexOf(mapping)
            )
        : Instance.UnknownLocation;

    private void Number(Move move)
    {
        move.Id = moves.Count;
        moves.Add(move);
    }

    private HashSet<Field> Deferred(Move move, Access access)
    {
        var fields = move.Effects.Select(e => e.Field);
        return access.Kind switch
        {
            InstanceKind.Clean or InstanceKind.Invalidate when access.Mapping is null =>
            [
                .. fields.Where(_text.Contains),
            ],
            InstanceKind.Invalidate => [.. access.Mapping!.Stale],
            // Text may be old from the moment when its write is issued, and a return counts from there.
            InstanceKind.Store or InstanceKind.Rmw => [.. fields.Where(f => _since.Contains(f) || _lives.Contains(f))],
            InstanceKind.Load => [.. fields.Where(_lives.Contains)],
            _ => [],
        };
    }

    private static IEnumerable<Field> Texts(CompiledScheme scheme) =>
        scheme.Fields.Texts.SelectMany(t => t.Stale.Concat([t.Cleaned, t.Invalidated, t.Returned, t.Class]));

    private static IEnumerable<Field> Lives(CompiledScheme scheme) => scheme.Fields.RecordsOf(RecordKind.AtAccess);

    // What properties are judged by; no CPU has it in a register.
    private static IEnumerable<Field> Records(CompiledScheme scheme) =>
        [
            .. scheme.Fields.Mappings.Values.SelectMany(m => m.Stale.Append(m.Returned)),
            .. scheme.Fields.RecordsOf(RecordKind.AtIssue),
        ];

    private static IEnumerable<Field> Sinces(CompiledScheme scheme) => scheme.Fields.RecordsOf(RecordKind.AtWrite);
}
