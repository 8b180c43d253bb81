using Lazykick.Checking.Compilation;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Weak;

/// <summary>
/// Finds the variables of a CPU whose value may hang on a read in flight, and what each of its moves does with them.
/// </summary>
internal sealed class FlowAnalysis
{
    // Variables beyond share the last bit; it is never taken as known again, so that steps wait that need not.
    private const int SharedBit = 63;

    private readonly CompiledScheme _scheme;
    private readonly HashSet<Field> _followable;
    private readonly HashSet<Field> _pcs;
    private readonly Dictionary<Field, int> _bits = [];

    public FlowAnalysis(CompiledScheme scheme, int cpu, HashSet<Field> excluded)
    {
        _scheme = scheme;
        _pcs = [.. scheme.Fields.Cpus[cpu].Pc];
        _followable =
        [
            .. scheme
                .Moves.Where(m => m.Instruction.Cpu == cpu)
                .SelectMany(m => m.Effects)
                .Select(e => e.Field)
                .Where(f => !_pcs.Contains(f) && !excluded.Contains(f)),
        ];
        var moves = scheme
            .Moves.Where(m => m.Instruction.Cpu == cpu && m.Effects.Any(e => _followable.Contains(e.Field)))
            .Select(m => (Move: m, Access: scheme.AccessOf(m.Instruction)))
            .ToList();
        bool found;
        do
        {
            found = false;
            foreach (var (move, access) in moves)
            {
                foreach (var (field, on) in Run(move, access))
                {
                    if (
                        !on.IsNone
                        && _followable.Contains(field)
                        && _bits.TryAdd(field, Math.Min(_bits.Count, SharedBit))
                    )
                    {
                        found = true;
                    }
                }
            }
        } while (found);
    }

    /// <summary>The flow through a move.</summary>
    /// <param name="move">The move.</param>
    /// <param name="access">What its step is to the memory machine.</param>
    /// <param name="deferred">Fields that change when the access takes place.</param>
    public Flow Of(Move move, Access access, IReadOnlySet<Field> deferred)
    {
        var values = Run(move, access);
        var branch = new Dependence(0, access.Branches);
        if (move.Guard is not null)
            branch |= Of(move.Guard, access, []);
        foreach (var pc in _pcs)
            branch |= values.GetValueOrDefault(pc);
        var data = access.Variable is not null ? values.GetValueOrDefault(access.Variable) : default;
        var outcome = default(Dependence);
        if (move.Instruction.Step is CasStep && access.Variable is not null)
        {
            outcome = Of(move.Effects[0].Value, access, []);
            data = Swapped(move, access);
        }

        var writes = values
            .Where(v => _bits.ContainsKey(v.Key) && v.Key != access.Variable)
            .Select(v => (Bit(v.Key), v.Value))
            .ToList();
        if (access.Variable is null)
            data = writes.Aggregate(default(Dependence), (all, w) => all | w.Value);
        var checks = move.Checks.Aggregate(0UL, (bits, c) => bits | Of(c.Violated, access, []).Variables);
        return new Flow
        {
            Writes = writes,
            Data = data,
            Memory =
                access.Kind is InstanceKind.Store or InstanceKind.Rmw && access.Variable is not null
                    ? Bit(access.Variable)
                    : 0,
            Outcome = outcome,
            Branch = branch,
            UsesRead = (data | outcome | branch).Read || values.Any(v => v.Value.Read && !deferred.Contains(v.Key)),
            Checks = checks,
            Touches =
                writes.Aggregate(
                    (data | outcome | branch).Variables | checks,
                    (bits, w) => bits | w.Item1 | w.Value.Variables
                ) | values.Where(v => !deferred.Contains(v.Key)).Aggregate(0UL, (bits, v) => bits | v.Value.Variables),
            IsContained = values.All(v =>
                v.Value.IsNone
                || deferred.Contains(v.Key)
                || v.Key == access.Variable
                || _pcs.Contains(v.Key)
                || _bits.ContainsKey(v.Key)
            ),
        };
    }

    // Of "memory := ok ? new : memory" what hangs on is the new value; whether there is one is the outcome.
    private Dependence Swapped(Move move, Access access)
    {
        var read = new HashSet<Field>();
        move.Effects[1].Value.AddFields(read);
        read.Remove(move.Effects[0].Field);
        read.Remove(access.Variable!);
        return new Dependence(read.Aggregate(0UL, (bits, f) => bits | Bit(f)), false);
    }

    /// <summary>What each field hangs on after the move.</summary>
    private Dictionary<Field, Dependence> Run(Move move, Access access)
    {
        var values = new Dictionary<Field, Dependence>();
        foreach (var (field, value) in move.Effects)
            values[field] = Of(value, access, values) | new Dependence(0, field == Acknowledged(move, access));
        return values;
    }

    // What "discover" found is read from the interrupt controller; each of its moves finds one thing.
    private static Field? Acknowledged(Move move, Access access) =>
        access is { IsDevice: true, Kind: InstanceKind.Load } ? move.Effects[0].Field : null;

    private Dependence Of(Value value, Access access, Dictionary<Field, Dependence> assigned)
    {
        var read = new HashSet<Field>();
        value.AddFields(read);
        var on = default(Dependence);
        foreach (var field in read)
        {
            on |=
                assigned.TryGetValue(field, out var known) ? known
                : field == access.Variable ? new Dependence(0, access.Kind is InstanceKind.Load or InstanceKind.Rmw)
                : new Dependence(Bit(field), false);
        }

        return on;
    }

    private ulong Bit(Field field) => _bits.TryGetValue(field, out var bit) ? 1UL << bit : 0;

    /// <summary>The bit that variables share that found none of their own, if there is one.</summary>
    public ulong Shared => _bits.Count > SharedBit ? 1UL << SharedBit : 0;
}
