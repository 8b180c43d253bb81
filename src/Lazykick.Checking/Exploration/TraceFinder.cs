using Lazykick.Checking.Compilation;

namespace Lazykick.Checking.Exploration;

/// <summary>Among all shortest ways to some states, finds the one with the fewest switches between CPUs, then with the lowest CPU first (M23).</summary>
internal sealed class TraceFinder<T>(StateTable<T> states, IReadOnlyList<int> levelStarts, EdgeList edges, int cpus, Func<T, IEnumerable<(Move Move, T Next)>> successors)
    where T : unmanaged, IPacked<T>
{
    private readonly Dictionary<int, List<(Move Move, T Next, int Index)>> _onWay = [];
    private readonly Dictionary<(int State, int Cpu), (int Switches, int Choice)> _costs = [];

    /// <summary>Finds the way.</summary>
    /// <param name="targets">States at the end, all at one depth.</param>
    /// <param name="depth">Their distance from the start.</param>
    /// <param name="last">Moves that end the way after a target, or null if the target itself is the end.</param>
    public (IReadOnlyList<Move> Moves, IReadOnlyList<T> States, int End) Find(IReadOnlyCollection<int> targets, int depth, Func<T, IEnumerable<(Move Move, T Next)>>? last)
    {
        var marked = targets.ToHashSet();
        foreach (var target in targets)
            _onWay[target] = last is null ? [] : [.. last(states[target]).Select(m => (m.Move, m.Next, -1))];
        var next = marked;
        for (var level = depth - 1; level >= 0; level--)
        {
            var here = new HashSet<int>();
            for (var i = levelStarts[level]; i < levelStarts[level + 1]; i++)
            {
                if (LeadsTo(i, next))
                {
                    here.Add(i);
                    _onWay[i] = [.. successors(states[i]).Select(s => (s.Move, s.Next, states.Find(s.Next))).Where(s => next.Contains(s.Item3))];
                }
            }

            next = here;
        }

        // From the end, so that the recursion is one level deep.
        foreach (var state in _onWay.Keys.OrderDescending())
        {
            for (var cpu = 0; cpu < cpus; cpu++)
                Cost(state, cpu);
        }

        var start = next.OrderBy(s => Cost(s, -1).Switches).ThenBy(FirstMover).ThenBy(s => s).First();
        return Walk(start);
    }

    private int FirstMover(int state) => Cost(state, -1).Choice is var choice and >= 0 ? _onWay[state][choice].Move.Instruction.Cpu : -1;

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
            var mover = ways[w].Move.Instruction.Cpu;
            var switches = (cpu >= 0 && mover != cpu ? 1 : 0) + (ways[w].Index < 0 ? 0 : Cost(ways[w].Index, mover).Switches);
            if (switches < best.Switches || (switches == best.Switches && mover < ways[best.Choice].Move.Instruction.Cpu))
                best = (switches, w);
        }

        return _costs[(state, cpu)] = best;
    }

    private (IReadOnlyList<Move> Moves, IReadOnlyList<T> States, int End) Walk(int start)
    {
        var moves = new List<Move>();
        var path = new List<T> { states[start] };
        var at = start;
        var cpu = -1;
        while (true)
        {
            var choice = Cost(at, cpu).Choice;
            if (choice < 0)
                return (moves, path, at);
            var way = _onWay[at][choice];
            moves.Add(way.Move);
            path.Add(way.Next);
            cpu = way.Move.Instruction.Cpu;
            if (way.Index < 0)
                return (moves, path, at);
            at = way.Index;
        }
    }
}
