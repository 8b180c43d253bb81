using System.Runtime.CompilerServices;
using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>What a search needs to know of a machine: where its CPUs stand and what they can do next.</summary>
internal abstract class Machine<T>
    where T : unmanaged, IPacked<T>
{
    private readonly Field[][] _pcs;
    private readonly Predicate<T>[] _eqs;
    private readonly Predicate<T>[] _masked;

    protected Machine(CompiledScheme scheme)
    {
        Scheme = scheme;
        _pcs = [.. scheme.Fields.Cpus.Select((c, i) => c.Pc.Take(scheme.Cpus[i].Levels.Count).ToArray())];
        _eqs = [.. scheme.Eqs.Select(e => new Predicate<T>(scheme.Fields.Layout, e))];
        _masked =
        [
            .. scheme.Fields.Cpus.Select(c => new Predicate<T>(
                scheme.Fields.Layout,
                new Value.Read(c.Masks[CpuFields.InterruptMask])
            )),
        ];
        Positions = [.. scheme.Cpus.Select(c => c.Levels.Select((l, level) => Stand(l, level)).ToArray())];
    }

    public CompiledScheme Scheme { get; }

    /// <summary>By CPU, level and program counter.</summary>
    public Position<T>[][][] Positions { get; }

    /// <summary>All positions, by CPU and level, in the order of program counters.</summary>
    public IEnumerable<Position<T>> AllPositions =>
        Positions.SelectMany(c => c).SelectMany(l => l).Where(p => p is not null);

    /// <summary>Every move that this machine can make, by id.</summary>
    public abstract IReadOnlyList<Move> Moves { get; }

    /// <summary>
    /// A CPU had no room in its window for a step that it could have issued otherwise: a larger window may reach more.
    /// </summary>
    public virtual bool WindowWasFull => false;

    /// <summary>A guess was left out because it cannot come true.</summary>
    public virtual bool HasCut => false;

    /// <summary>
    /// A move is over once it is made; else the machine says by <see cref="HasTaken"/> which it has taken for good.
    /// </summary>
    public virtual bool TakesAtOnce => true;

    public int Cpus => Scheme.Cpus.Length;

    public T[] InitialStates() => [.. Compilation.InitialStates.Of(Scheme).Select(w => T.From(w))];

    /// <summary>
    /// All moves of one CPU: a function of the fields in <see cref="FieldsOf"/> that are its own or that CPUs share.
    /// </summary>
    /// <param name="state">The state; what belongs to other CPUs alone may be missing (0).</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="into">Receives the moves; grown as needed.</param>
    /// <returns>How many there are.</returns>
    public abstract int Expand(in T state, int cpu, ref Successor<T>[] into);

    /// <summary>
    /// The fields that the moves of a CPU, or questions about the CPU, read or write. Those that are no other CPU's,
    /// too, are its own.
    /// </summary>
    public virtual HashSet<Field> FieldsOf(int cpu)
    {
        var fields = new HashSet<Field>(Scheme.Fields.Cpus[cpu].Pc) { Scheme.Fields.Cpus[cpu].InKick };
        foreach (var move in Moves.Where(m => m.Instruction.Cpu == cpu))
        {
            fields.UnionWith(move.ReadFields());
            fields.UnionWith(move.Effects.Select(e => e.Field));
        }

        Scheme.Eqs[cpu].AddFields(fields);
        foreach (var text in Scheme.Fields.Texts)
            fields.UnionWith([text.Stale[cpu], text.Returned, text.Class]);
        return fields;
    }

    /// <summary>What another CPU's move does to a CPU's own part.</summary>
    /// <param name="state">A state with the own part; all else may be missing (0).</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="notice">What the move tells.</param>
    /// <param name="after">The state afterwards.</param>
    /// <returns>False: the move cannot be made.</returns>
    public virtual bool Receive(in T state, int cpu, Notice notice, out T after)
    {
        after = state;
        return true;
    }

    /// <summary>
    /// The CPU is within an atomic. Only states in which two CPUs are may be dead ends.
    /// </summary>
    /// <param name="state">A state with the own part; all else may be missing (0).</param>
    /// <param name="cpu">The CPU.</param>
    public virtual bool HoldsLocation(in T state, int cpu) => false;

    /// <summary>What is in flight in a whole state cannot be completed: no execution passes through it (W17).</summary>
    public virtual bool IsDeadEnd(in T state) => false;

    /// <summary>The steps have been taken for good.</summary>
    public virtual void Take(IEnumerable<Move> moves) { }

    /// <summary>The step has been taken in some execution, and not under a guess that turned out wrong.</summary>
    public virtual bool HasTaken(Move move) => false;

    /// <summary>Is the CPU in state <c>eqs</c>, as it sees its own variables.</summary>
    public virtual bool InEqs(in T state, int cpu) => _eqs[cpu].Holds(state);

    /// <summary>Are interrupts masked on the CPU.</summary>
    public bool IsMasked(in T state, int cpu) => _masked[cpu].Holds(state);

    /// <summary>Has the CPU no guess outstanding that may turn out wrong: only then what it does counts.</summary>
    public virtual bool IsSettled(in T state, int cpu) => true;

    /// <summary>Where the CPU stands: the top frame's next step, or a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Position<T> PositionOf(in T state, int cpu)
    {
        var pcs = _pcs[cpu];
        for (var level = pcs.Length - 1; level > 0; level--)
        {
            var pc = pcs[level].Read(state.Word64(pcs[level].Word));
            if (pc != 0)
                return Positions[cpu][level][pc];
        }

        return Positions[cpu][0][pcs[0].Read(state.Word64(pcs[0].Word))];
    }

    private static Position<T>[] Stand(IReadOnlyList<Instruction> instructions, int level)
    {
        var positions = instructions.Select(i => new Position<T>(i)).ToArray();
        return level == 0 ? positions : [null!, .. positions];
    }
}

/// <summary>One successor of a state.</summary>
/// <param name="Next">The state.</param>
/// <param name="Move">The move that leads to it.</param>
/// <param name="Violations">A bit for each property that the move violates.</param>
/// <param name="IfSettled">Those of them that count only where no CPU has a guess outstanding.</param>
internal readonly record struct Successor<T>(T Next, Move Move, uint Violations, uint IfSettled = 0)
{
    /// <summary>Whether it may be delayed.</summary>
    public StepKind Kind { get; init; }

    /// <summary>What the move tells other CPUs.</summary>
    public Notice Notice { get; init; }

    /// <summary>Where there is a notice: the steps that are taken for good if no CPU refuses it.</summary>
    public IReadOnlyList<Move> Taken { get; init; } = [];
}

/// <summary>One position while a search runs.</summary>
internal sealed class Position<T>(Instruction instruction)
    where T : unmanaged, IPacked<T>
{
    public Instruction Instruction { get; } = instruction;

    /// <summary>The moves from here, as the machine makes them.</summary>
    public MoveTable<T>[] Moves { get; set; } = [];

    public bool InEqs { get; set; }

    public bool Watched { get; set; }

    public bool Stale { get; set; }

    /// <summary>Visited with interrupts masked.</summary>
    public bool Masked { get; set; }

    /// <summary>What was found here.</summary>
    public PositionFacts Facts =>
        new(Instruction, InEqs || Watched, InEqs, Watched, Stale, (InEqs || Watched) && !Masked);
}
