using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>
/// A second reading of docs/reference/machine.md, to hold the product's engine against: breadth-first over unpacked
/// states, with nothing compiled and nothing shared below the syntax tree.
/// </summary>
internal sealed class NaiveChecker
{
    private static readonly string[] s_properties = ["S1", "S1.windows", "S5a", "S5b", "S6", "S7", "S8"];

    private readonly NaiveMachine _machine;
    private readonly int _maxStates;
    private readonly Dictionary<NaiveState, int> _numbers = [];
    private readonly List<NaiveState> _states = [];
    private readonly List<int> _depths = [];
    private readonly List<Edge> _edges = [];
    private readonly Dictionary<string, int?> _verdicts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(int State, int Cpu)>> _ends = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NaiveWindow> _positions = new(StringComparer.Ordinal);
    private readonly HashSet<(string Role, string Position)> _taken = [];

    private NaiveChecker(NaiveMachine machine, int maxStates)
    {
        _machine = machine;
        _maxStates = maxStates;
    }

    private readonly record struct Edge(int From, int To, bool IsFree, sbyte Cpu, bool ReturnsKick);

    /// <summary>Explores a scheme under sequentially consistent memory.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="knobs">Values of knobs that differ from their defaults, as indices.</param>
    /// <param name="cpus">Number of CPUs.</param>
    /// <param name="maxStates">More states than this end the search.</param>
    public static NaiveResult Run(
        Scheme scheme,
        IReadOnlyDictionary<string, int> knobs,
        int cpus,
        int maxStates = 2_000_000
    ) => Run(scheme, knobs, cpus, maxStates, () => new StaleBits(0, cpus, 0, false, false, false));

    /// <summary>
    /// The same with sets of versions in place of the stale bit (M21), for a limited number of writes to each location.
    /// </summary>
    public static NaiveResult RunWithVersions(
        Scheme scheme,
        IReadOnlyDictionary<string, int> knobs,
        int cpus,
        int writes,
        int maxStates = 2_000_000
    ) => Run(scheme, knobs, cpus, maxStates, () => VersionSets.Initial(cpus, writes));

    private static NaiveResult Run(
        Scheme scheme,
        IReadOnlyDictionary<string, int> knobs,
        int cpus,
        int maxStates,
        Func<TextCell> newText
    )
    {
        var checker = new NaiveChecker(new NaiveMachine(scheme, knobs, cpus, newText), maxStates);
        foreach (
            var property in s_properties
                .Concat(["S2", "S3", "S4", "S9"])
                .Concat(NaiveMachine.AllSteps(scheme).OfType<AssertStep>().Select(a => a.Property))
        )
        {
            checker._verdicts[property] = null;
        }

        return checker.Explore();
    }

    private NaiveResult Explore()
    {
        foreach (var start in _machine.Starts())
            Number(start, 0);
        if (_states.Count == 0)
            throw new NaiveSchemeException(_machine.Values.Span, "some CPU starts nowhere with these knobs");
        for (var current = 0; current < _states.Count && _states.Count <= _maxStates; current++)
            Visit(current);
        var gaveUp = _states.Count > _maxStates;
        if (!gaveUp)
            FindDeadEnds();
        return new NaiveResult
        {
            States = _states.Count,
            Moves = _edges.Count,
            Depth = _depths[^1],
            GaveUp = gaveUp,
            Verdicts = _verdicts,
            Races = gaveUp ? new Dictionary<string, IReadOnlyList<int>>() : Races(),
            Positions = [.. _positions.Values.OrderBy(p => p.Position, StringComparer.Ordinal)],
            Steps =
            [
                .. Enumerable
                    .Range(0, _states[0].Cpus.Count)
                    .SelectMany(c => _machine.PossibleSteps(c).Select(s => (Role: _machine.RoleOf(c), Position: s)))
                    .Distinct()
                    .Select(s => new NaiveStep(s.Role, s.Position, _taken.Contains(s)))
                    .OrderBy(s => s.Position, StringComparer.Ordinal),
            ],
            KickReturns = _edges.Exists(e => e.ReturnsKick),
        };
    }

    private void Visit(int current)
    {
        var (state, depth) = (_states[current], _depths[current]);
        foreach (var standing in _machine.Standings(state))
        {
            var role = _machine.RoleOf(standing.Cpu);
            var key = $"{role}: {standing.Path}: {standing.Position}";
            _positions.TryGetValue(key, out var seen);
            _positions[key] = new NaiveWindow(
                role,
                standing.Path,
                standing.Line,
                standing.Position,
                standing.IsStale || seen is { IsStale: true },
                standing.IsEqs || seen is { IsEqs: true }
            );
            if (standing.IsStale)
                Violate("S1.windows", depth + 1, current, -1);
            if (standing is { IsStale: true, IsOrdinary: true, IsEqs: false })
                Violate("S1", depth + 1, current, -1);
        }

        foreach (var move in _machine.Moves(state))
        {
            _taken.Add((_machine.RoleOf(move.Cpu), move.Step));
            foreach (var property in move.Violated)
                Violate(property, depth + 1, current, move.Cpu);
            _edges.Add(
                new Edge(current, Number(move.Target, depth + 1), move.IsFree, (sbyte)move.Cpu, move.ReturnsKick)
            );
        }
    }

    private int Number(NaiveState state, int depth)
    {
        if (_numbers.TryGetValue(state, out var number))
            return number;
        _numbers[state] = _states.Count;
        _states.Add(state);
        _depths.Add(depth);
        return _states.Count - 1;
    }

    private void Violate(string property, int length, int state, int cpu)
    {
        if (_verdicts.TryGetValue(property, out var shortest) && shortest < length)
            return;
        if (shortest != length)
            _ends[property] = [];
        _verdicts[property] = length;
        _ends[property].Add((state, cpu));
    }

    private Dictionary<string, IReadOnlyList<int>> Races()
    {
        var moves = _edges.ToLookup(e => e.From, e => (e.To, (int)e.Cpu));
        return _ends.ToDictionary(e => e.Key, e => new NaiveRace(_depths, moves).Find(e.Value), StringComparer.Ordinal);
    }

    /// <summary>S8 (M20): the nearest state in which some kick is in progress whose return needs a free move.</summary>
    private void FindDeadEnds()
    {
        var into = _edges.Where(e => !e.IsFree).ToLookup(e => e.To);
        for (var cpu = 0; cpu < _states[0].Cpus.Count; cpu++)
        {
            bool IsKicking(int state) => _states[state].Cpus[cpu].Top?.Kick is not null;
            var good = _edges.Where(e => e.Cpu == cpu && e.ReturnsKick).Select(e => e.From).ToHashSet();
            var queue = new Queue<int>(good);
            while (queue.TryDequeue(out var state))
            {
                foreach (var edge in into[state].Where(e => IsKicking(e.From) && good.Add(e.From)))
                    queue.Enqueue(edge.From);
            }

            foreach (var state in Enumerable.Range(0, _states.Count).Where(s => IsKicking(s) && !good.Contains(s)))
                Violate("S8", _depths[state], state, -1);
        }
    }
}
