using System.Runtime.CompilerServices;

namespace Lazykick.Checking.Exploration;

/// <summary>
/// Breadth-first search of a whole space, level by level. It does not know what it searches: a machine says what can
/// follow, and an observer keeps what its front end is asked for. It ends when everything was searched or at a limit,
/// never at a find.
/// </summary>
internal sealed class Explorer<T, TMove> : IGraph<TMove>
    where T : unmanaged, IState<T>
    where TMove : struct, ITransition<T>
{
    private const int StatesBetweenChecks = 1 << 8;

    // Moves of so many states are found before any is entered: the slots of their successors are on the way into the
    // cache.
    private const int BatchStates = 16;

    private readonly ITransitions<T, TMove> _machine;
    private readonly ISearchObserver<T, TMove> _observer;
    private readonly SearchControl _control;
    private readonly StateTable<T> _states = new();
    private readonly EdgeList _edges = new();
    private readonly List<int> _levelStarts = [];
    private readonly TMove[][] _moves = new TMove[BatchStates][];
    private readonly int[] _counts = new int[BatchStates];
    private ulong[] _hashes = new ulong[1 << 8];

    public Explorer(ITransitions<T, TMove> machine, ISearchObserver<T, TMove> observer, SearchControl control)
    {
        (_machine, _observer, _control) = (machine, observer, control);
        for (var i = 0; i < BatchStates; i++)
            _moves[i] = new TMove[16];
    }

    /// <summary>Why the search ended; <see cref="SearchEnd.Exhausted"/> until something ends it.</summary>
    public SearchEnd End { get; private set; }

    /// <summary>States found, by number.</summary>
    public StateTable<T> States => _states;

    public EdgeList Edges => _edges;

    /// <summary>Numbers of the first states of each level, and the number of states that were expanded.</summary>
    public IReadOnlyList<int> LevelStarts => _levelStarts;

    /// <summary>Levels that were searched.</summary>
    public int Levels => _levelStarts.Count - 1;

    /// <summary>Bytes held for states and moves.</summary>
    public long Bytes => _states.Bytes + _edges.Bytes;

    /// <summary>Searches the space.</summary>
    public void Run()
    {
        foreach (var state in _machine.InitialStates())
            EnterInitial(state);
        var expanded = 0;
        var nextCheck = StatesBetweenChecks;
        for (var level = 0; expanded < _states.Count && End == SearchEnd.Exhausted && !_machine.IsInVain; level++)
        {
            var levelEnd = _states.Count;
            _levelStarts.Add(expanded);
            while (expanded < levelEnd)
            {
                var states = Math.Min(BatchStates, levelEnd - expanded);
                var moves = Expand(expanded, states);
                if (_machine.IsInVain || (End = MakeRoom(moves)) != SearchEnd.Exhausted)
                    break;
                Enter(expanded, states, level);
                expanded += states;
                if (expanded < nextCheck && _states.Count <= _control.Limits.MaxStates)
                    continue;
                nextCheck = expanded + StatesBetweenChecks;
                if (IsOver())
                    break;
                _control.Report(level, _states.Count, _states.Count - expanded, Bytes);
            }
        }

        _edges.BeginState();
        _levelStarts.Add(expanded);
    }

    /// <summary>Must the work end at a limit? <see cref="End"/> then says at which.</summary>
    private bool IsOver()
    {
        End = _control.Check(_states.Count, Bytes);
        return End != SearchEnd.Exhausted;
    }

    /// <summary>Of all shortest executions that lead to some states, the one that is shown (M23).</summary>
    /// <param name="targets">States, all at one level.</param>
    /// <param name="last">Which move from one of them ends the execution; null if the state itself is the end.</param>
    public Execution<T, TMove> FindExecution(IReadOnlyCollection<int> targets, Func<TMove, bool>? last = null)
    {
        var execution = new ExecutionFinder<TMove>(this).Find(
            targets,
            last is null
                ? _ => []
                : s => [.. ((IGraph<TMove>)this).Successors(s).Where(m => last(m.Move)).Select(m => m.Move)]
        );
        return new Execution<T, TMove>(_states[execution.Start], execution.Moves, execution.Target);
    }

    int IGraph<TMove>.Cpus => _machine.Cpus;

    IReadOnlyList<(TMove Move, int State)> IGraph<TMove>.Successors(int state)
    {
        var buffer = new TMove[16];
        var count = _machine.Expand(_states[state], ref buffer);
        return [.. buffer[..count].Select(m => (m, _states.Find(m.Next)))];
    }

    bool IGraph<TMove>.LeadsTo(int state, Func<int, int, bool> isAskedFor)
    {
        for (var e = _edges.StartOf(state); e < _edges.StartOf(state + 1); e++)
        {
            if (isAskedFor(_edges.TargetOf(e), 1))
                return true;
        }

        return false;
    }

    /// <summary>Makes room for so many new states and moves, unless that goes beyond a limit.</summary>
    private SearchEnd MakeRoom(int moves)
    {
        if (_states.Count > StateTable<T>.MaxCount - moves)
            return SearchEnd.StateLimit;
        if (_edges.Count > int.MaxValue - moves)
            return SearchEnd.MemoryLimit;
        if (_states.HasRoomFor(moves))
            return SearchEnd.Exhausted;
        if (Bytes + _states.GrowthBytes > _control.Limits.MaxBytes)
            return SearchEnd.MemoryLimit;
        while (!_states.HasRoomFor(moves))
            _states.Grow();
        return SearchEnd.Exhausted;
    }

    /// <summary>Finds the successors of the next states.</summary>
    /// <returns>How many there are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Expand(int first, int states)
    {
        var total = 0;
        for (var s = 0; s < states; s++)
        {
            var count = _counts[s] = _machine.Expand(_states[first + s], ref _moves[s]);
            if (total + count > _hashes.Length)
                Array.Resize(ref _hashes, 2 * (total + count));
            var moves = _moves[s];
            for (var i = 0; i < count; i++)
            {
                var hash = moves[i].Next.Hash();
                _states.Prefetch(hash);
                _hashes[total++] = hash;
            }
        }

        for (var i = 0; i < total; i++)
            _states.PrefetchState(_hashes[i]);
        return total;
    }

    /// <summary>Enters the successors that <see cref="Expand"/> found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Enter(int first, int states, int level)
    {
        var total = 0;
        for (var s = 0; s < states; s++)
        {
            _edges.BeginState();
            var moves = _moves[s].AsSpan(0, _counts[s]);
            _observer.Expanded(_states[first + s], first + s, level, moves);
            foreach (ref readonly var move in moves)
            {
                var target = _states.Add(move.Next, _hashes[total++], out var isNew);
                if (isNew)
                    _observer.Found(_states[target], target, level + 1, move);
                _edges.Add(target);
            }
        }
    }

    private void EnterInitial(in T state)
    {
        if (!_states.HasRoomFor(1))
            _states.Grow();
        var index = _states.Add(state, state.Hash(), out var isNew);
        if (isNew)
            _observer.Begin(state, index);
    }
}
