using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Cutoff;

/// <summary>What one move reads and writes, as the theorem looks at it.</summary>
internal sealed class MoveUses
{
    /// <summary>
    /// Finds out. Left out are the program counter with what its tests ask (they are decisions of their own, or turns
    /// of loops), records of properties, and what leaving a path does: that gives the CPU its own masks back.
    /// </summary>
    public MoveUses(Move move, FieldOwners owners, CpuFields cpu)
    {
        Move = move;
        var written = new HashSet<Field>();
        var leaves = new HashSet<Field>([.. cpu.Masks, .. cpu.Active, .. cpu.Saved.SelectMany(s => s)]);
        leaves.UnionWith(cpu.Registers.Values);
        move.Guard?.AddUses(_reads);
        foreach (var check in move.Checks)
            check.Violated.AddUses(_reads);
        foreach (var (field, value) in move.Effects)
        {
            if (cpu.Pc.Contains(field) || owners.Of(field) == Owner.Record)
                continue;
            if (leaves.Contains(field) && value.Results.All(r => IsOwn(r, field, cpu)) && value.Results.Count() > 1)
                continue;
            if (value.IsUpdateOf(field, out var members, out _))
            {
                Writes.Add(new FieldUse(field, members));
            }
            else
            {
                var uses = new List<FieldUse>();
                value.AddUses(uses);
                _reads.AddRange(uses.Where(u => !written.Contains(u.Field)));
                Writes.Add(new FieldUse(field));
            }

            written.Add(field);
        }

        _reads.RemoveAll(r => owners.Of(r.Field) is Owner.Record or Owner.Turns);
        Writes.RemoveAll(w => owners.Of(w.Field) == Owner.Turns);
    }

    private readonly List<FieldUse> _reads = [];

    public Move Move { get; }

    public Instruction Step => Move.Instruction;

    public IReadOnlyList<FieldUse> Reads => _reads;

    /// <summary>Fields that are written; of a set to which members are added or taken away, these members.</summary>
    public List<FieldUse> Writes { get; } = [];

    private static bool IsOwn(Value result, Field field, CpuFields cpu) =>
        result.IsConstant(out _)
        || (result is Value.Read read && (read.Field == field || cpu.Saved.Any(s => s.Contains(read.Field))));
}
