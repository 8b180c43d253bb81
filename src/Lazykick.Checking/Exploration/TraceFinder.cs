namespace Lazykick.Checking.Exploration;

/// <summary>Among all shortest ways to some states, finds the one with the fewest switches between CPUs, then with the lowest CPU first (M23).</summary>
internal sealed class TraceFinder<T, TMove>(ITransitions<T, TMove> machine, StateTable<T> states, IReadOnlyList<int> levelStarts, EdgeList edges)
    where T : unmanaged, IState<T>
    where TMove : struct, ITransition<T>
{
    private readonly Dictionary<int, List<(TMove Move, int Index)>> _onWay = [];
    private readonly Dictionary<(int State, int Cpu), (int Switches, int Choice)> _costs = [];

    /// <summary>Finds the way.</summary>
    /// <param name="targets">States at the end, all at one depth.</param>
    /// <param name="depth">Their distance from the start.</param>
    /// <param name="last">Which move ends the way after a target, or null if the target itself is the end.</param>
    public Way<T, TMove> Find(IReadOnlyCollection<int> targets, int depth, Func<TMove, bool>? last)
    {
        var marked = targets.ToHashSet();
        foreach (var target in targets)
            _onWay[target] = last is null ? [] : [.. Successors(target).Where(last).Select(m => (m, -1))];
        var next = marked;
        for (var level = depth - 1; level >= 0; level--)
        {
            var here = new HashSet<int>();
            for (var i = levelStarts[level]; i < levelStarts[level + 1]; i++)
            {
                if (LeadsTo(i, next))
                {
                    here.Add(i);
                    _onWay[i] = [.. Successors(i).Select(m => (Move: m, Index: states.Find(m.Next))).Where(m => next.Contains(m.Index))];
                }
            }

            next = here;
        }

        // From the end, so that the recursion is one level deep.
        foreach (var state in _onWay.Keys.OrderDescending())
        {
            for (var cpu = 0; cpu < machine.Cpus; cpu++)
                Cost(state, cpu);
        }

        var start = next.OrderBy(s => Cost(s, -1).Switches).ThenBy(FirstMover).ThenBy(s => s).First();
        return Walk(start);
    }

    private TMove[] Successors(int state)
    {
        var buffer = new TMove[16];
        var count = machine.Expand(states[state], ref buffer);
        return buffer[..count];
    }

    private int FirstMover(int state) => Cost(state, -1).Choice is var choice and >= 0 ? _onWay[state][choice].Move.Cpu : -1;

    private bool LeadsTo(int state, HashSet<int> targets)
    {
        for (var e = edges.StartOf(state); e < edges.StartOf(state + 1); e++)
        {
            if (targets.Contains(edges.TargetOf(e)))
                return true;
        }

        return false;
    }

    private (int Switches, int Choice) Cost(int state, int cpu)
    {
        if (_costs.TryGetValue((state, cpu), out var known))
            return known;
        var ways = _onWay[state];
        var best = (Switches: ways.Count == 0 ? 0 : int.MaxValue, Choice: -1);
        for (var w = 0; w < ways.Count; w++)
        {
            var mover = ways[w].Move.Cpu;
            var switches = (cpu >= 0 && mover != cpu ? 1 : 0) + (ways[w].Index < 0 ? 0 : Cost(ways[w].Index, mover).Switches);
            if (switches < best.Switches || (switches == best.Switches && mover < ways[best.Choice].Move.Cpu))
                best = (switches, w);
        }

        return _costs[(state, cpu)] = best;
    }

    private Way<T, TMove> Walk(int start)
    {
        var moves = new List<TMove>();
        var at = start;
        var cpu = -1;
        while (Cost(at, cpu).Choice is var choice and >= 0)
        {
            var (move, index) = _onWay[at][choice];
            moves.Add(move);
            cpu = move.Cpu;
            if (index < 0)
                break;
            at = index;
        }

        return new Way<T, TMove>(states[start], moves, at);
    }
}
