using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Moves;
using Lazykick.Checking.Properties;

namespace Lazykick.Checking.Machines;

/// <summary>
/// Searches the whole space of a scheme, breadth first over states as parts. It never stops at a violation: one search
/// decides every property, finds every window and counts the space.
/// </summary>
#pragma warning disable CA1001 // The workers end with the search.
internal sealed class SchemeSearch<T>
#pragma warning restore CA1001
    where T : unmanaged, IPacked<T>
{
    // Moves of so many states are found before any is entered: the slots of their successors are on the way into the
    // cache.
    private const int BatchStates = 32;
    private const int StatesBetweenChecks = 1 << 12;

    // Below, workers wait for one another longer than they work.
    private const int FewestTogether = 1 << 11;

    private readonly Machine<T> _machine;
    private readonly SearchControl _control;
    private readonly Func<Instruction, bool> _counts;
    private readonly SearchFocus _focus;
    private readonly PartSpace<T> _space;
    private readonly PairMemo<T> _memo;
    private readonly PairSteps<T> _steps;
    private readonly KeyTable _states;
    private readonly Witnesses _witnesses;
    private readonly int _return;
    private readonly int[] _pairs;
    private readonly int _cpus;
    private readonly int[] _ends;
    private readonly int _workers;
    private readonly Checkpoint? _checkpoint;
    private Workers? _team;
    private SharedExpansion<T>? _together;

    private readonly LaterStates _later = new(DelayedIssues<T>.MaxWeight);
    private Found[] _found = new Found[1 << 8];
    private long _transitions;
    private SearchEnd _end;
    private IReadOnlyList<DecisionFacts> _decisions = [];

    /// <summary>A search of a machine's space.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="control">Where it ends.</param>
    /// <param name="counts">Violations count only at these steps; null: at all.</param>
    /// <param name="focus">What of the space is searched; null: the whole.</param>
    /// <param name="reduction">By what the space is made smaller; null: by nothing.</param>
    /// <param name="workers">Threads; the answers are the same with any number.</param>
    /// <param name="order">A file for the order of the states; null: memory.</param>
    /// <param name="checkpoint">From where the search goes on; null: it begins.</param>
    public SchemeSearch(
        Machine<T> machine,
        SearchControl control,
        Func<Instruction, bool>? counts = null,
        SearchFocus? focus = null,
        Reduction? reduction = null,
        int workers = 1,
        string? order = null,
        Checkpoint? checkpoint = null
    )
    {
        // What ends at the first find ends where one worker would.
        _workers = focus is null || focus == SearchFocus.Nothing ? workers : 1;
        _counts = counts ?? (_ => true);
        (_machine, _control, _focus, _cpus) = (machine, control, focus ?? SearchFocus.Nothing, machine.Cpus);
        _space = new PartSpace<T>(
            machine,
            Math.Min(control.Limits.MaxStates, KeyTable.MaxCount) + (1 << 16),
            _focus.Takes,
            reduction ?? Reduction.None,
            order
        );
        _checkpoint = checkpoint;
        (_memo, _steps, _states) = (_space.Memo, _space.Steps, _space.States);
        _witnesses = new Witnesses(machine.Scheme.Properties.Count);
        _return = machine.Scheme.PropertyOf(S8Return.Name);
        _pairs = new int[BatchStates * _cpus];
        _ends = new int[BatchStates * _cpus];
    }

    private readonly record struct Found(ulong Target, ulong Mixed, bool IsFree, byte Weight);

    /// <summary>Searches the space.</summary>
    public Space Run()
    {
        try
        {
            Explore();
            if (_end == SearchEnd.Exhausted && _focus.Takes is null)
                CheckTermination();
        }
        finally
        {
            _team?.Dispose();
            _team = null;
        }

        if (_end == SearchEnd.Exhausted && _focus.Takes is null)
            _decisions = new DecisionReplay<T>(_space, _machine, IsOver).Run();
        if (_end == SearchEnd.Exhausted)
            _checkpoint?.Delete();
        return Result();
    }

    private void Explore()
    {
        var image = new SearchImage<T>(_machine, _space, _witnesses, _later);
        var (level, levelEnd, expanded) = (0, -1, 0);
        if (_checkpoint?.Load(reader => (level, levelEnd, expanded, _transitions) = image.Load(reader)) != true)
        {
            foreach (var state in _machine.InitialStates())
                Begin(state);
        }

        var nextCheck = expanded + StatesBetweenChecks;
        for (; (expanded < _states.Count || _later.Count > 0) && _end == SearchEnd.Exhausted; level++)
        {
            // A level that was begun before goes on.
            if (levelEnd < 0)
            {
                levelEnd = _states.Count;
                _space.LevelStarts.Add(expanded);
            }

            var open = _witnesses.OpenAt(level + 1);
            while (expanded < levelEnd)
            {
                var states = ExpandTogether(expanded, levelEnd - expanded, level, open);
                if (states == 0)
                {
                    states = Math.Min(BatchStates, levelEnd - expanded);
                    if ((_end = MakeRoom(Expand(expanded, states))) != SearchEnd.Exhausted)
                        break;
                    Enter(expanded, states, level, open);
                }

                expanded += states;
                if (_witnesses.HasAny(_focus.StopAt))
                {
                    _end = SearchEnd.Cancelled;
                    break;
                }

                if (expanded < nextCheck && _states.Count <= _control.Limits.MaxStates)
                    continue;
                nextCheck = expanded + StatesBetweenChecks;
                if (IsOver())
                    break;
                if (_checkpoint?.IsDue == true)
                    Keep();
                _control.Report(level, _states.Count, _states.Count - expanded, _space.Bytes);
            }

            if (_end != SearchEnd.Exhausted)
                Keep();
            if (_end == SearchEnd.Exhausted)
                _end = EnterLater(level + 1);
            levelEnd = -1;
        }

        // That what was kept for them was known by then leaves no levels behind.
        while (_space.LevelStarts.Count > 1 && _space.LevelStarts[^1] == _states.Count)
            _space.LevelStarts.RemoveAt(_space.LevelStarts.Count - 1);
        _space.LevelStarts.Add(expanded);

        void Keep() => _checkpoint?.Save(writer => image.Save(writer, new(level, levelEnd, expanded, _transitions)));
    }

    /// <summary>Expands many states of a level with all workers.</summary>
    /// <returns>How many; 0: few are left, or a limit is near, and they are expanded one after the other.</returns>
    private int ExpandTogether(int first, int left, int level, uint open)
    {
        if (_workers < 2 || left < FewestTogether)
            return 0;
        _together ??= new SharedExpansion<T>(_space, _team = new Workers(_workers));
        var states = Math.Min(SharedExpansion<T>.MostStates, left);
        while (!_together.TryExpand(first, states, open))
            Widen();
        if (
            _states.Count + _together.Total > _control.Limits.MaxStates
            || MakeRoom(_together.Total) != SearchEnd.Exhausted
        )
        {
            return 0;
        }

        _together.Enter((key, weight) => _later.Add(key, level + weight));
        _transitions += _together.Total;
        foreach (var (state, cpu) in _together.Judged)
        {
            var facts = _steps.FactsOf(_steps.PairOf(_states.Keys[state], cpu))!;
            if ((facts.Violations & open) != 0 || facts.IsOpen)
                Judge(state, cpu, facts, level + 1);
        }

        return states;
    }

    private void Begin(in T state)
    {
        var key = _space.KeyOf(state);
        if (_memo.IsFull)
        {
            Widen();
            key = _space.KeyOf(state);
        }

        if (!_states.HasRoomFor(1))
            _states.Grow();
        _states.Add(key, _states.Mix(key), out _);
    }

    /// <summary>Gives all keys another form, in which there is room for all parts.</summary>
    private void Widen()
    {
        _later.Reform(_space.Widen());
    }

    /// <summary>Enters the states of a level to which steps of several moves lead, as far as they are new.</summary>
    private SearchEnd EnterLater(int level)
    {
        var keys = _later.Of(level);
        var end = SearchEnd.Exhausted;
        var i = 0;
        for (var shared = CountTogether(keys.Count); i < shared; i += SharedExpansion<T>.MostStates)
        {
            var some = CollectionsMarshal.AsSpan(keys)[i..];
            some = some[..Math.Min(some.Length, SharedExpansion<T>.MostStates)];
            if (MakeRoom(some.Length) != SearchEnd.Exhausted)
                break;
            _together!.Enter(some);
        }

        for (; i < keys.Count && end == SearchEnd.Exhausted; i++)
        {
            if (i % StatesBetweenChecks == 0)
                end = MakeRoom(StatesBetweenChecks);
            if (_states.Count > _control.Limits.MaxStates)
                end = SearchEnd.StateLimit;
            if (end == SearchEnd.Exhausted)
                _states.Add(keys[i], _states.Mix(keys[i]), out _);
        }

        _later.Clear(level);
        return end;
    }

    /// <summary>How many keys of a level workers may enter together.</summary>
    private int CountTogether(int keys) =>
        _together is null || keys < FewestTogether || _states.Count + keys > _control.Limits.MaxStates ? 0 : keys;

    /// <summary>
    /// Finds the successors of the next states; again, if parts were met for which keys have no room.
    /// </summary>
    /// <returns>How many there are.</returns>
    private int Expand(int first, int states)
    {
        while (true)
        {
            Meet(first, states);
            var total = _memo.IsFull ? 0 : Follow(first, states);
            if (!_memo.IsFull)
                return total;
            Widen();
        }
    }

    /// <summary>Finds the pairs of states; those that are new are asked of the machine.</summary>
    private void Meet(int first, int states)
    {
        for (var s = 0; s < states; s++)
            _steps.Prefetch(_states.Keys[first + s]);
        for (var s = 0; s < states; s++)
        {
            var key = _states.Keys[first + s];
            for (var cpu = 0; cpu < _cpus; cpu++)
                _pairs[s * _cpus + cpu] = _steps.PairOf(key, cpu);
        }
    }

    private int Follow(int first, int states)
    {
        var total = 0;
        for (var s = 0; s < states; s++)
        {
            var key = _states.Keys[first + s];
            for (var cpu = 0; cpu < _cpus; cpu++)
            {
                var (start, end) = _steps.StepsOf(_pairs[s * _cpus + cpu]);
                if (total + end - start > _found.Length)
                    Array.Resize(ref _found, 2 * (total + end - start));
                for (var step = start; step < end; step++)
                {
                    if (!_steps.TryMake(key, cpu, step, out var target))
                        continue;
                    var mixed = _states.Mix(target);
                    _states.Prefetch(mixed);
                    ref readonly var change = ref _steps.ChangeOf(step);
                    _found[total++] = new Found(target, mixed, change.IsFree, change.Weight);
                }

                _ends[s * _cpus + cpu] = total;
            }
        }

        return total;
    }

    /// <summary>Enters the successors that were found, and judges what is to be judged.</summary>
    private void Enter(int first, int states, int level, uint open)
    {
        var total = 0;
        for (var s = 0; s < states; s++)
        {
            var policy = -1;
            for (var cpu = 0; cpu < _cpus; cpu++)
            {
                var pair = _pairs[s * _cpus + cpu];
                if (_steps.FactsOf(pair) is { } facts && ((facts.Violations & open) != 0 || facts.IsOpen))
                    Judge(first + s, cpu, facts, level + 1);
                var chosen = -1;
                for (var end = _ends[s * _cpus + cpu]; total < end; total++)
                {
                    ref readonly var found = ref _found[total];
                    var target =
                        found.Weight == 1 ? _states.Add(found.Target, found.Mixed, out _) : Later(found, level);
                    if (chosen == -1 && !found.IsFree)
                        chosen = target;
                }

                if (chosen != -1)
                    policy = chosen;
            }

            _space.Policy.Add(policy);
        }

        _transitions += total;
    }

    /// <summary>The number of a state to which a step of several moves leads; if it has none, it is kept.</summary>
    private int Later(in Found found, int level)
    {
        var number = _states.Find(found.Target, found.Mixed);
        if (number >= 0)
            return number;
        _later.Add(found.Target, level + found.Weight);
        return PartSpace<T>.NotNumbered;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Judge(int state, int cpu, PairFacts<T> facts, int length)
    {
        foreach (var place in facts.Places)
        {
            var delayed = place.Node.Way.Length;
            var key = delayed == 0 ? _states.Keys[state] : _steps.KeyAt(_states.Keys[state], cpu, place.Node);
            Judge(state, key, cpu, place, length + delayed);
        }

        facts.Close();
    }

    private void Judge(int state, ulong key, int cpu, JudgedPlace<T> place, int length)
    {
        var isSettled = _space.AllSettled(key);
        if (place.Stale != 0 && isSettled)
        {
            place.Position.Stale = true;
            if (_counts(place.Position.Instruction))
                _witnesses.Add(place.Stale, new Witness(state, place.Position.Instruction, false), length);
        }

        var (start, end) = _memo.StepsOf(place.Node.Pair);
        for (var i = start; i < end; i++)
        {
            var move = _memo.Move(i);
            var counted = isSettled ? move.Violations : move.Violations & ~move.IfSettled;
            if (
                counted != 0
                && move.Ends(place.Node)
                && _counts(move.Move.Instruction)
                && _memo.TryMake(key, cpu, i, out _)
            )
            {
                _witnesses.Add(counted, new Witness(state, null, true), length);
            }
        }
    }

    /// <summary>Makes room for so many new states, unless that goes beyond a limit.</summary>
    private SearchEnd MakeRoom(int states)
    {
        if (_states.Count > KeyTable.MaxCount - states)
            return SearchEnd.StateLimit;
        while (!_states.HasRoomFor(states))
        {
            if (_space.Bytes + _states.GrowthBytes > _control.Limits.MaxBytes)
                return SearchEnd.MemoryLimit;
            _states.Grow();
        }

        return SearchEnd.Exhausted;
    }

    /// <summary>Must the work end at a limit?</summary>
    private bool IsOver()
    {
        var bytes = _space.Bytes + Termination<T>.BytesFor(_states.Count) + _later.Count * sizeof(ulong);
        _end = _control.Check(_states.Count, bytes);
        return _end != SearchEnd.Exhausted;
    }

    /// <summary>
    /// S8 (M20): every state with a kick in progress must reach its return over moves that are not free.
    /// </summary>
    private void CheckTermination()
    {
        for (var cpu = 0; cpu < _cpus && _end == SearchEnd.Exhausted; cpu++)
        {
            if (_machine.Moves.Any(m => m.ReturnsKick && m.Instruction.Cpu == cpu))
                CheckTermination(cpu);
        }
    }

    private void CheckTermination(int kicker)
    {
        var inKick = _space.Ask(_machine.Scheme.Fields.Cpus[kicker].InKick);
        inKick.AnswerAll();
        _space.AnswerAll();
        foreach (var state in new Termination<T>(_space, _team, IsOver).NotReaching(IsReturned, IsAsked) ?? [])
            _witnesses.Add(1u << _return, new Witness(state, null, false), _space.LevelOf(state));

        bool IsAsked(ulong key) => inKick.Of(key, _memo.Layout) && _space.AllSettled(key);

        // Nothing that the CPU guessed may take the return back.
        bool IsReturned(ulong key) => !inKick.Of(key, _memo.Layout) && _space.IsSettled(key, kicker);
    }

    private Space Result()
    {
        var space = new Space(_machine.Scheme.Properties.Count)
        {
            End = _end,
            States = _states.Count,
            Transitions = _transitions,
            Levels = _space.Levels,
            Bytes = _space.Bytes,
            Elapsed = _control.Elapsed,
            Positions = [.. _machine.AllPositions.Select(p => p.Facts)],
            NeverMade = [.. _machine.Moves.Where(m => !_memo.Judge.IsTaken(m))],
            WindowWasFull = _machine.WindowWasFull,
            KickReturned = _machine.Moves.Any(m => m.ReturnsKick && _memo.Judge.IsTaken(m)),
            Execution = FindExecution,
            Decisions = _decisions,
            Reductions = _space.Reductions,
        };
        for (var property = 0; property < space.Shortest.Length; property++)
        {
            if (_witnesses.LengthOf(property) is < int.MaxValue and var length)
                space.Shortest[property] = length;
        }

        return space;
    }

    /// <summary>The race that is shown (M23).</summary>
    private SchemeExecution? FindExecution(int property)
    {
        var ends = _witnesses.Of(property);
        if (ends.Count == 0)
            return null;
        // That the old instruction runs counts as a move, and is none.
        var length = _witnesses.LengthOf(property) - (ends[0].Text is null ? 0 : 1);
        var found = new ExecutionFinder<SpaceStep>(_space).Find([.. ends.Select(w => w.State).Distinct()], Endings);
        var execution = _space.Unfold(_states.Keys[found.Start], found.Moves);
        return execution with
        {
            Last = ends[0].AtMove
                ? null
                : (found.Moves.Count > 0 ? found.Moves[^1] : default).OldText
                    ?? ends.First(w => w.State == found.Target).Text,
            Stuck = property == _return ? new StuckState<T>(_space).From(found.Target) : null,
        };

        IReadOnlyList<SpaceStep> Endings(int state)
        {
            var left = length - _space.LevelOf(state);
            return ends[0].AtMove
                ?
                [
                    .. _space
                        .Successors(state)
                        .Select(s => s.Move)
                        .Where(m =>
                            m.Weight == left
                            && (m.Violations >> property & 1) != 0
                            && _counts(m.Move.Instruction)
                        ),
                ]
                : _space.StepsToOldText(_states.Keys[state], left, property, _counts);
        }
    }
}
