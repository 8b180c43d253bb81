using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>A test's machine as the explorer sees it: packs and unpacks the states.</summary>
internal sealed class LitmusTransitions<T> : ITransitions<T, LitmusMove<T>>
    where T : unmanaged, IState<T>
{
    private readonly LitmusMachine _machine;
    private readonly LitmusLayout _layout;
    private readonly ValueTable _values;
    private readonly int[] _state;
    private readonly ulong[] _words;
    private readonly Action<int[]> _add;
    private LitmusMove<T>[] _into = [];
    private int _count;

    internal LitmusTransitions(LitmusMachine machine, LitmusLayout layout, ValueTable values, int threads)
    {
        (_machine, _layout, _values, Cpus) = (machine, layout, values, threads);
        _state = new int[layout.Fields];
        _words = new ulong[layout.Words];
        _add = Add;
    }

    public int Cpus { get; }

    public bool IsInVain => _layout.Exceeded != LayoutLimit.None;

    public T[] InitialStates()
    {
        (_into, _count) = (new LitmusMove<T>[4], 0);
        _machine.Initial(_add);
        var states = new T[_count];
        for (var i = 0; i < states.Length; i++)
            states[i] = _into[i].Next;
        return states;
    }

    public int Expand(in T state, ref LitmusMove<T>[] into)
    {
        (_into, _count) = (into, 0);
        _machine.Successors(Unpack(state), _add);
        into = _into;
        return _count;
    }

    /// <summary>The numbers of a state; valid until the next call.</summary>
    internal int[] Unpack(in T state)
    {
        state.CopyTo(_words);
        _layout.Unpack(_words, _state);
        return _state;
    }

    /// <summary>What happened in an execution, from before its first state on.</summary>
    internal List<LitmusEvent> Events(Execution<T, LitmusMove<T>> execution)
    {
        var happened = new List<LitmusEvent>();
        var log = _machine.Log = [];
        var found = false;
        _machine.Initial(s => Note(s, execution.Start));
        var at = execution.Start;
        foreach (var move in execution.Moves)
        {
            found = false;
            log.Clear();
            _machine.Successors(Unpack(at), s => Note(s, move.Next, move.Cpu));
            at = move.Next;
        }

        _machine.Log = null;
        return happened;

        void Note(int[] state, in T wanted, int cpu = -1)
        {
            if (found || (cpu >= 0 && _machine.Mover != cpu) || !Pack(state).Equals(wanted))
                return;
            found = true;
            happened.AddRange(log);
        }
    }

    private void Add(int[] state)
    {
        if (_count == _into.Length)
            Array.Resize(ref _into, 2 * _count);
        _into[_count++] = new LitmusMove<T>(Pack(state), _machine.Mover);
    }

    private T Pack(int[] state)
    {
        if (_values.Count > 1 << _layout.ValueBits)
            _layout.Exceeded = LayoutLimit.Values;
        _layout.Pack(state, _words);
        return T.From(_words);
    }
}
