using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>
/// Dead registers: where a CPU will overwrite something of its own on every way before it looks at it, the value counts
/// as 0, so that states which differ in nothing else are one. docs/design/reductions.md proves that this changes no
/// answer.
/// </summary>
internal sealed class DeadRegisters<T>
    where T : unmanaged, IPacked<T>
{
    // Of one CPU; what is beyond is kept as it is.
    private const int MostFields = 64;

    private readonly Field[][] _pcs;

    /// <summary>By CPU, level and program counter: the bits that are dead as far as that frame goes.</summary>
    private readonly T[][][] _dead;

    private DeadRegisters(Field[][] pcs, T[][][] dead) => (_pcs, _dead) = (pcs, dead);

    /// <summary>Looks through a scheme's code.</summary>
    /// <returns>Null if nothing is ever dead.</returns>
    public static DeadRegisters<T>? Of(Machine<T> machine)
    {
        var scheme = machine.Scheme;
        var isAny = false;
        var dead = new T[machine.Cpus][][];
        for (var cpu = 0; cpu < machine.Cpus; cpu++)
        {
            var fields = Candidates(machine, cpu).Take(MostFields).ToList();
            var live = new Liveness(scheme, cpu, fields).Run();
            dead[cpu] = [.. live.Select(level => level.Select(l => Bits(l, fields, scheme)).ToArray())];
            isAny |= fields.Count > 0 && live.Any(level => level.Any(l => (l & All(fields)) != All(fields)));
        }

        return isAny
            ? new DeadRegisters<T>(
                [.. scheme.Fields.Cpus.Select((c, i) => c.Pc.Take(scheme.Cpus[i].Levels.Count).ToArray())],
                dead
            )
            : null;
    }

    /// <summary>A state without what is dead of a CPU.</summary>
    public T Clear(in T state, int cpu)
    {
        var pcs = _pcs[cpu];
        var dead = _dead[cpu][0][pcs[0].Read(state.Word64(pcs[0].Word))];
        for (var level = 1; level < pcs.Length; level++)
        {
            if (pcs[level].Read(state.Word64(pcs[level].Word)) is var pc and not 0)
                dead = T.And(dead, _dead[cpu][level][pc]);
        }

        return T.Replace(state, dead, default);
    }

    /// <summary>
    /// What only the moves of one CPU look at, at the moment when they are made or issued: nothing that a property or
    /// another CPU looks at, nothing that an access looks at when it takes place.
    /// </summary>
    private static IEnumerable<Field> Candidates(Machine<T> machine, int cpu)
    {
        var scheme = machine.Scheme;
        var system = scheme.Fields;
        var excluded = new HashSet<Field>(system.Records.Keys);
        foreach (var text in system.Texts)
            excluded.UnionWith([.. text.Stale, text.Cleaned, text.Invalidated, text.Returned, text.Class]);
        excluded.UnionWith(system.Mappings.Values.SelectMany(m => m.Stale.Append(m.Returned)));
        excluded.UnionWith(system.Cpus.SelectMany(c => c.Pc.Concat(c.Messages).Append(c.Device).Append(c.InKick)));
        excluded.UnionWith(scheme.Windows.SelectMany(w => w.All));
        if (scheme.Windows.Count > 0)
            excluded.UnionWith(system.Memory);
        foreach (var eqs in scheme.Eqs)
            eqs.AddFields(excluded);
        var own = new HashSet<Field>();
        foreach (var move in machine.Moves)
        {
            var isOwn = move.Instruction.Cpu == cpu && move.Phase == MovePhase.Whole;
            var fields = isOwn ? own : excluded;
            fields.UnionWith(move.ReadFields());
            fields.UnionWith(move.Effects.Select(e => e.Field));
        }

        return own.Except(excluded).Where(f => f.Width > 0).OrderBy(f => f.Id);
    }

    private static ulong All(List<Field> fields) =>
        fields.Count == MostFields ? ulong.MaxValue : (1UL << fields.Count) - 1;

    private static T Bits(ulong live, List<Field> fields, CompiledScheme scheme)
    {
        var words = new ulong[scheme.Fields.Layout.Words];
        for (var i = 0; i < fields.Count; i++)
        {
            if ((live >> i & 1) == 0)
                words[fields[i].Word] |= fields[i].Mask;
        }

        return T.From(words);
    }

    /// <summary>By level and program counter: what some way from there looks at before it overwrites it.</summary>
    private sealed class Liveness
    {
        private readonly Dictionary<Field, int> _bits;
        private readonly Field[] _pc;
        private readonly ulong[][] _live;
        private readonly ulong _all;
        private readonly List<(int Level, int Pc, ulong Uses, ulong Keeps, (int Level, int Pc)[] Next)> _ways = [];

        public Liveness(CompiledScheme scheme, int cpu, List<Field> fields)
        {
            _bits = fields.Select((f, i) => (f, i)).ToDictionary(p => p.f, p => p.i);
            _all = All(fields);
            _pc = scheme.Fields.Cpus[cpu].Pc;
            var levels = scheme.Cpus[cpu].Levels;
            _live = [.. levels.Select((code, level) => new ulong[code.Count + (level > 0 ? 1 : 0)])];
            for (var level = 0; level < levels.Count; level++)
            {
                for (var i = 0; i < levels[level].Count; i++)
                {
                    foreach (var move in levels[level][i].Moves)
                        Add(level, level > 0 ? i + 1 : i, move);
                }
            }
        }

        public ulong[][] Run()
        {
            bool changed;
            do
            {
                changed = false;
                foreach (var (level, pc, uses, keeps, next) in _ways)
                {
                    var live = _live[level][pc] | uses;
                    foreach (var (nextLevel, nextPc) in next)
                        live |= _live[nextLevel][nextPc] & keeps;
                    changed |= live != _live[level][pc];
                    _live[level][pc] = live;
                }
            } while (changed);

            return _live;
        }

        private void Add(int level, int pc, Move move)
        {
            var uses = move.ReadFields().Aggregate(0UL, (bits, f) => bits | Bit(f));
            var keeps = ~move.Effects.Aggregate(0UL, (bits, e) => bits | Bit(e.Field));
            var next = new List<(int, int)>();
            var isKnown = true;
            var at = move.Instruction.Level;
            var to = move.Effects.Where(e => e.Field == _pc[at]).Select(e => e.Value).LastOrDefault();
            foreach (var result in to?.Results ?? [])
            {
                // A frame that ends leaves what the frames below it look at.
                if (!result.IsConstant(out var target))
                    isKnown = false;
                else if (at == 0 || target > 0)
                    next.Add((at, target));
            }

            if (to is null)
                next.Add((level, pc));
            _ways.Add((level, pc, isKnown ? uses : _all, isKnown ? keeps : ulong.MaxValue, [.. next]));
        }

        private ulong Bit(Field field) => _bits.TryGetValue(field, out var bit) ? 1UL << bit : 0;
    }
}
