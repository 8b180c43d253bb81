using Lazykick.Checking.Memory;
using Lazykick.Checking.Tests.Axiomatic.Relations;

namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>
/// All final states that a model allows, by brute force over which write each read takes its value from and in which
/// order the writes of a location are. Shares nothing with the machine but the program: the models are relations over
/// effects.
/// </summary>
internal sealed class Enumerator(StraightProgram program, MemoryModel model, CacheType cache = CacheType.None)
{
    private readonly SortedSet<string> _outcomes = new(StringComparer.Ordinal);
    private EffectGraph _graph = new();
    private IModel _axioms = null!;
    private int[] _readsFrom = [];
    private int[] _rank = [];
    private List<int[]> _coherence = [];

    internal SortedSet<string> Run()
    {
        var choices = EffectGraphBuilder.Choices(program);
        for (var decisions = 0u; decisions < 1u << choices; decisions++)
        {
            _graph = EffectGraphBuilder.Build(program, decisions);
            _axioms = model switch
            {
                MemoryModel.Arm => new ArmModel(_graph, cache),
                MemoryModel.Tso => new TsoModel(_graph),
                _ => new ScModel(_graph),
            };
            _readsFrom = Enumerable.Repeat(-1, _graph.Size).ToArray();
            _rank = new int[_graph.Size];
            ChooseCoherence(0, []);
        }

        return _outcomes;
    }

    private void ChooseCoherence(int location, List<int[]> chosen)
    {
        if (location == program.AllLocations)
        {
            _coherence = chosen;
            ChooseReads(0);
            return;
        }

        var writes = Enumerable
            .Range(0, _graph.Size)
            .Where(e =>
                _graph.Effects[e].IsWrite && _graph.Effects[e].Location == location && _graph.Effects[e].Thread >= 0
            )
            .ToArray();
        foreach (var order in Permutations(writes))
        {
            if (!KeepsProgramOrder(order))
                continue;
            // The initial write of a location is the effect with the location's number.
            int[] full = [location, .. order];
            for (var i = 0; i < full.Length; i++)
                _rank[full[i]] = i;
            ChooseCoherence(location + 1, [.. chosen, full]);
        }
    }

    // coWW: internal visibility, write to write.
    private bool KeepsProgramOrder(int[] order)
    {
        for (var i = 0; i < order.Length; i++)
        {
            for (var j = i + 1; j < order.Length; j++)
            {
                if (_graph.ProgramOrder[order[j], order[i]])
                    return false;
            }
        }

        return true;
    }

    private static IEnumerable<int[]> Permutations(int[] items)
    {
        if (items.Length <= 1)
        {
            yield return items;
            yield break;
        }

        for (var i = 0; i < items.Length; i++)
        {
            var rest = items.Where((_, j) => j != i).ToArray();
            foreach (var tail in Permutations(rest))
                yield return [items[i], .. tail];
        }
    }

    private void ChooseReads(int effect)
    {
        if (effect == _graph.Size)
        {
            if (Outcome() is not { } outcome || _outcomes.Contains(outcome))
                return;
            if (_axioms.Admits(new Execution(_graph, _readsFrom, _rank)))
                _outcomes.Add(outcome);
            return;
        }

        var read = _graph.Effects[effect];
        if (!read.IsRead)
        {
            ChooseReads(effect + 1);
            return;
        }

        foreach (var write in _coherence[read.Location])
        {
            _readsFrom[effect] = write;
            if (read.Kind == EffectKind.Fetch || IsInternallyVisible(effect))
                ChooseReads(effect + 1);
        }
    }

    // coRW1 and coWR: a read returns nothing that its thread writes later, and nothing older than what its thread wrote
    // before.
    private bool IsInternallyVisible(int read)
    {
        var source = _readsFrom[read];
        if (_graph.ProgramOrder[read, source] || _graph.AtomicPairs.Contains((read, source)))
            return false;
        foreach (var write in _coherence[_graph.Effects[read].Location])
        {
            if (_graph.ProgramOrder[write, read] && _rank[write] > _rank[source])
                return false;
        }

        return true;
    }

    // Null where the values are not those of the decisions.
    private string? Outcome()
    {
        var values = new Values(_graph, _readsFrom);
        if (!_graph.Conditions.TrueForAll(holds => holds(values)))
            return null;
        var shown = new List<string>();
        for (var thread = 0; thread < program.Threads.Count; thread++)
        {
            foreach (var register in program.Threads[thread].Select(o => o.Result).Where(r => r >= 0).Distinct())
            {
                var value = _graph.Finals.TryGetValue((thread, register), out var write) ? values[write] : 0;
                if (value is null)
                    return null;
                shown.Add($"{LitmusWriter.Key(thread, register, model == MemoryModel.Arm)}={value}");
            }
        }

        for (var location = 0; location < program.Locations; location++)
        {
            if (values[_coherence[location][^1]] is not { } value)
                return null;
            shown.Add($"{LitmusWriter.Key(location)}={value}");
        }

        return string.Join("; ", shown);
    }
}
