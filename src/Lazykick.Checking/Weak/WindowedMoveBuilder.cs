using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Weak;

/// <summary>Splits moves into what happens at issue and what happens when their access takes place.</summary>
internal sealed class WindowedMoveBuilder<T>(CompiledScheme scheme, List<Move> moves)
    where T : unmanaged, IPacked<T>
{
    private readonly HashSet<Field> _text = [.. Texts(scheme)];
    private readonly HashSet<Field> _since = [.. Sinces(scheme)];
    private readonly HashSet<Field> _lives = [.. Lives(scheme)];
    private readonly HashSet<Field> _interrupts =
    [
        .. scheme.Fields.Cpus.SelectMany(c => c.Messages.Append(c.Device)),
        .. scheme.Fields.RecordsOf(RecordKind.AtIssue),
    ];

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

    /// <summary>By CPU: all that the moves of other CPUs look at or change.</summary>
    private readonly HashSet<Field>[] _others =
    [
        .. scheme.Cpus.Select(
            (_, cpu) =>
                scheme
                    .Moves.Where(m => m.Instruction.Cpu != cpu)
                    .SelectMany(m => m.ReadFields().Concat(m.Effects.Select(e => e.Field)))
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
        var guesses =
            guessed && access.Variable is not null
                ? Enumerable.Range(access.Variable!.Low, access.Variable.High - access.Variable.Low + 1)
                : [access.Variable?.Low ?? 0];
        var layout = scheme.Fields.Layout;
        // Whether an interrupt is pending is asked when it is acknowledged; until then what the move finds is a guess.
        var isAcknowledge = access is { IsDevice: true, Kind: InstanceKind.Load };
        var early = isAcknowledge ? WithoutGuard(move) : move;
        var late = move.Part(MovePhase.Write);
        var read = move.Part(MovePhase.Read, isAcknowledge ? move.Guard : null);
        var certain = move.Part(MovePhase.Whole);
        if (isAccess)
        {
            var effects =
                access.ChangesText ? certain
                : access.Kind == InstanceKind.Load ? read
                : late;
            effects.Effects.AddRange(move.Effects.Where(e => deferred.Contains(e.Field)));
            // Until the entry is written a CPU may walk the page table again.
            if (access is { Kind: InstanceKind.Store, Mapping: { } mapping })
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
                    ? [.. guesses.Select(g => (g, new IssueTable<T>(layout, early, access, g, deferred, outcome)))]
                    : [],
            Failing = failing,
            FenceAfter = access.FenceAfter && kind == SlotKind.Access,
            ReadMove = read,
            WriteMove = late,
            Deferred = new MoveTable<T>(layout, late),
            AtRead = new MoveTable<T>(layout, read),
            LeavesWhenDone = LeavesWhenDone(access),
            MayBeDelayed = kind == SlotKind.Access && MayBeDelayed(move, access, deferred),
            IsDrain = move.Instruction.Step is AssignStep { Lifetime: Lifetime.Drain },
            IsOwn = access.Variable is not null && !_foreign[move.Instruction.Cpu].Contains(access.Variable),
            Announcement = certain.Effects.Count > 0 ? new MoveTable<T>(layout, certain) : null,
            Returned = access.Text?.Returned ?? access.Mapping?.Returned,
            Flow = flow,
            HasFlow = flow.Writes.Count > 0 || flow.Memory != 0 || !(flow.Data | flow.Outcome | flow.Branch).IsNone,
        };
    }

    // An acknowledge is never made on a guess, and nothing waits for one that was made (W18). Where reads are in order
    // nothing is guessed; only marks of properties keep a read that is done in its place (W14).
    private bool LeavesWhenDone(Access access) =>
        access.Kind == InstanceKind.Load
        && (
            access.IsDevice
            || (scheme.Memory != MemoryModel.Arm && !scheme.Properties.Any(p => p.MarksAccesses))
        );

    /// <summary>
    /// The issue of an access to memory, or of a fence, or a step without access, that no other CPU and no property
    /// sees anything of.
    /// </summary>
    private bool MayBeDelayed(Move move, Access access, HashSet<Field> deferred)
    {
        if (
            move is not { Enters: null, IsFree: false, ReturnsKick: false }
            || access is not { IsDevice: false, Text: null, Mapping: null }
            || (access.IsWindowed && move.Checks.Any(c => c.Phase == MovePhase.Whole))
        )
        {
            return false;
        }

        var cpu = move.Instruction.Cpu;
        var (read, written) = (new HashSet<Field>(), new HashSet<Field>());
        move.Guard?.AddFields(read);
        foreach (var check in move.Checks.Where(c => c.Phase == MovePhase.Whole))
            check.Violated.AddFields(read);
        foreach (var (field, value) in move.Effects.Where(e => !deferred.Contains(e.Field)))
        {
            written.Add(field);
            value.AddFields(read);
        }

        if (access.Variable is not null)
        {
            read.Remove(access.Variable);
            written.Remove(access.Variable);
        }

        return written.All(IsAlone) && read.All(f => IsAlone(f) || IsOwnView(f));

        // A step without access looks at its CPU's own view of memory (W3): of a variable that no other CPU writes that
        // is the same now and later.
        bool IsOwnView(Field field) =>
            !access.IsWindowed && scheme.Fields.Memory.Contains(field) && !_foreign[cpu].Contains(field);

        bool IsAlone(Field field) =>
            !_seen.Contains(field) && !_since.Contains(field) && !_others[cpu].Contains(field);
    }

    private static Move WithoutGuard(Move move)
    {
        var early = new Move(move.Instruction, move.IsFree, null) { Note = move.Note, Decision = move.Decision };
        early.Effects.AddRange(move.Effects);
        return early;
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
            flow.IsContained ? slot : null,
            access.Kind == InstanceKind.Local
                && move.Instruction.Step is not (SyncStep or TogetherStep or MappingStep or KickStep or SendStep)
                && MayBeDelayed(move, access, []),
            MemoryOf(move)
        );
    }

    private ControlMemory MemoryOf(Move move)
    {
        var written = move.Effects.Select(e => e.Field).Where(_locations.ContainsKey).Distinct().ToList();
        var read = move.Instruction.Step is TogetherStep ? move.ReadFields().Where(_locations.ContainsKey) : [];
        var returned = scheme
            .Fields.Texts.Select(t => t.Returned)
            .Concat(scheme.Fields.Mappings.Values.Select(m => m.Returned));
        return new ControlMemory(
            [.. written.Concat(read).Distinct().Select(f => _locations[f])],
            [.. written.Select(f => _locations[f])],
            move.ReturnsKick
                ? returned.Where(r => move.Effects.Any(e => e.Field == r)).ToHashSet()
                : new HashSet<Field>()
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
        : access.IsDevice
            ? (short)(
                _locations.Count
                + scheme.Fields.Texts.Count
                + scheme.Fields.Mappings.Count
                + (access.Kind == InstanceKind.Load ? 0 : 1)
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
        if (access.IsDevice)
            return [.. fields.Where(_interrupts.Contains)];
        return access.Kind switch
        {
            InstanceKind.Clean or InstanceKind.Invalidate when access.Mapping is null =>
            [
                .. fields.Where(_text.Contains),
            ],
            InstanceKind.Invalidate => [.. access.Mapping!.Stale],
            // Text may be old from the moment when it is certain that its write happens, and a return counts from there
            // (W12).
            InstanceKind.Store when access.Text is not null => [.. fields.Where(_text.Contains)],
            InstanceKind.Store when access.Mapping is { } mapping => [.. mapping.Stale, mapping.Returned],
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
