using System.Runtime.CompilerServices;
using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Properties;

namespace Lazykick.Checking.Machines;

/// <summary>
/// What the search of a scheme's space is asked for. It never stops at a violation: one search decides every property,
/// finds
/// every window and counts the space.
/// </summary>
internal sealed class SchemeSearch<T> : ISearchObserver<T, Successor<T>>
    where T : unmanaged, IPacked<T>
{
    private const int MaxWitnesses = 1 << 16;

    private readonly CompiledScheme _scheme;
    private readonly Machine<T> _machine;
    private readonly SearchControl _control;
    private readonly Explorer<T, Successor<T>> _explorer;
    private readonly StaleText<T>[] _staleText;
    private readonly List<(int State, Instruction? Text, bool AtMove)>[] _witnesses;
    private readonly int[] _witnessLevel;
    private readonly int _text;
    private readonly int _windows;
    private readonly int _return;
    private readonly List<int>[] _returns;
    private readonly bool[] _made;
    private readonly bool _takesAtOnce;
    private readonly uint[] _affected;

    public SchemeSearch(Machine<T> machine, SearchControl control)
    {
        _machine = machine;
        _control = control;
        _scheme = machine.Scheme;
        _explorer = new Explorer<T, Successor<T>>(machine, this, control);
        _staleText =
        [
            .. _scheme
                .Fields.Texts.SelectMany(t =>
                    Enumerable.Range(0, _scheme.Cpus.Length).Select(c => new StaleText<T>(_scheme.Fields.Layout, t, c))
                )
                .Where(t => t.CanBe),
        ];
        _text = _scheme.PropertyOf(S1Text.Name);
        _windows = _scheme.PropertyOf(S1Windows.Name);
        _return = _scheme.PropertyOf(S8Return.Name);
        _witnesses = [.. _scheme.Properties.Select(_ => new List<(int, Instruction?, bool)>())];
        _witnessLevel = [.. _scheme.Properties.Select(_ => int.MaxValue)];
        _returns = [.. _scheme.Cpus.Select(_ => new List<int>())];
        _made = new bool[machine.Moves.Count];
        _takesAtOnce = machine.TakesAtOnce;
        _affected = [.. machine.Moves.Select(machine.AffectedCpus)];
    }

    /// <summary>Searches the space.</summary>
    public Space Run()
    {
        _explorer.Run();
        if (_explorer.End == SearchEnd.Exhausted)
            CheckTermination();
        return Result();
    }

    void ISearchObserver<T, Successor<T>>.Begin(in T state, int index) => Look(state, index, 0, uint.MaxValue);

    void ISearchObserver<T, Successor<T>>.Found(in T state, int index, int level, in Successor<T> by) =>
        Look(state, index, level, _affected[by.Move.Id]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void ISearchObserver<T, Successor<T>>.Expanded(in T state, int index, int level, ReadOnlySpan<Successor<T>> moves)
    {
        foreach (ref readonly var successor in moves)
        {
            _made[successor.Move.Id] = _takesAtOnce;
            if (successor.Violations != 0)
                Violations(successor.Violations, index, level + 1);
            if (successor.Move.ReturnsKick)
                _returns[successor.Move.Instruction.Cpu].Add(index);
        }
    }

    /// <summary>S8 looks back from the returns of kicks.</summary>
    long ISearchObserver<T, Successor<T>>.BytesAfterwards(long states, long moves) =>
        BackwardReach.BytesFor(states, moves);

    /// <summary>
    /// Notes what holds in a new state: positions, windows. Of the CPUs that the move into it did not affect, all was
    /// noted in the state
    /// before, at a shorter length.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
            Witness(_windows, index, position.Instruction, false, level + 1);
            if (position.Instruction.IsOrdinary && !_machine.InEqs(state, text.Cpu))
                Witness(_text, index, position.Instruction, false, level + 1);
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
        if (property < 0)
            return;
        if (length < _witnessLevel[property])
        {
            _witnessLevel[property] = length;
            _witnesses[property].Clear();
        }

        if (length == _witnessLevel[property] && _witnesses[property].Count < MaxWitnesses)
            _witnesses[property].Add((index, text, atMove));
    }

    /// <summary>
    /// S8 (M20): every state with a kick in progress must reach its return over moves that are not free.
    /// </summary>
    private void CheckTermination()
    {
        for (var cpu = 0; cpu < _scheme.Cpus.Length; cpu++)
        {
            if (_returns[cpu].Count == 0 && !_machine.Moves.Any(m => m.ReturnsKick && m.Instruction.Cpu == cpu))
                continue;
            var inKick = new Predicate<T>(_scheme.Fields.Layout, new Value.Read(_scheme.Fields.Cpus[cpu].InKick));
            if (new BackwardReach(_explorer.Edges, _explorer.IsOver).Reaching(Returned(cpu, inKick)) is not { } reaches)
                return;
            for (var level = 0; level < _explorer.Levels; level++)
            {
                for (var i = _explorer.LevelStarts[level]; i < _explorer.LevelStarts[level + 1]; i++)
                {
                    if (!reaches[i] && inKick.Holds(States[i]) && AllSettled(States[i]))
                        Witness(_return, i, null, false, level);
                }

                if (_witnessLevel[_return] <= level)
                    break;
            }
        }
    }

    /// <summary>The states in which a CPU is in no kick, and nothing that it guessed can take that back.</summary>
    private List<int> Returned(int cpu, Predicate<T> inKick)
    {
        var states = new List<int>();
        for (var i = 0; i < States.Count; i++)
        {
            if (!inKick.Holds(States[i]) && _machine.IsSettled(States[i], cpu))
                states.Add(i);
        }

        return states;
    }

    private StateTable<T> States => _explorer.States;

    private bool AllSettled(in T state)
    {
        for (var cpu = 0; cpu < _scheme.Cpus.Length; cpu++)
        {
            if (!_machine.IsSettled(state, cpu))
                return false;
        }

        return true;
    }

    private bool IsTaken(Move move) => _made[move.Id] || _machine.HasTaken(move);

    private Space Result()
    {
        var positions = _machine
            .Positions.SelectMany(c => c)
            .SelectMany(l => l)
            .Where(p => p is not null)
            .Select(p => new PositionFacts(p.Instruction, p.InEqs || p.Watched, p.InEqs, p.Watched, p.Stale))
            .ToList();
        var space = new Space(_scheme.Properties.Count)
        {
            End = _explorer.End,
            States = States.Count,
            Transitions = _explorer.Edges.Count,
            Levels = _explorer.Levels,
            Bytes = _explorer.Bytes,
            Elapsed = _control.Elapsed,
            Positions = positions,
            NeverMade = [.. _machine.Moves.Where(m => !IsTaken(m))],
            WindowWasFull = _machine.WindowWasFull,
            KickReturned = _machine.Moves.Any(m => m.ReturnsKick && IsTaken(m)),
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
        var depth = _witnessLevel[property] - (property == _return ? 0 : 1);
        var way = _explorer.FindWay(
            [.. _witnesses[property].Select(w => w.State).Distinct()],
            depth,
            first.AtMove ? m => (m.Violations >> property & 1) != 0 : null
        );
        var last = first.AtMove ? null : _witnesses[property].First(w => w.State == way.Target).Text;
        return new Trace(Words(way.Start), [.. way.Moves.Select(m => (m.Move, Words(m.Next)))], last);
    }

    private ulong[] Words(in T state)
    {
        var words = new ulong[_scheme.Fields.Layout.Words];
        state.CopyTo(words);
        return words;
    }
}
