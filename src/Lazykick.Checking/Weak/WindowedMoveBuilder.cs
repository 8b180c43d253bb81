using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Weak;

/// <summary>Splits moves into what happens at issue and what happens when their access takes place.</summary>
internal sealed class WindowedMoveBuilder<T>(CompiledScheme scheme, List<Move> moves)
    where T : unmanaged, IPacked<T>
{
    private readonly HashSet<Field> _text = [.. scheme.Fields.Texts.SelectMany(t => t.Stale.Concat([t.Cleaned, t.Invalidated, t.Returned, t.Class]))];
    private readonly HashSet<Field> _since = [.. scheme.Fields.Cpus.SelectMany(c => c.EqsSince)];
    private readonly HashSet<Field> _lives = [.. scheme.Fields.Objects.Values.SelectMany(o => new[] { o.Freed, o.Drained })];

    /// <summary>What properties are judged by; no CPU has it in a register.</summary>
    private readonly HashSet<Field> _records =
    [
        .. scheme.Fields.Mappings.Values.SelectMany(m => m.Stale.Append(m.Returned)),
        .. scheme.Fields.Published.Values,
        .. scheme.Fields.Cpus.SelectMany(c => c.PendingSince.Values).SelectMany(f => f),
    ];

    /// <summary>Variables whose value hangs on a read in flight, numbered.</summary>
    private readonly Dictionary<Field, int> _read = scheme.Moves
        .Where(m => scheme.AccessOf(m.Instruction).IsWindowed).SelectMany(m => Taints(m, scheme.AccessOf(m.Instruction))).Distinct()
        .Select((f, i) => (f, i)).ToDictionary(p => p.f, p => p.i);

    /// <summary>Variables in memory, and behind them text locations.</summary>
    private readonly Dictionary<Field, short> _locations = scheme.Fields.Memory.OrderBy(f => f.Id).Select((f, i) => (f, i)).ToDictionary(p => p.f, p => (short)p.i);

    /// <summary>By CPU: the variables that some other CPU writes.</summary>
    private readonly HashSet<Field>[] _foreign =
    [
        .. scheme.Cpus.Select((_, cpu) => scheme.Moves.Where(m => m.Instruction.Cpu != cpu).SelectMany(m => m.Effects).Select(e => e.Field).Where(scheme.Fields.Memory.Contains).ToHashSet()),
    ];

    public WindowedMove<T> Build(Move move, int code)
    {
        var access = scheme.AccessOf(move.Instruction);
        var deferred = Deferred(move, access);
        var guessed = access.Variable is not null && (access.Branches || ReadsAtIssue(move, access.Variable));
        var reads = access.Kind is InstanceKind.Load or InstanceKind.Rmw && guessed;
        var guesses = reads ? Enumerable.Range(access.Variable!.Low, access.Variable.High - access.Variable.Low + 1) : [access.Variable?.Low ?? 0];
        var layout = scheme.Fields.Layout;
        var late = new Move(move.Instruction, false, null) { Note = move.Note, Phase = MovePhase.Write };
        var read = new Move(move.Instruction, false, null) { Note = move.Note, Phase = MovePhase.Read };
        (access.Kind == InstanceKind.Load ? read : late).Effects.AddRange(move.Effects.Where(e => deferred.Contains(e.Field)));
        // Until the entry is written a CPU may walk the page table again.
        if (access.Kind == InstanceKind.Store && access.Mapping is { } mapping)
            late.Effects.AddRange(mapping.Stale.Select(f => (f, Value.One)));
        read.Checks.AddRange(move.Checks.Where(c => c.Phase == MovePhase.Read));
        late.Checks.AddRange(move.Checks.Where(c => c.Phase == MovePhase.Write));
        Number(read);
        Number(late);
        return new WindowedMove<T>
        {
            Move = move,
            Access = access,
            Instance = new Instance { Kind = access.Kind, Flags = access.Flags, Fence = access.Fence, Address = Knowledge.Final, Data = Knowledge.Final, Location = LocationOf(access) },
            Code = code,
            IsGuessed = reads,
            Issues = [.. guesses.Select(g => (g, new IssueTable<T>(layout, move, access, g, deferred)))],
            Writes = move.Instruction.Step is CasStep ? (old, written) => old != written : (_, _) => access.Kind is InstanceKind.Store or InstanceKind.Rmw,
            ReadMove = read,
            WriteMove = late,
            Deferred = new MoveTable<T>(layout, late),
            AtRead = new MoveTable<T>(layout, read),
            IsDrain = move.Instruction.Step is AssignStep { Lifetime: Lifetime.Drain },
            IsOwn = access.Variable is not null && !_foreign[move.Instruction.Cpu].Contains(access.Variable),
            Taints = Bits(Taints(move, access)),
            Uses = Bits(Uses(move, access)),
        };
    }

    public ControlMove<T> BuildControl(Move move)
    {
        var access = scheme.AccessOf(move.Instruction);
        var keeps = new ulong[T.Words];
        foreach (var field in scheme.Fields.Memory.Except(move.Effects.Select(e => e.Field)))
            keeps[field.Word] |= field.Mask;
        return new ControlMove<T>(new MoveTable<T>(scheme.Fields.Layout, move), Bits(move.ReadFields()), T.From(keeps), access, move.Instruction.Step is SendStep, IsLocal(move, access));
    }

    /// <summary>A bit for each variable; from the 64th on they share one, which only makes a step wait that need not.</summary>
    private ulong Bits(HashSet<Field> fields)
        => fields.Where(_read.ContainsKey).Aggregate(0UL, (bits, f) => bits | 1UL << Math.Min(63, _read[f]));

    private short LocationOf(Access access)
        => access.Variable is { } variable ? _locations[variable]
            : access.Text is { } text ? (short)(_locations.Count + scheme.Fields.Texts.IndexOf(text))
            : access.Mapping is { } mapping ? (short)(_locations.Count + scheme.Fields.Texts.Count + scheme.Fields.Mappings.Values.ToList().IndexOf(mapping))
            : Instance.UnknownLocation;

    private bool IsLocal(Move move, Access access)
        => access.Kind == InstanceKind.Local && move.Enters is null
            && (move.Instruction.Step is KickStep || (move.Instruction.Step is AssignStep s && scheme.Scheme.Variables[s.Target.Name].Storage == Storage.Private));

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
            InstanceKind.Clean or InstanceKind.Invalidate when access.Mapping is null => [.. fields.Where(_text.Contains)],
            InstanceKind.Invalidate => [.. access.Mapping!.Stale],
            // Text may be old from the moment when its write is issued, and a return counts from there.
            InstanceKind.Store or InstanceKind.Rmw => [.. fields.Where(f => _since.Contains(f) || _lives.Contains(f))],
            InstanceKind.Load => [.. fields.Where(_lives.Contains)],
            _ => [],
        };
    }

    private static bool ReadsAtIssue(Move move, Field variable)
        => move.Effects.Any(e =>
        {
            var read = new HashSet<Field>();
            e.Value.AddFields(read);
            return read.Contains(variable);
        });

    private static HashSet<Field> Taints(Move move, Access access)
    {
        if (access.Variable is null || access.Kind is not (InstanceKind.Load or InstanceKind.Rmw))
            return [];
        var tainted = new HashSet<Field> { access.Variable };
        foreach (var (field, value) in move.Effects)
        {
            var read = new HashSet<Field>();
            value.AddFields(read);
            if (read.Overlaps(tainted))
                tainted.Add(field);
        }

        // An atomic whose new value hangs on the old one: until it has read, its CPU does not know what it will see there.
        var dependsOnOld = access.Kind == InstanceKind.Rmw && ReadsAtIssue(move, access.Variable);
        if (!dependsOnOld)
            tainted.Remove(access.Variable);
        return tainted;
    }

    private HashSet<Field> Uses(Move move, Access access)
    {
        var fields = move.ReadFields();
        if (access.Variable is not null)
            fields.Remove(access.Variable);
        return Private(fields);
    }

    private HashSet<Field> Private(HashSet<Field> fields)
        => [.. fields.Where(f => !scheme.Fields.Memory.Contains(f) && !_text.Contains(f) && !_since.Contains(f) && !_lives.Contains(f) && !_records.Contains(f))];
}
