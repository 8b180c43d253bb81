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

    private readonly Dictionary<int, List<(TMove Move, int Index)>> _onward = [];
    private readonly Dictionary<(int State, int Cpu), int> _costs = [];

    /// <summary>Finds the execution.</summary>
    /// <param name="targets">States at the end, all at one depth.</param>
    /// <param name="depth">Their distance from the start.</param>
    /// <param name="last">Which move ends the execution after a target, or null if the target itself is the
    /// end.</param>
    public Execution<int, TMove> Find(IReadOnlyCollection<int> targets, int depth, Func<TMove, bool>? last)
    {
        var marked = targets.ToHashSet();
        foreach (var target in targets)
        {
            _onward[target] = last is null
                ? []
                : [.. space.Successors(target).Where(m => last(m.Move)).Select(m => (m.Move, -1))];
        }

        var next = marked;
        for (var level = depth - 1; level >= 0; level--)
        {
            var here = new HashSet<int>();
            for (var i = space.LevelStarts[level]; i < space.LevelStarts[level + 1]; i++)
            {
                if (!space.LeadsTo(i, next))
                    continue;
                here.Add(i);
                _onward[i] = [.. space.Successors(i).Where(m => next.Contains(m.State))];
            }

            next = here;
        }

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
        if (_costs.TryGetValue((state, cpu), out var known))
            return known;
        var moves = _onward[state];
        return _costs[(state, cpu)] = moves.Count == 0 ? 0 : moves.Min(m => Through(cpu, m));
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

        var at = front[0];
        var moves = new List<TMove>();
        for (var i = layers.Count - 1; i >= 0; i--)
        {
            (at, var move) = layers[i][at];
            moves.Add(move);
        }

        moves.Reverse();
        return new Execution<int, TMove>(at, moves, front[0] >= 0 ? front[0] : layers[^1][-1].From);
    }
}
