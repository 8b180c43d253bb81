using System.Runtime.CompilerServices;
using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Machines;

/// <summary>What an explorer needs to know of a machine: where its CPUs stand and what they can do next.</summary>
internal abstract class Machine<T> : ITransitions<T, Successor<T>>
    where T : unmanaged, IPacked<T>
{
    private readonly Field[][] _pcs;
    private readonly Predicate<T>[] _eqs;

    protected Machine(CompiledScheme scheme)
    {
        Scheme = scheme;
        _pcs = [.. scheme.Fields.Cpus.Select((c, i) => c.Pc.Take(scheme.Cpus[i].Levels.Count).ToArray())];
        _eqs = [.. scheme.Eqs.Select(e => new Predicate<T>(scheme.Fields.Layout, e))];
        Positions = [.. scheme.Cpus.Select(c => c.Levels.Select((l, level) => Stand(l, level)).ToArray())];
    }

    public CompiledScheme Scheme { get; }

    /// <summary>By CPU, level and program counter.</summary>
    public Position<T>[][][] Positions { get; }

    /// <summary>Every move that this machine can make, by id.</summary>
    public abstract IReadOnlyList<Move> Moves { get; }

    /// <summary>
    /// A CPU had no room in its window for a step that it could have issued otherwise: a larger window may reach more.
    /// </summary>
    public virtual bool WindowWasFull => false;

    /// <summary>
    /// A move is over once it is made; else the machine says by <see cref="HasTaken"/> which it has taken for good.
    /// </summary>
    public virtual bool TakesAtOnce => true;

    public int Cpus => Scheme.Cpus.Length;

    public T[] InitialStates() => [.. Compilation.InitialStates.Of(Scheme).Select(w => T.From(w))];

    public abstract int Expand(in T state, ref Successor<T>[] into);

    /// <summary>The step has been taken in some execution, and not under a guess that turned out wrong.</summary>
    public virtual bool HasTaken(Move move) => false;

    /// <summary>
    /// The CPUs, as a bit set, for which a move may change where they stand, whether they are in <c>eqs</c> or what
    /// text is stale.
    /// </summary>
    public virtual uint AffectedCpus(Move move) => uint.MaxValue;

    /// <summary>Is the CPU in state <c>eqs</c>, as it sees its own variables.</summary>
    public virtual bool InEqs(in T state, int cpu) => _eqs[cpu].Holds(state);

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
internal readonly record struct Successor<T>(T Next, Move Move, uint Violations) : ITransition<T>
{
    public int Cpu => Move.Instruction.Cpu;

    public bool IsFree => Move.IsFree;
}

/// <summary>One position while a search runs.</summary>
internal sealed class Position<T>(Instruction instruction)
    where T : unmanaged, IPacked<T>
{
    public Instruction Instruction { get; } = instruction;

    /// <summary>The moves from here, as the machine makes them.</summary>
    public MoveTable<T>[] Moves { get; set; } = [];

    /// <summary>Rules out moves that cannot be made; null where that would not pay.</summary>
    public PossibleMoves<T>? Possible { get; set; }

    public bool InEqs { get; set; }

    public bool Watched { get; set; }

    public bool Stale { get; set; }
}
