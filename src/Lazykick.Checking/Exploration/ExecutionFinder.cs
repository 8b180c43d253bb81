namespace Lazykick.Checking.Exploration;

/// <summary>
/// Among all shortest executions that lead to some states, finds one with the fewest steps in disorder, of these the
/// one with the fewest switches between CPUs, and of these the first when compared from the start, lower CPUs before
/// higher ones, then steps of lower rank before others (M23).
/// </summary>
internal sealed class ExecutionFinder<TMove>(IGraph<TMove> space)
    where TMove : struct, IStep
{
    // More than any number of switches.
    private const int Disorder = 1 << 16;

    private const int Unknown = -1;

    // There may be a state in ten on a shortest execution: no list grows here.
    private readonly Dictionary<int, (TMove Move, int Index)[]> _onward = [];

    /// <summary>By state: the costs after a move of each CPU, at the start first.</summary>
    private readonly Dictionary<int, int[]> _costs = [];

    /// <summary>Finds the execution.</summary>
    /// <param name="targets">States at the end.</param>
    /// <param name="endings">The steps by which the execution ends after a target, so that all are of one length; none
    /// if the target itself is the end.</param>
    public Execution<int, TMove> Find(IReadOnlyCollection<int> targets, Func<int, IReadOnlyList<TMove>> endings)
    {
        var byLevel = targets.ToLookup(t => Levels.Of(space.LevelStarts, t));
        var levels = new HashSet<int>[byLevel.Max(l => l.Key) + 1];
        for (var level = levels.Length - 1; level >= 0; level--)
        {
            var here = levels[level] = [.. byLevel[level]];
            foreach (var target in here)
                _onward[target] = [.. endings(target).Select(m => (m, -1))];
            var at = level;
            for (var i = space.LevelStarts[level]; level + 1 < levels.Length && i < space.LevelStarts[level + 1]; i++)
            {
                if (!space.LeadsTo(i, IsOnWay))
                    continue;
                (TMove, int)[] before = here.Add(i) ? [] : _onward[i];
                _onward[i] = [.. before, .. space.Successors(i).Where(m => IsOnWay(m.State, m.Move.Weight))];
            }

            bool IsOnWay(int state, int weight) => at + weight < levels.Length && levels[at + weight].Contains(state);
        }

        var next = levels[0];

        // From the end, so that the recursion is one level deep.
        foreach (var state in _onward.Keys.OrderDescending())
        {
            for (var cpu = 0; cpu < space.Cpus; cpu++)
                Cost(state, cpu);
        }

        var fewest = next.Min(s => Cost(s, -1));
        return Walk([.. next.Where(s => Cost(s, -1) == fewest).Order()]);
    }

    /// <summary>The fewest switches from a state to the end, after a move of a CPU (-1 at the start).</summary>
    private int Cost(int state, int cpu)
    {
        if (!_costs.TryGetValue(state, out var costs))
        {
            _costs[state] = costs = new int[space.Cpus + 1];
            Array.Fill(costs, Unknown);
        }

        if (costs[cpu + 1] == Unknown)
        {
            var moves = _onward[state];
            costs[cpu + 1] = moves.Length == 0 ? 0 : moves.Min(m => Through(cpu, m));
        }

        return costs[cpu + 1];
    }

    private int Through(int cpu, (TMove Move, int Index) to) =>
        (cpu >= 0 && to.Move.Cpu != cpu ? 1 : 0)
        + Disorder * to.Move.Disorder
        + (to.Index < 0 ? 0 : Cost(to.Index, to.Move.Cpu));

    /// <summary>
    /// Follows all best executions at once, as which of them has the lower CPU first may show only later.
    /// </summary>
    private Execution<int, TMove> Walk(List<int> front)
    {
        var layers = new List<Dictionary<int, (int From, TMove Move)>>();
        var cpu = -1;
        while (!front.Contains(-1))
        {
            var best = front
                .SelectMany(s =>
                    _onward[s].Where(w => Through(cpu, w) == Cost(s, cpu)).Select(w => (From: s, w.Move, w.Index))
                )
                .ToList();
            if (best.Count == 0)
                break;
            cpu = best.Min(w => w.Move.Cpu);
            var rank = best.Where(w => w.Move.Cpu == cpu).Min(w => w.Move.Rank);
            var layer = new Dictionary<int, (int From, TMove Move)>();
            foreach (var move in best.Where(w => w.Move.Cpu == cpu && w.Move.Rank == rank))
                layer.TryAdd(move.Index, (move.From, move.Move));
            layers.Add(layer);
            front = [.. layer.Keys];
        }

        // Executions of one length may have more or fewer steps: some may be under way when the first has ended.
        var last = front.Contains(-1) ? -1 : front[0];
        var at = last;
        var moves = new List<TMove>();
        for (var i = layers.Count - 1; i >= 0; i--)
        {
            (at, var move) = layers[i][at];
            moves.Add(move);
        }

        moves.Reverse();
        return new Execution<int, TMove>(at, moves, last >= 0 ? last : layers[^1][-1].From);
    }
}
