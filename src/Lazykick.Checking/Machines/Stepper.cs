using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>Goes through a scheme's space one move at a time, as the search does, from wherever one stands.</summary>
internal abstract class Stepper
{
    /// <summary>The states in which executions begin, as words.</summary>
    public abstract IReadOnlyList<ulong[]> Starts { get; }

    /// <summary>What can follow a state: each move with the state after it.</summary>
    public abstract IReadOnlyList<Step> From(ulong[] state);

    /// <summary>Where a CPU stands.</summary>
    public abstract Instruction At(ulong[] state, int cpu);

    /// <summary>A bit for each property that is violated if the CPU runs the text before it (S1, S1.windows).</summary>
    public abstract uint Stale(ulong[] state, int cpu);

    /// <summary>The CPU is in the EQS, as it sees its own variables.</summary>
    public abstract bool InEqs(ulong[] state, int cpu);

    /// <summary>A move.</summary>
    /// <param name="Move">What moves.</param>
    /// <param name="Violations">A bit for each property that the move violates.</param>
    /// <param name="After">The state after it.</param>
    internal readonly record struct Step(Move Move, uint Violations, ulong[] After);
}

/// <summary>The same, for states of one size.</summary>
/// <param name="machine">The machine.</param>
internal sealed class Stepper<T>(Machine<T> machine) : Stepper
    where T : unmanaged, IPacked<T>
{
    // Only its table of states is of that size, and no state is ever entered there.
    private const int NoStates = 1;

    private readonly PartSpace<T> _space = new(machine, NoStates, null, Reduction.None);

    public override IReadOnlyList<ulong[]> Starts => [.. machine.InitialStates().Select(Words)];

    public override IReadOnlyList<Step> From(ulong[] state)
    {
        while (true)
        {
            var steps = Steps(T.From(state));
            if (!_space.Memo.IsFull)
                return steps;
            _space.Widen();
        }
    }

    public override Instruction At(ulong[] state, int cpu) => machine.PositionOf(T.From(state), cpu).Instruction;

    public override uint Stale(ulong[] state, int cpu)
    {
        while (true)
        {
            var key = _space.Memo.KeyOf(T.From(state));
            var stale = _space.Memo.IsFull || !_space.AllSettled(key)
                ? 0
                : _space.Memo.FactsOf(_space.Memo.PairOf(key, cpu))?.Places[0].Stale ?? 0;
            if (!_space.Memo.IsFull)
                return stale;
            _space.Widen();
        }
    }

    public override bool InEqs(ulong[] state, int cpu) => machine.InEqs(T.From(state), cpu);

    private List<Step> Steps(in T state)
    {
        var steps = new List<Step>();
        var memo = _space.Memo;
        var key = memo.KeyOf(state);
        for (var cpu = 0; cpu < machine.Cpus && !memo.IsFull; cpu++)
        {
            var (start, end) = memo.StepsOf(memo.PairOf(key, cpu));
            for (var i = start; i < end && !memo.IsFull; i++)
            {
                var move = memo.Move(i);
                if (!memo.TryMake(key, cpu, i, out var next) || memo.IsFull)
                    continue;
                var ignored = move.IfSettled != 0 && !_space.AllSettled(key) ? move.IfSettled : 0;
                steps.Add(new Step(move.Move, move.Violations & ~ignored, _space.WordsOf(next)));
            }
        }

        return steps;
    }

    private ulong[] Words(T state)
    {
        var words = new ulong[machine.Scheme.Fields.Layout.Words];
        state.CopyTo(words);
        return words;
    }
}
