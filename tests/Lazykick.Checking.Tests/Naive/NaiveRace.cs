namespace Lazykick.Checking.Tests.Naive;

/// <summary>
/// The race that is to be shown (M23), as the CPUs that move one after the other: of all shortest ways to a violation
/// those with the fewest switches, and of those the one that is first when compared from the start, lower CPUs before
/// higher ones.
/// </summary>
/// <param name="depths">By state: moves from the start.</param>
/// <param name="moves">By state: where its moves lead and who makes them.</param>
internal sealed class NaiveRace(IReadOnlyList<int> depths, ILookup<int, (int To, int Cpu)> moves)
{
    private readonly Dictionary<(int State, int Last), int?> _switches = [];
    private Dictionary<int, int[]> _ends = [];

    /// <summary>The CPUs in order.</summary>
    /// <param name="ends">States at which it may end, all equally far from the start: with the CPU whose move is the
    /// violation, or -1 if the state is.</param>
    public IReadOnlyList<int> Find(IEnumerable<(int State, int Cpu)> ends)
    {
        _ends = ends.GroupBy(e => e.State).ToDictionary(g => g.Key, g => g.Select(e => e.Cpu).Distinct().ToArray());
        var last = -1;
        var starts = Enumerable
            .Range(0, depths.Count)
            .TakeWhile(s => depths[s] == 0)
            .Where(s => Switches(s, last) is not null)
            .ToList();
        var left = starts.Min(s => Switches(s, last)!.Value);
        var front = starts.Where(s => Switches(s, last) == left).ToHashSet();
        var race = new List<int>();
        while (true)
        {
            var ways = front.SelectMany(s => Ways(s, last)).Where(w => w.Switches == left).ToList();
            if (ways.Count == 0)
                return race;
            var cpu = ways.Min(w => w.Cpu);
            race.Add(cpu);
            left -= last >= 0 && cpu != last ? 1 : 0;
            last = cpu;
            front = [.. ways.Where(w => w.Cpu == cpu && w.To >= 0).Select(w => w.To)];
        }
    }

    /// <summary>The fewest switches from a state to an end; null if none can be reached in time.</summary>
    private int? Switches(int state, int last)
    {
        if (_switches.TryGetValue((state, last), out var known))
            return known;
        int? fewest = _ends.TryGetValue(state, out var ends) && ends.Contains(-1) ? 0 : null;
        foreach (var way in Ways(state, last))
            fewest = Math.Min(fewest ?? int.MaxValue, way.Switches);
        return _switches[(state, last)] = fewest;
    }

    private IEnumerable<(int Cpu, int To, int Switches)> Ways(int state, int last)
    {
        int Turn(int cpu) => last >= 0 && cpu != last ? 1 : 0;
        if (_ends.TryGetValue(state, out var ends))
            return ends.Where(c => c >= 0).Select(c => (c, -1, Turn(c)));
        return depths[state] >= depths[_ends.Keys.First()]
            ? []
            : moves[state]
                .Where(m => depths[m.To] == depths[state] + 1)
                .Select(m => (m.Cpu, m.To, Further: Switches(m.To, m.Cpu)))
                .Where(m => m.Further is not null)
                .Select(m => (m.Cpu, m.To, Turn(m.Cpu) + m.Further!.Value));
    }
}
