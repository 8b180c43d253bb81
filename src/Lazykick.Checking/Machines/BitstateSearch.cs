using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Machines;

/// <summary>
/// Searches a space that is larger than the memory: of each state a few bits are kept. A state of which all bits are
/// set already counts as seen, which may be wrong: what is found is real, and that nothing is found shows nothing. The
/// states themselves go into a file, with their predecessors, for the races.
/// </summary>
internal sealed class BitstateSearch<T>
    where T : unmanaged, IPacked<T>
{
    private const int BitsOfState = 3;
    private const int StatesBetweenChecks = 1 << 12;
    private const int MostStates = int.MaxValue - (1 << 20);

    private readonly Machine<T> _machine;
    private readonly SearchControl _control;
    private readonly Func<Instruction, bool> _counts;
    private readonly PartSpace<T> _space;
    private readonly BitFilter _seen;
    private readonly NativeList<ulong> _keys;
    private readonly NativeList<int> _before;
    private readonly Find?[] _found;
    private readonly List<int> _levelStarts = [];
    private long _transitions;
    private SearchEnd _end;

    /// <summary>A search of a machine's space.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="control">Where it ends.</param>
    /// <param name="counts">Violations count only at these steps; null: at all.</param>
    /// <param name="reduction">By what the space is made smaller.</param>
    /// <param name="bytes">Memory for the bits.</param>
    public BitstateSearch(
        Machine<T> machine,
        SearchControl control,
        Func<Instruction, bool>? counts,
        Reduction reduction,
        long bytes
    )
    {
        (_machine, _control, _counts) = (machine, control, counts ?? (_ => true));
        _space = new PartSpace<T>(machine, 1, null, reduction);
        _seen = new BitFilter(bytes, BitsOfState);
        var most = Math.Min(control.Limits.MaxStates, MostStates) + (1 << 20);
        var directory = Directory.CreateTempSubdirectory("lazykick-bitstate-").FullName;
        try
        {
            _keys = new NativeList<ulong>(most, Path.Combine(directory, "keys"));
            _before = new NativeList<int>(most, Path.Combine(directory, "before"));
        }
        finally
        {
            // The files have no name any more: whatever ends the search, nothing is left behind.
            Directory.Delete(directory, recursive: true);
        }

        _found = new Find?[machine.Scheme.Properties.Count];
    }

    /// <summary>Searches the space.</summary>
    public Space Run()
    {
        foreach (var state in _machine.InitialStates())
            Widened(() => Enter(_space.KeyOf(state), -1));
        var expanded = 0;
        for (var level = 0; expanded < _keys.Count && _end == SearchEnd.Exhausted; level++)
        {
            var levelEnd = _keys.Count;
            _levelStarts.Add(expanded);
            for (; expanded < levelEnd && _end == SearchEnd.Exhausted; expanded++)
            {
                var state = expanded;
                Widened(() => Follow(state));
                if (expanded % StatesBetweenChecks != 0)
                    continue;
                _end = _control.Check(_keys.Count, _seen.Bytes);
                _control.Report(level, _keys.Count, _keys.Count - expanded, _seen.Bytes);
            }
        }

        return Result();
    }

    /// <summary>Does something that may meet parts for which keys have no room, and then does it again.</summary>
    private void Widened(Action action)
    {
        action();
        while (_space.Memo.IsFull)
        {
            var form = _space.Widen();
            for (var i = 0; i < _keys.Count; i++)
                _keys[i] = form(_keys[i]);
            action();
        }
    }

    private void Follow(int state)
    {
        var steps = _space.Steps;
        // All is met before anything is entered: what is done twice then changes nothing.
        for (var cpu = 0; cpu < _space.Cpus; cpu++)
        {
            var (start, end) = steps.StepsOf(steps.PairOf(_keys[state], cpu));
            for (var step = start; step < end; step++)
                steps.TryMake(_keys[state], cpu, step, out _);
        }

        if (_space.Memo.IsFull)
            return;
        for (var cpu = 0; cpu < _space.Cpus; cpu++)
        {
            var pair = steps.PairOf(_keys[state], cpu);
            if (steps.FactsOf(pair) is { } facts)
                Judge(state, cpu, facts);
            var (start, end) = steps.StepsOf(pair);
            for (var step = start; step < end; step++)
            {
                if (!steps.TryMake(_keys[state], cpu, step, out var target))
                    continue;
                _transitions++;
                Enter(target, state);
            }
        }
    }

    private void Enter(ulong key, int before)
    {
        if (_space.Memo.IsFull || !_seen.Add(_space.Memo.HashOf(key)))
            return;
        _keys.Add(key);
        _before.Add(before);
    }

    private void Judge(int state, int cpu, PairFacts<T> facts)
    {
        var key = _keys[state];
        foreach (var place in facts.Places)
        {
            var at = place.Node.Way.Length == 0 ? key : _space.Steps.KeyAt(key, cpu, place.Node);
            if (place.Stale == 0 || !_space.AllSettled(at))
                continue;
            place.Position.Stale = true;
            if (_counts(place.Position.Instruction))
                Note(place.Stale, new Find(state, place.Position.Instruction, place.Node.Way.Length));
        }

        facts.Close();
        if ((facts.Violations & ~Known()) == 0)
            return;
        foreach (var step in _space.StepsFrom(key).Where(s => s.Violations != 0 && _counts(s.Move.Instruction)))
            Note(step.Violations, new Find(state, null, 0));
    }

    private uint Known()
    {
        uint known = 0;
        for (var property = 0; property < _found.Length; property++)
            known |= _found[property] is null ? 0 : 1u << property;
        return known;
    }

    private void Note(uint properties, Find find)
    {
        for (var property = 0; property < _found.Length; property++)
        {
            if ((properties >> property & 1) != 0)
                _found[property] ??= find;
        }
    }

    private Space Result()
    {
        var space = new Space(_machine.Scheme.Properties.Count)
        {
            End = _end == SearchEnd.Exhausted ? SearchEnd.Bitstate : _end,
            States = _keys.Count,
            Transitions = _transitions,
            Levels = _levelStarts.Count,
            Bytes = _seen.Bytes,
            Elapsed = _control.Elapsed,
            Positions = [.. _machine.AllPositions.Select(p => p.Facts)],
            NeverMade = [.. _machine.Moves.Where(m => !_space.Memo.Judge.IsTaken(m))],
            WindowWasFull = _machine.WindowWasFull,
            KickReturned = _machine.Moves.Any(m => m.ReturnsKick && _space.Memo.Judge.IsTaken(m)),
            Execution = FindExecution,
            Decisions = [],
            Reductions = _space.Reductions,
            Missed = _seen.Confusion,
        };
        for (var property = 0; property < _found.Length; property++)
        {
            if (FindExecution(property) is { } execution)
                space.Shortest[property] = execution.Steps.Count + (execution.Last is null ? 0 : 1);
        }

        return space;
    }

    /// <summary>The execution to the first find, which need not be a shortest one.</summary>
    private SchemeExecution? FindExecution(int property)
    {
        if (_found[property] is not { } find)
            return null;
        var way = new List<int>();
        for (var state = find.State; state >= 0; state = _before[state])
            way.Add(state);
        way.Reverse();
        var steps = new List<SpaceStep>();
        for (var i = 1; i < way.Count; i++)
            steps.Add(_space.StepsFrom(_keys[way[i - 1]]).First(s => s.Next == _keys[way[i]]));
        var last = find.Text;
        if (find.Text is null)
        {
            var violations = _space.StepsFrom(_keys[find.State]);
            steps.Add(violations.First(s => (s.Violations >> property & 1) != 0 && _counts(s.Move.Instruction)));
        }
        else if (find.Delayed > 0)
        {
            var delayed = _space.StepsToOldText(_keys[find.State], find.Delayed, property, _counts);
            steps.Add(delayed[0]);
            last = delayed[0].OldText;
        }

        return _space.Unfold(_keys[way[0]], steps) with { Last = last };
    }

    /// <summary>Where a property was first found to be violated.</summary>
    /// <param name="State">Number of the state.</param>
    /// <param name="Text">The instruction that may run old text, or null: a move violates.</param>
    /// <param name="Delayed">So many delayed issues lead there from the state.</param>
    private sealed record Find(int State, Instruction? Text, int Delayed);
}
