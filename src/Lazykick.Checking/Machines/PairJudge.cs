using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Properties;

namespace Lazykick.Checking.Machines;

/// <summary>
/// Judges what a pair of parts shows: where its CPU stands, what its moves violate, what text may be old there. A pair
/// is judged when it is first met, so that nothing of this costs anything for each state.
/// </summary>
internal sealed class PairJudge<T>
    where T : unmanaged, IPacked<T>
{
    private readonly Machine<T> _machine;
    private readonly StaleText<T>[] _staleText;
    private readonly bool[] _made;
    private readonly uint _text;
    private readonly uint _windows;

    public PairJudge(Machine<T> machine)
    {
        _machine = machine;
        var scheme = machine.Scheme;
        _staleText =
        [
            .. scheme
                .Fields.Texts.SelectMany(t => Cpus().Select(c => new StaleText<T>(scheme.Fields.Layout, t, c)))
                .Where(t => t.CanBe),
        ];
        _made = new bool[machine.Moves.Count];
        _text = scheme.BitOf(S1Text.Name);
        _windows = scheme.BitOf(S1Windows.Name);

        IEnumerable<int> Cpus() => Enumerable.Range(0, machine.Cpus);
    }

    /// <summary>The step has been taken in some execution.</summary>
    public bool IsTaken(Move move) => _made[move.Id] || _machine.HasTaken(move);

    /// <summary>Notes the position, and says what is to be judged in every state with the pair.</summary>
    /// <param name="state">A state with the pair.</param>
    /// <param name="cpu">The CPU of the pair.</param>
    /// <param name="moves">All moves of the CPU.</param>
    /// <param name="node">The pair.</param>
    /// <returns>Null if nothing is.</returns>
    public PairFacts<T>? Judge(in T state, int cpu, ReadOnlySpan<Successor<T>> moves, PairNode node)
    {
        uint violations = 0;
        foreach (ref readonly var successor in moves)
        {
            violations |= successor.Violations;
            _made[successor.Move.Id] |= _machine.TakesAtOnce;
        }

        var position = _machine.PositionOf(state, cpu);
        var inEqs = _machine.InEqs(state, cpu);
        if (_machine.IsSettled(state, cpu))
        {
            position.InEqs |= inEqs;
            position.Watched |= !inEqs;
            position.Masked |= _machine.IsMasked(state, cpu);
        }

        var stale = Stale(state, cpu, position.Instruction, inEqs);
        return (violations | stale) == 0
            ? null
            : new PairFacts<T>([new JudgedPlace<T>(violations | stale, stale, position, node)]);
    }

    /// <summary>The text before a CPU may be old after the kick (M18).</summary>
    private uint Stale(in T state, int cpu, Instruction instruction, bool inEqs)
    {
        if (!instruction.IsKernelText)
            return 0;
        foreach (var text in _staleText)
        {
            if (text.Cpu == cpu && T.HasAll(state, text.Mask) && text.IsOf(state, instruction.Sections))
                return _windows | (instruction.IsOrdinary && !inEqs ? _text : 0);
        }

        return 0;
    }
}
