using System.Diagnostics;
using System.Runtime.CompilerServices;
using Lazykick.Checking.Compilation;

namespace Lazykick.Checking.Exploration;

/// <summary>
/// Breadth-first search of the whole space, level by level. It never stops at a violation: one search decides every property, finds
/// every window and counts the space.
/// </summary>
internal sealed class Explorer<T>
    where T : unmanaged, IPacked<T>
{
    private const int MaxWitnesses = 1 << 16;
    private const int StatesBetweenChecks = 1 << 8;

    // Moves of so many states are found before any is entered, so that the slots of their successors are on the way into the cache.
    private const int BatchStates = 16;

    private readonly CompiledScheme _scheme;
    private readonly Machine<T> _machine;
    private readonly StaleText<T>[] _staleText;
    private readonly StateTable<T> _states = new();
    private readonly List<int> _levelStarts = [];
    private readonly List<(int State, Instruction? Text, bool AtMove)>[] _witnesses;
    private readonly int[] _witnessLevel;
    private readonly List<int>[] _returns;
    private readonly bool[] _made;
    private readonly uint[] _affected;
    private readonly EdgeList _edges = new();
    private readonly Successor<T>[][] _successors = new Successor<T>[BatchStates][];
    private readonly int[] _counts = new int[BatchStates];
    private ulong[] _hashes = new ulong[1 << 8];

    public Explorer(Machine<T> machine)
    {
        _machine = machine;
        _scheme = machine.Scheme;
        _staleText = [.. _scheme.Fields.Texts.SelectMany(t => Enumerable.Range(0, _scheme.Cpus.Length).Select(c => new StaleText<T>(_scheme.Fields.Layout, t, c))).Where(t => t.CanBe)];
        _witnesses = [.. _scheme.Properties.Select(_ => new List<(int, Instruction?, bool)>())];
        _witnessLevel = [.. _scheme.Properties.Select(_ => int.MaxValue)];
        _returns = [.. _scheme.Cpus.Select(_ => new List<int>())];
        _made = new bool[machine.Moves.Count];
        _affected = [.. machine.Moves.Select(machine.AffectedCpus)];
        for (var i = 0; i < BatchStates; i++)
            _successors[i] = new Successor<T>[16];
    }

    public Space Run(SearchLimits limits, Action<SearchProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        foreach (var words in InitialStates.Of(_scheme))
            EnterInitial(T.From(words));
        var end = SearchEnd.Exhausted;
        var expanded = 0;
        var nextCheck = StatesBetweenChecks;
        var nextReport = TimeSpan.FromSeconds(1);
        for (var level = 0; expanded < _states.Count && end == SearchEnd.Exhausted; level++)
        {
            var levelEnd = _states.Count;
            _levelStarts.Add(expanded);
            while (expanded < levelEnd)
            {
                var states = Math.Min(BatchStates, levelEnd - expanded);
                var moves = Expand(expanded, states);
                if ((end = MakeRoom(moves, limits)) != SearchEnd.Exhausted)
                    break;
                Enter(expanded, states, level);
                expanded += states;
                if (expanded < nextCheck)
                    continue;
                nextCheck = expanded + StatesBetweenChecks;
                if ((end = Check(limits, clock.Elapsed, cancellation)) != SearchEnd.Exhausted)
                    break;
                if (progress is not null && clock.Elapsed > nextReport)
                {
                    progress(new SearchProgress(level, _states.Count, _states.Count - expanded, Bytes, clock.Elapsed));
                    nextReport = clock.Elapsed + TimeSpan.FromSeconds(1);
                }
            }
        }

        _edges.BeginState();
        _levelStarts.Add(expanded);
        if (end == SearchEnd.Exhausted)
            end = CheckTermination(() => Check(limits, clock.Elapsed, cancellation));
        return Result(end, clock.Elapsed);
    }

    private long Bytes => _states.Bytes + _edges.Bytes;

    private SearchEnd Check(SearchLimits limits, TimeSpan elapsed, CancellationToken cancellation)
        => cancellation.IsCancellationRequested ? SearchEnd.Cancelled
            : _states.Count > limits.MaxStates ? SearchEnd.StateLimit
            : Bytes + BackwardReach.BytesFor(_states.Count, _edges.Count) > limits.MaxBytes ? SearchEnd.MemoryLimit
            : limits.Timeout != Timeout.InfiniteTimeSpan && elapsed > limits.Timeout ? SearchEnd.TimeLimit
            : SearchEnd.Exhausted;

    /// <summary>Makes room for so many new states and moves, unless that goes beyond a limit.</summary>
    private SearchEnd MakeRoom(int moves, SearchLimits limits)
    {
        if (_states.Count > StateTable<T>.MaxCount - moves)
            return SearchEnd.StateLimit;
        if (_edges.Count > int.MaxValue / 2 - moves)
            return SearchEnd.MemoryLimit;
        if (_states.HasRoomFor(moves))
            return SearchEnd.Exhausted;
        if (Bytes + _states.GrowthBytes > limits.MaxBytes)
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
        var moves = 0;
        for (var s = 0; s < states; s++)
        {
            var count = _counts[s] = _machine.Expand(_states[first + s], ref _successors[s]);
            if (moves + count > _hashes.Length)
                Array.Resize(ref _hashes, 2 * (moves + count));
            var successors = _successors[s];
            for (var i = 0; i < count; i++)
            {
                var hash = successors[i].Next.Hash();
                _states.Prefetch(hash);
                _hashes[moves++] = hash;
            }
        }

        for (var i = 0; i < moves; i++)
            _states.PrefetchState(_hashes[i]);
        return moves;
    }

    /// <summary>Enters the successors that <see cref="Expand"/> found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Enter(int first, int states, int level)
    {
        var moves = 0;
        for (var s = 0; s < states; s++)
        {
            _edges.BeginState();
            var successors = _successors[s];
            for (var i = 0; i < _counts[s]; i++)
            {
                ref readonly var successor = ref successors[i];
                var move = successor.Move;
                _made[move.Id] = true;
                if (successor.Violations != 0)
                    Violations(successor.Violations, first + s, level + 1);
                if (move.ReturnsKick)
                    _returns[move.Instruction.Cpu].Add(first + s);
                var target = _states.Add(successor.Next, _hashes[moves++], out var isNew);
                if (isNew)
                    Look(successor.Next, target, level + 1, _affected[move.Id]);
                _edges.Add(target, move.IsFree);
            }
        }
    }

    private void EnterInitial(in T state)
    {
        if (!_states.HasRoomFor(1))
            _states.Grow();
        var index = _states.Add(state, state.Hash(), out var isNew);
        if (isNew)
            Look(state, index, 0, uint.MaxValue);
    }

    /// <summary>
    /// Notes what holds in a new state: positions, windows. Of the CPUs that the move into it did not affect, all was noted in the state
    /// before, at a shorter length.
    /// </summary>
    private void Look(in T state, int index, int level, uint affected)
    {
        for (var cpu = 0; cpu < _scheme.Cpus.Length; cpu++)
        {
            if ((affected >> cpu & 1) == 0)
                continue;
            var position = _machine.PositionOf(state, cpu);
            if (!_machine.IsSettled(state, cpu))
                continue;
            if (_machine.InEqs(state, cpu))
                position.InEqs = true;
            else
                position.Watched = true;
        }

        foreach (var text in _staleText)
        {
            if ((affected >> text.Cpu & 1) == 0 || !T.HasAll(state, text.Mask) || !AllSettled(state))
                continue;
            var position = _machine.PositionOf(state, text.Cpu);
            if (!position.Instruction.IsKernelText || !text.IsOf(state, position.Instruction.Sections))
                continue;
            position.Stale = true;
            Witness(PropertyIds.S1Windows, index, position.Instruction, false, level + 1);
            if (position.Instruction.IsOrdinary && !_machine.InEqs(state, text.Cpu))
                Witness(PropertyIds.S1, index, position.Instruction, false, level + 1);
        }
    }

    private void Violations(uint violations, int index, int length)
    {
        for (var property = 0; violations != 0; property++, violations >>= 1)
        {
            if ((violations & 1) != 0)
                Witness(property, index, null, true, length);
        }
    }

    private void Witness(int property, int index, Instruction? text, bool atMove, int length)
    {
        if (length < _witnessLevel[property])
        {
            _witnessLevel[property] = length;
            _witnesses[property].Clear();
        }

        if (length == _witnessLevel[property] && _witnesses[property].Count < MaxWitnesses)
            _witnesses[property].Add((index, text, atMove));
    }

    /// <summary>S8 (M20): every state with a kick in progress must reach its return over moves that are not free.</summary>
    private SearchEnd CheckTermination(Func<SearchEnd> check)
    {
        var end = SearchEnd.Exhausted;
        for (var cpu = 0; cpu < _scheme.Cpus.Length; cpu++)
        {
            if (_returns[cpu].Count == 0 && !_machine.Moves.Any(m => m.ReturnsKick && m.Instruction.Cpu == cpu))
                continue;
            var inKick = new Predicate<T>(_scheme.Fields.Layout, new Value.Read(_scheme.Fields.Cpus[cpu].InKick));
            if (new BackwardReach(_edges, IsOver).Reaching(Returned(cpu, inKick)) is not { } reaches)
                return end;
            for (var level = 0; level < _levelStarts.Count - 1; level++)
            {
                for (var i = _levelStarts[level]; i < _levelStarts[level + 1]; i++)
                {
                    if (!reaches[i] && inKick.Holds(_states[i]) && AllSettled(_states[i]))
                        Witness(PropertyIds.S8, i, null, false, level);
                }

                if (_witnessLevel[PropertyIds.S8] <= level)
                    break;
            }
        }

        return end;

        bool IsOver() => (end = check()) != SearchEnd.Exhausted;
    }

    /// <summary>The states in which a CPU is in no kick, and nothing that it guessed can take that back.</summary>
    private List<int> Returned(int cpu, Predicate<T> inKick)
    {
        var states = new List<int>();
        for (var i = 0; i < _states.Count; i++)
        {
            if (!inKick.Holds(_states[i]) && _machine.IsSettled(_states[i], cpu))
                states.Add(i);
        }

        return states;
    }

    private bool AllSettled(in T state)
    {
        for (var cpu = 0; cpu < _scheme.Cpus.Length; cpu++)
        {
            if (!_machine.IsSettled(state, cpu))
                return false;
        }

        return true;
    }

    private Space Result(SearchEnd end, TimeSpan elapsed)
    {
        var positions = _machine.Positions.SelectMany(c => c).SelectMany(l => l).Where(p => p is not null)
            .Select(p => new PositionFacts(p.Instruction, p.InEqs || p.Watched, p.InEqs, p.Watched, p.Stale)).ToList();
        var space = new Space(_scheme.Properties.Count)
        {
            End = end,
            States = _states.Count,
            Transitions = _edges.Count,
            Levels = _levelStarts.Count - 1,
            Bytes = Bytes,
            Elapsed = elapsed,
            Positions = positions,
            NeverMade = [.. _machine.Moves.Where(m => !_made[m.Id])],
            WindowWasFull = _machine.WindowWasFull,
            KickReturned = _returns.Any(r => r.Count > 0),
            Trace = FindTrace,
        };
        for (var property = 0; property < _witnessLevel.Length; property++)
        {
            if (_witnessLevel[property] != int.MaxValue)
                space.Shortest[property] = _witnessLevel[property];
        }

        return space;
    }

    /// <summary>The race that is shown (M23).</summary>
    private Trace? FindTrace(int property)
    {
        if (_witnesses[property].Count == 0)
            return null;
        var first = _witnesses[property][0];
        var depth = _witnessLevel[property] - (property == PropertyIds.S8 ? 0 : 1);
        var finder = new TraceFinder<T>(_states, _levelStarts, _edges, _scheme.Cpus.Length, s => Successors(s).Select(n => (n.Move, n.Next)));
        var path = finder.Find([.. _witnesses[property].Select(w => w.State).Distinct()], depth, first.AtMove ? s => LastMoves(s, property) : null);
        var steps = path.Moves.Select((m, i) => (m, Words(path.States[i + 1]))).ToList();
        var last = first.AtMove ? null : _witnesses[property].First(w => w.State == path.End).Text;
        return new Trace(Words(path.States[0]), steps, last);
    }

    private IEnumerable<(Move Move, T Next)> LastMoves(T state, int property)
        => Successors(state).Where(s => (s.Violations >> property & 1) != 0).Select(s => (s.Move, s.Next));

    private Successor<T>[] Successors(T state)
    {
        var buffer = new Successor<T>[16];
        var count = _machine.Expand(state, ref buffer);
        return buffer[..count];
    }

    private ulong[] Words(in T state)
    {
        var words = new ulong[_scheme.Fields.Layout.Words];
        state.CopyTo(words);
        return words;
    }
}
