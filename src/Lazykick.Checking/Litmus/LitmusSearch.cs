using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus;

/// <summary>One search of a program's state space with one layout.</summary>
internal sealed class LitmusSearch
{
    private readonly LitmusProgram _program;
    private readonly LitmusLayout _layout;
    private readonly ValueTable _values;
    private readonly MemoryModel _model;
    private readonly LitmusOptions _options;
    private readonly LitmusMachine _machine;
    private readonly PackedStates _states;
    private readonly Dictionary<string, (LitmusFinalState State, int Index)> _finals = new(StringComparer.Ordinal);
    private readonly ulong[] _packed;
    private int _parent = -1;

    internal LitmusSearch(LitmusProgram program, LitmusLayout layout, ValueTable values, MemoryModel model, LitmusOptions options)
    {
        (_program, _layout, _values, _model, _options) = (program, layout, values, model, options);
        _machine = new LitmusMachine(program, layout, values, model, options.Reduced);
        _states = new PackedStates(layout.Words);
        _packed = new ulong[layout.Words];
    }

    /// <summary>Visits all states; false when more values turned up than the layout has room for.</summary>
    internal bool Run(CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var state = new int[_layout.Fields];
        var room = 1 << _layout.ValueBits;
        _machine.Initial(Add);
        for (var index = 0; index < _states.Count; index++)
        {
            if (_values.Count > room)
                return false;
            if ((index & 0xFFF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                _options.Progress?.Invoke(index, _states.Count - index, TimeProvider.System.GetElapsedTime(started));
            }
            _layout.Unpack(_states[index], state);
            _parent = index;
            if (_machine.IsFinal(state))
                AddFinal(state, index);
            else
                _machine.Successors(state, Add);
        }
        return _values.Count <= room;
    }

    internal LitmusResult Result() => new()
    {
        Test = _program.Test,
        Model = _model,
        Window = _layout.WindowSize,
        FinalStates = [.. _finals.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Value.State)],
        Explored = _states.Count,
        Execution = _options.Trace ? Replay() : null,
    };

    private void Add(int[] state)
    {
        _layout.Pack(state, _packed);
        if (_states.Add(_packed, _parent) && _states.Count > _options.MaxStates)
            throw new LitmusLimitException($"more than {_options.MaxStates} states");
    }

    private void AddFinal(int[] state, int index)
    {
        var outcome = _program.Outcome.Read(state, _program, _layout, _values);
        if (!_program.Outcome.Passes(outcome))
            return;
        var shown = new List<KeyValuePair<string, string>>();
        for (var i = 0; i < _program.Outcome.Targets.Count; i++)
            shown.Add(new(_program.Outcome.Targets[i].ToString(), _program.Show(outcome[i])));
        for (var i = 0; i < _program.Outcome.Faults.Count; i++)
        {
            var fault = _program.Outcome.Faults[i];
            if ((outcome[^1] & (1L << i)) != 0)
                shown.Add(new($"fault(P{fault.Cpu}{(fault.Label is null ? "" : ":" + fault.Label)})", fault.Kind ?? "any"));
        }
        var key = string.Concat(shown.Select(s => $"{s.Key}={s.Value}; "));
        if (!_finals.ContainsKey(key))
            _finals.Add(key, (new(shown, _program.Outcome.Holds(outcome)), index));
    }

    // Runs the path to a final state again, this time asking what happens.
    private List<LitmusEvent> Replay()
    {
        var wanted = _finals.Values.Where(f => f.State.Satisfies).Select(f => f.Index).DefaultIfEmpty(-1).Min();
        if (wanted < 0)
            wanted = _finals.Values.Select(f => f.Index).DefaultIfEmpty(-1).Min();
        var path = new Stack<int>();
        for (var i = wanted; i >= 0; i = _states.Parent(i))
            path.Push(i);
        var events = new List<LitmusEvent>();
        var current = new List<LitmusEvent>();
        var state = new int[_layout.Fields];
        var from = -1;
        foreach (var index in path)
        {
            List<LitmusEvent>? found = null;
            current.Clear();
            _machine.Log = current;
            void Compare(int[] successor)
            {
                _layout.Pack(successor, _packed);
                if (found is null && _states[index].SequenceEqual(_packed))
                    found = [.. current];
            }
            if (from < 0)
                _machine.Initial(Compare);
            else
            {
                _layout.Unpack(_states[from], state);
                _machine.Successors(state, s => Compare(s));
            }
            _machine.Log = null;
            events.AddRange(found ?? []);
            from = index;
        }
        return events;
    }
}
