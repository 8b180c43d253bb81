using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>A space as it was searched: states as keys, by number; what follows each is in the memo.</summary>
internal sealed class PartSpace<T> : IGraph<SpaceStep>
    where T : unmanaged, IPacked<T>
{
    private readonly Machine<T> _machine;
    private readonly PartQuestion<T>[] _settled;

    /// <summary>An empty space.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="maxStates">Most states that it may hold.</param>
    /// <param name="takes">The moves that are looked at; null: all.</param>
    public PartSpace(Machine<T> machine, long maxStates, Func<Move, bool>? takes)
    {
        _machine = machine;
        Memo = new PairMemo<T>(machine, takes);
        States = new KeyTable(maxStates, Memo.Layout.Bits);
        Policy = new NativeList<int>(Math.Min(maxStates, KeyTable.MaxCount));
        _settled =
        [
            .. machine.Scheme.Windows.Select((w, cpu) => Memo.Ask(w.Code[0], state => machine.IsSettled(state, cpu))),
        ];
    }

    public PairMemo<T> Memo { get; }

    /// <summary>The keys of the states, by number.</summary>
    public KeyTable States { get; }

    /// <summary>
    /// By state: one that follows by a move that is not free, of the last CPU that has such a move; else -1.
    /// </summary>
    public NativeList<int> Policy { get; }

    public int Cpus => _machine.Cpus;

    public List<int> LevelStarts { get; } = [];

    IReadOnlyList<int> IGraph<SpaceStep>.LevelStarts => LevelStarts;

    /// <summary>Levels that were searched.</summary>
    public int Levels => LevelStarts.Count - 1;

    /// <summary>Bytes held for states.</summary>
    public long Bytes => States.Bytes + Policy.Bytes;

    /// <summary>No CPU has a guess outstanding.</summary>
    public bool AllSettled(ulong key)
    {
        foreach (var settled in _settled)
        {
            if (!settled.Of(key, Memo.Layout))
                return false;
        }

        return true;
    }

    /// <summary>The CPU has no guess outstanding.</summary>
    public bool IsSettled(ulong key, int cpu) => _settled.Length == 0 || _settled[cpu].Of(key, Memo.Layout);

    /// <summary>A question whether a field is not 0.</summary>
    public PartQuestion<T> Ask(Field field)
    {
        var predicate = new Predicate<T>(_machine.Scheme.Fields.Layout, new Value.Read(field));
        return Memo.Ask(field, state => predicate.Holds(state));
    }

    /// <summary>Finds the numbers of the states that follow one by moves that are not free.</summary>
    /// <param name="state">The state.</param>
    /// <param name="into">Receives them; grown as needed.</param>
    /// <returns>How many there are.</returns>
    public int Follow(int state, ref int[] into)
    {
        var count = 0;
        var key = States.Keys[state];
        for (var cpu = 0; cpu < Cpus; cpu++)
        {
            var (start, end) = Memo.MovesOf(Memo.PairOf(key, cpu));
            if (count + end - start > into.Length)
                Array.Resize(ref into, 2 * (count + end - start));
            for (var move = start; move < end; move++)
            {
                if (!Memo.ChangeOf(move).IsFree && Memo.TryMake(key, cpu, move, out var target))
                    into[count++] = States.Find(target);
            }
        }

        return count;
    }

    public IReadOnlyList<(SpaceStep Move, int State)> Successors(int state)
    {
        var successors = new List<(SpaceStep, int)>();
        var key = States.Keys[state];
        for (var cpu = 0; cpu < Cpus; cpu++)
        {
            var (start, end) = Memo.MovesOf(Memo.PairOf(key, cpu));
            for (var i = start; i < end; i++)
            {
                var move = Memo.Move(i);
                if (!Memo.TryMake(key, cpu, i, out var next))
                    continue;
                var ignored = move.IfSettled != 0 && !AllSettled(key) ? move.IfSettled : 0;
                var step = new SpaceStep(move.Move, move.Violations & ~ignored, next)
                {
                    ReturnsEarly = move.Move.ReturnsKick && !IsSettled(next, cpu),
                };
                successors.Add((step, States.Find(next)));
            }
        }

        return successors;
    }

    public bool LeadsTo(int state, HashSet<int> targets)
    {
        var key = States.Keys[state];
        for (var cpu = 0; cpu < Cpus; cpu++)
        {
            var (start, end) = Memo.MovesOf(Memo.PairOf(key, cpu));
            for (var i = start; i < end; i++)
            {
                if (Memo.TryMake(key, cpu, i, out var target) && targets.Contains(States.Find(target)))
                    return true;
            }
        }

        return false;
    }

    /// <summary>The words of a state.</summary>
    public ulong[] WordsOf(ulong key)
    {
        var words = new ulong[_machine.Scheme.Fields.Layout.Words];
        Memo.StateOf(key).CopyTo(words);
        return words;
    }

    /// <summary>Rewrites all keys, with room for all parts there are.</summary>
    public void Widen()
    {
        var form = Memo.Widen();
        States.Rewrite(Memo.Layout.Bits, form);
    }
}
