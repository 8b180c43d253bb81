using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Machines;

/// <summary>
/// Lazy issue: a move that nobody but its CPU notices is made only in the step that needs it: the one in which its
/// access, or a younger one, takes place, or in which the CPU goes on to something that others see. What lies between
/// is looked at, and not kept. docs/design/reductions.md proves that this changes no answer.
/// </summary>
/// <param name="memo">Every move on its own.</param>
/// <param name="cpus">Number of CPUs.</param>
internal sealed class DelayedIssues<T>(PairMemo<T> memo, int cpus) : PairSteps<T>(cpus, memo.Layout)
    where T : unmanaged, IPacked<T>
{
    // So many are made as one step. Beyond, an issue is a step of its own, which is always right.
    private const int MostDelayed = 30;

    private readonly List<int[]> _moves = [];
    private readonly List<PairNode[]> _nodes = [];

    // Of the pair that is filled; kept, as there are hundreds of thousands of pairs.
    private readonly List<PairNode> _places = [];
    private readonly List<(int From, int To)> _ways = [];
    private readonly Dictionary<(int, int), int> _numbers = [];
    private bool[] _goesOn = [];
    private bool[] _isSettled = [];

    /// <summary>Most moves that a step stands for.</summary>
    public const int MaxWeight = MostDelayed + 1;

    /// <summary>Some issue was delayed.</summary>
    public bool HasDelayed { get; private set; }

    public override bool HasWeights => HasDelayed;

    public override ReadOnlySpan<int> MovesOf(int step) => _moves[step];

    public override IReadOnlyList<PairNode> NodesOf(int pair) => _nodes[pair];

    /// <summary>Has the layout of the memo from now on.</summary>
    public void Widen() => Use(memo.Layout);

    public override void Load(BinaryReader reader)
    {
        Use(memo.Layout);
        base.Load(reader);
    }

    protected override int Fill(int cpu, int own, int shared)
    {
        var first = Steps;
        Explore(cpu, new PairNode(own, shared, memo.PairOf(cpu, own, shared), []));
        var count = _places.Count;
        if (_goesOn.Length < count)
            (_goesOn, _isSettled) = (new bool[2 * count], new bool[2 * count]);
        for (var i = 0; i < count; i++)
        {
            var node = _places[i];
            _goesOn[i] = false;
            _isSettled[i] = memo.IsSettled(cpu, node.Own, node.Shared);
            var (start, end) = memo.StepsOf(node.Pair);
            for (var number = start; number < end; number++)
            {
                var move = memo.Move(number);
                if (!move.Ends(node) && (!move.IsDelayable || node.Way.Length < MostDelayed))
                    continue;
                var after = memo.AfterOf(number);
                Add(node.Way, number, after);
                _goesOn[i] |= !move.Move.IsFree && memo.IsSettled(cpu, after.Own, after.Shared);
            }
        }

        AddEnds();
        HasDelayed |= count > 1;
        _nodes.Add([.. _places]);
        var added = AddPair(cpu, own, shared, first, Facts());
        if (!memo.IsFull)
            SetChanges(cpu, own, shared, added);
        return added;
    }

    /// <summary>
    /// Finds where moves that may be delayed lead, nearest first, and which places lead to which.
    /// </summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="start">Where the CPU is.</param>
    private void Explore(int cpu, PairNode start)
    {
        _places.Clear();
        _ways.Clear();
        _numbers.Clear();
        _places.Add(start);
        _numbers[(start.Own, start.Shared)] = 0;
        for (var i = 0; i < _places.Count; i++)
        {
            var node = _places[i];
            if (node.Way.Length == MostDelayed)
                continue;
            var (begin, end) = memo.StepsOf(node.Pair);
            for (var move = begin; move < end; move++)
            {
                if (!memo.Move(move).IsDelayable)
                    continue;
                var after = memo.AfterOf(move);
                if (!_numbers.TryGetValue(after, out var number))
                {
                    _numbers[after] = number = _places.Count;
                    var pair = memo.PairOf(cpu, after.Own, after.Shared);
                    _places.Add(new PairNode(after.Own, after.Shared, pair, [.. node.Way, move]));
                }

                _places[number].IsAfterIssue |= memo.Move(move).Kind == StepKind.DelayableIssue;
                _ways.Add((i, number));
            }
        }
    }

    protected override StepOutcome Finish(int cpu, int step, bool mayAsk, ref ulong target) =>
        memo.End(cpu, _moves[step][^1], mayAsk, ref target);

    /// <summary>
    /// Adds steps to where a CPU without guesses can go no further but by free moves, or on a guess: nothing there
    /// would need what was delayed, and S8 asks of a CPU that stands there.
    /// </summary>
    private void AddEnds()
    {
        bool changed;
        do
        {
            changed = false;
            foreach (var (from, to) in _ways)
            {
                changed |= _goesOn[to] && !_goesOn[from];
                _goesOn[from] |= _goesOn[to];
            }
        } while (changed);

        // Of those that lead to one another the last one will do.
        for (var i = 1; i < _places.Count; i++)
        {
            if (_isSettled[i] && !_goesOn[i] && !LeadsOn(i))
                Add(_places[i].Way[..^1], _places[i].Way[^1], (_places[i].Own, _places[i].Shared));
        }
    }

    private bool LeadsOn(int place)
    {
        foreach (var (from, to) in _ways)
        {
            if (from == place && to > place && _isSettled[to])
                return true;
        }

        return false;
    }

    private void Add(int[] way, int move, (int Own, int Shared) after)
    {
        _moves.Add([.. way, move]);
        Add(after.Own, after.Shared, memo.ChangeOf(move) with { Weight = (byte)(way.Length + 1) });
    }

    private PairFacts<T>? Facts()
    {
        List<JudgedPlace<T>>? judged = null;
        foreach (var node in _places)
        {
            foreach (var place in memo.FactsOf(node.Pair)?.Places ?? [])
                (judged ??= []).Add(place with { Node = node });
        }

        return judged is null ? null : new PairFacts<T>([.. judged]);
    }
}
