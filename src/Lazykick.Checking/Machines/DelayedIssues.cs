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
        var nodes = new List<PairNode> { new(own, shared, memo.PairOf(cpu, own, shared), []) };
        var ways = Explore(cpu, nodes);
        var goesOn = new bool[nodes.Count];
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            var (start, end) = memo.StepsOf(node.Pair);
            for (var number = start; number < end; number++)
            {
                var move = memo.Move(number);
                if (!move.Ends(node) && (!move.IsDelayable || node.Way.Length < MostDelayed))
                    continue;
                var after = memo.AfterOf(number);
                Add(node.Way, number, after);
                goesOn[i] |= !move.Move.IsFree && memo.IsSettled(cpu, after.Own, after.Shared);
            }
        }

        AddEnds(nodes, ways, goesOn, [.. nodes.Select(n => memo.IsSettled(cpu, n.Own, n.Shared))]);
        HasDelayed |= nodes.Count > 1;
        _nodes.Add([.. nodes]);
        var added = AddPair(cpu, own, shared, first, Facts(nodes));
        if (!memo.IsFull)
            SetChanges(cpu, own, shared, added);
        return added;
    }

    /// <summary>Finds where moves that may be delayed lead, nearest first.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="nodes">Where the CPU is; gets the nodes.</param>
    /// <returns>Which nodes lead to which.</returns>
    private List<(int From, int To)> Explore(int cpu, List<PairNode> nodes)
    {
        var numbers = new Dictionary<(int, int), int> { [(nodes[0].Own, nodes[0].Shared)] = 0 };
        var ways = new List<(int From, int To)>();
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            if (node.Way.Length == MostDelayed)
                continue;
            var (start, end) = memo.StepsOf(node.Pair);
            for (var move = start; move < end; move++)
            {
                if (!memo.Move(move).IsDelayable)
                    continue;
                var after = memo.AfterOf(move);
                if (!numbers.TryGetValue(after, out var number))
                {
                    numbers[after] = number = nodes.Count;
                    var pair = memo.PairOf(cpu, after.Own, after.Shared);
                    nodes.Add(new PairNode(after.Own, after.Shared, pair, [.. node.Way, move]));
                }

                nodes[number].IsAfterIssue |= memo.Move(move).Kind == StepKind.DelayableIssue;
                ways.Add((i, number));
            }
        }

        return ways;
    }

    protected override StepOutcome Finish(int cpu, int step, bool mayAsk, ref ulong target) =>
        memo.End(cpu, _moves[step][^1], mayAsk, ref target);

    /// <summary>
    /// Adds steps to where a CPU without guesses can go no further but by free moves, or on a guess: nothing there
    /// would need what was delayed, and S8 asks of a CPU that stands there.
    /// </summary>
    private void AddEnds(List<PairNode> nodes, List<(int From, int To)> ways, bool[] goesOn, bool[] isSettled)
    {
        bool changed;
        do
        {
            changed = false;
            foreach (var (from, to) in ways)
            {
                changed |= goesOn[to] && !goesOn[from];
                goesOn[from] |= goesOn[to];
            }
        } while (changed);

        // Of those that lead to one another the last one will do.
        for (var i = 1; i < nodes.Count; i++)
        {
            if (isSettled[i] && !goesOn[i] && !ways.Exists(w => w.From == i && w.To > i && isSettled[w.To]))
                Add(nodes[i].Way[..^1], nodes[i].Way[^1], (nodes[i].Own, nodes[i].Shared));
        }
    }

    private void Add(int[] way, int move, (int Own, int Shared) after)
    {
        _moves.Add([.. way, move]);
        Add(after.Own, after.Shared, memo.ChangeOf(move) with { Weight = (byte)(way.Length + 1) });
    }

    private PairFacts<T>? Facts(List<PairNode> nodes)
    {
        var places = nodes
            .Where(n => memo.FactsOf(n.Pair) is not null)
            .SelectMany(n => memo.FactsOf(n.Pair)!.Places.Select(p => p with { Node = n }))
            .ToList();
        return places.Count == 0 ? null : new PairFacts<T>(places);
    }
}
