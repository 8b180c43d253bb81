using System.Runtime.CompilerServices;
using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Machines;

/// <summary>
/// Finds with several workers what follows the next states of a level, and enters it as one worker would: the numbers
/// of states are the same. Workers only read the memo: a state that meets something new is left to the caller, who asks
/// the machine.
/// </summary>
internal sealed class SharedExpansion<T>(PartSpace<T> space, Workers workers)
    where T : unmanaged, IPacked<T>
{
    /// <summary>Most states that are expanded together.</summary>
    public const int MostStates = 1 << 12;

    private const int Ahead = 16;

    private readonly KeyTable _states = space.States;
    private readonly PairSteps<T> _steps = space.Steps;
    private readonly SharedEntry _entry = new(space.States, workers);
    private readonly Segment[] _segments = [.. Enumerable.Range(0, workers.Count + 1).Select(_ => new Segment())];

    /// <summary>By state: where its successors are in its segment, and where they come to stand among all.</summary>
    private readonly Range[] _ranges = new Range[MostStates];
    private ulong[] _keys = [];
    private byte[] _weights = [];
    private int _first;
    private int _count;
    private uint _open;

    /// <summary>Successors that were found.</summary>
    public int Total { get; private set; }

    /// <summary>What is to be judged: states and CPUs, in order.</summary>
    public IEnumerable<(int State, int Cpu)> Judged =>
        _segments.SelectMany(s => s.Judged).Order().Select(j => (_first + j.State, j.Cpu));

    /// <summary>Finds the successors of the next states.</summary>
    /// <param name="first">Number of the first state.</param>
    /// <param name="count">How many; at most <see cref="MostStates"/>.</param>
    /// <param name="open">Properties of which a violation counts at the next level.</param>
    /// <returns>False: parts were met for which keys have no room.</returns>
    public bool TryExpand(int first, int count, uint open)
    {
        (_first, _count, _open) = (first, count, open);
        workers.Run(Follow);
        var rest = _segments[^1];
        rest.Clear();
        foreach (var state in _segments.SelectMany(s => s.Deferred).Order())
        {
            Follow(state, _segments.Length - 1, true);
            if (space.Memo.IsFull)
                return false;
        }

        Total = 0;
        for (var state = 0; state < count; state++)
        {
            _ranges[state].Place = Total;
            Total += _ranges[state].Count;
        }

        return true;
    }

    /// <summary>Enters the successors, and notes the policy of the states; there must be room for all.</summary>
    /// <param name="later">Called with the key and the weight of each that has no number and belongs to a later
    /// level.</param>
    public void Enter(Action<ulong, int> later)
    {
        if (_keys.Length < Total)
            (_keys, _weights) = (new ulong[2 * Total], new byte[2 * Total]);
        workers.Run(Collect);
        _entry.Enter(_keys, _weights, Total);
        space.Policy.MakeRoom(_count);
        workers.Run(NotePolicy);
        space.Policy.Extend(_count);
        if (!_steps.HasWeights)
            return;
        for (var place = 0; place < Total; place++)
        {
            if (_weights[place] > 1 && _entry.NumberAt(place) < 0)
                later(_keys[place], _weights[place]);
        }
    }

    /// <summary>Enters keys that have no state before them.</summary>
    public void Enter(ReadOnlySpan<ulong> keys)
    {
        if (_keys.Length < keys.Length)
            (_keys, _weights) = (new ulong[2 * keys.Length], new byte[2 * keys.Length]);
        keys.CopyTo(_keys);
        _weights.AsSpan(0, keys.Length).Fill(1);
        _entry.Enter(_keys, _weights, keys.Length);
    }

    private void Follow(int worker)
    {
        _segments[worker].Clear();
        var (from, to) = workers.ShareOf(worker, _count);
        for (var state = from; state < to; state++)
        {
            if (state + Ahead < to)
                _steps.Prefetch(_states.Keys[_first + state + Ahead]);
            if (!Follow(state, worker, false))
                _segments[worker].Deferred.Add(state);
        }
    }

    /// <summary>Finds the successors of a state.</summary>
    /// <returns>False: what follows is not known, and the machine may not be asked.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Follow(int state, int segment, bool mayAsk)
    {
        var into = _segments[segment];
        var key = _states.Keys[_first + state];
        var (begin, judged, policy) = (into.Count, into.Judged.Count, -1);
        for (var cpu = 0; cpu < space.Cpus; cpu++)
        {
            var pair = mayAsk ? _steps.PairOf(key, cpu) : _steps.FindPair(key, cpu);
            if (pair < 0)
                return Undo();
            var (start, end) = _steps.StepsOf(pair);
            into.MakeRoom(end - start);
            var chosen = -1;
            for (var step = start; step < end; step++)
            {
                var outcome = _steps.Make(key, cpu, step, mayAsk, out var target);
                if (outcome == StepOutcome.Unknown)
                    return Undo();
                if (outcome == StepOutcome.Refused)
                    continue;
                ref readonly var change = ref _steps.ChangeOf(step);
                if (chosen == -1 && !change.IsFree)
                    chosen = into.Count - begin;
                into.Keys[into.Count] = target;
                into.Weights[into.Count++] = change.Weight;
            }

            if (chosen != -1)
                policy = chosen;
            if (_steps.FactsOf(pair) is { } facts && ((facts.Violations & _open) != 0 || facts.IsOpen))
                into.Judged.Add((state, cpu));
        }

        _ranges[state] = new Range
        {
            Segment = segment,
            Begin = begin,
            Count = into.Count - begin,
            Policy = policy,
        };
        return true;

        bool Undo()
        {
            into.Count = begin;
            into.Judged.RemoveRange(judged, into.Judged.Count - judged);
            return false;
        }
    }

    private void Collect(int worker)
    {
        var (from, to) = workers.ShareOf(worker, _count);
        for (var state = from; state < to; state++)
        {
            ref readonly var range = ref _ranges[state];
            var segment = _segments[range.Segment];
            Array.Copy(segment.Keys, range.Begin, _keys, range.Place, range.Count);
            Array.Copy(segment.Weights, range.Begin, _weights, range.Place, range.Count);
        }
    }

    private void NotePolicy(int worker)
    {
        var (from, to) = workers.ShareOf(worker, _count);
        for (var state = from; state < to; state++)
        {
            ref readonly var range = ref _ranges[state];
            var number = range.Policy < 0 ? -1 : _entry.NumberAt(range.Place + range.Policy);
            space.Policy[_first + state] =
                number < 0 && range.Policy >= 0 ? PartSpace<T>.NotNumbered : number;
        }
    }

    private struct Range
    {
        public int Segment;
        public int Begin;
        public int Count;
        public int Policy;
        public int Place;
    }

    private sealed class Segment
    {
        public ulong[] Keys { get; private set; } = new ulong[1 << 12];

        public byte[] Weights { get; private set; } = new byte[1 << 12];

        public int Count { get; set; }

        /// <summary>States that meet something new.</summary>
        public List<int> Deferred { get; } = [];

        public List<(int State, int Cpu)> Judged { get; } = [];

        public void Clear()
        {
            Count = 0;
            Deferred.Clear();
            Judged.Clear();
        }

        public void MakeRoom(int items)
        {
            if (Count + items <= Keys.Length)
                return;
            var (keys, weights) = (Keys, Weights);
            Array.Resize(ref keys, 2 * (Count + items));
            Array.Resize(ref weights, 2 * (Count + items));
            (Keys, Weights) = (keys, weights);
        }
    }
}
