using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>
/// All final states that a model allows, by brute force over which write each read takes its value from and in which
/// order
/// the writes of a location are. Shares nothing with the machine but the program.
/// </summary>
internal sealed class Enumerator(StraightProgram program, MemoryModel model)
{
    private readonly SortedSet<string> _outcomes = new(StringComparer.Ordinal);
    private Candidate _candidate = new(program, 0);
    private Relation _local = new(0);
    private Relation _external = new(0);
    private int[] _readsFrom = [];
    private int[] _rank = [];
    private List<int[]> _coherence = [];

    internal SortedSet<string> Run()
    {
        var choices = Candidate.Choices(program);
        for (var failing = 0u; failing < 1u << choices; failing++)
        {
            _candidate = new Candidate(program, failing);
            _local = model switch
            {
                MemoryModel.Arm => ArmAxioms.LocallyOrdered(_candidate),
                MemoryModel.Tso => TsoAxioms.LocallyOrdered(_candidate),
                _ => EverythingOrdered(_candidate),
            };
            _external = new Relation(_candidate.Events.Count);
            _readsFrom = Enumerable.Repeat(-1, _candidate.Events.Count).ToArray();
            _rank = new int[_candidate.Events.Count];
            ChooseCoherence(0, []);
        }

        return _outcomes;
    }

    private static Relation EverythingOrdered(Candidate candidate)
    {
        var order = new Relation(candidate.Events.Count);
        for (var a = 0; a < candidate.Events.Count; a++)
        {
            for (var b = a + 1; b < candidate.Events.Count; b++)
            {
                if (candidate.ProgramOrder(a, b))
                    order.Add(a, b);
            }
        }

        return order;
    }

    private void ChooseCoherence(int location, List<int[]> chosen)
    {
        if (location == program.Locations)
        {
            _coherence = chosen;
            ChooseReads(0);
            return;
        }

        var writes = Enumerable
            .Range(0, _candidate.Events.Count)
            .Where(e =>
                _candidate.Events[e].IsWrite
                && _candidate.Events[e].Location == location
                && _candidate.Events[e].Thread >= 0
            )
            .ToArray();
        foreach (var order in Permutations(writes))
        {
            if (!KeepsProgramOrder(order))
                continue;
            // The initial write of a location is the event with the location's number.
            int[] full = [location, .. order];
            for (var i = 0; i < full.Length; i++)
                _rank[full[i]] = i;
            ChooseCoherence(location + 1, [.. chosen, full]);
        }
    }

    // Internal visibility, write to write.
    private bool KeepsProgramOrder(int[] order)
    {
        for (var i = 0; i < order.Length; i++)
        {
            for (var j = i + 1; j < order.Length; j++)
            {
                if (_candidate.ProgramOrder(order[j], order[i]))
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

    private void ChooseReads(int index)
    {
        if (index == _candidate.Events.Count)
        {
            if (IsConsistent() && Outcome() is { } outcome)
                _outcomes.Add(outcome);
            return;
        }

        var read = _candidate.Events[index];
        if (read.IsWrite)
        {
            ChooseReads(index + 1);
            return;
        }

        foreach (var write in _coherence[read.Location])
        {
            _readsFrom[index] = write;
            if (IsInternallyVisible(index))
                ChooseReads(index + 1);
        }
    }

    // Internal visibility of a read: nothing newer was written or read before it by its own thread, nothing that it
    // read
    // is newer than what its thread writes later.
    private bool IsInternallyVisible(int read)
    {
        var rank = _rank[_readsFrom[read]];
        for (var other = 0; other < _candidate.Events.Count; other++)
        {
            if (other == read || _candidate.Events[other].Location != _candidate.Events[read].Location)
                continue;
            if (_candidate.ProgramOrder(other, read))
            {
                if (_rank[_candidate.Events[other].IsWrite ? other : _readsFrom[other]] > rank)
                    return false;
            }
            else if (_candidate.ProgramOrder(read, other) && _candidate.Events[other].IsWrite && _rank[other] <= rank)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsConsistent()
    {
        if (!Atomic())
            return false;
        var events = _candidate.Events;
        var external = _external;
        external.CopyFrom(_local);
        if (model == MemoryModel.Arm)
            ArmAxioms.AddInternalReads(_candidate, _readsFrom, external);
        for (var a = 0; a < events.Count; a++)
        {
            for (var b = 0; b < events.Count; b++)
            {
                if (a == b || events[a].Location != events[b].Location)
                    continue;
                if ((events[a].Thread != events[b].Thread || model == MemoryModel.Sc) && Communicates(a, b))
                    external.Add(a, b);
            }
        }

        return external.CloseIsAcyclic();
    }

    // rf, co or fr.
    private bool Communicates(int a, int b)
    {
        var events = _candidate.Events;
        return (events[a].IsWrite, events[b].IsWrite) switch
        {
            (true, false) => _readsFrom[b] == a,
            (true, true) => _rank[a] < _rank[b],
            (false, true) => _rank[_readsFrom[a]] < _rank[b],
            _ => false,
        };
    }

    private bool Atomic()
    {
        foreach (var (read, write) in _candidate.Pairs)
        {
            var thread = _candidate.Events[write].Thread;
            foreach (var between in _coherence[_candidate.Events[write].Location])
            {
                if (
                    _candidate.Events[between].Thread != thread
                    && _rank[between] > _rank[_readsFrom[read]]
                    && _rank[between] < _rank[write]
                )
                {
                    return false;
                }
            }
        }

        return true;
    }

    private string? Outcome()
    {
        var values = new int?[_candidate.Events.Count];
        var shown = new List<string>();
        for (var thread = 0; thread < program.Threads.Count; thread++)
        {
            var ops = program.Threads[thread];
            if (!Enumerable.Range(0, ops.Count).All(position => IsAsChosen(thread, position, values)))
                return null;
            foreach (var register in ops.Select(o => o.Result).Where(r => r >= 0).Distinct())
            {
                if (Value(_candidate.Source(thread, register, ops.Count), values, 0) is not { } value)
                    return null;
                shown.Add($"{LitmusWriter.Key(thread, register, model == MemoryModel.Arm)}={value}");
            }
        }

        for (var location = 0; location < program.Locations; location++)
            shown.Add($"{LitmusWriter.Key(location)}={Value(_coherence[location][^1], values, 0)}");
        return string.Join("; ", shown);
    }

    // Values are what the choice of skipped instructions and failing comparisons supposes.
    private bool IsAsChosen(int thread, int position, int?[] values)
    {
        var op = program.Threads[thread][position];
        var skipped = _candidate.IsSkipped(thread, position);
        if (
            op.When >= 0
            && Value(_candidate.Source(thread, op.When, position), values, 0) is var tested
            && (tested is null || (tested == op.WhenIs) == skipped)
        )
        {
            return false;
        }

        if (skipped || (op.Kind != OpKind.CompareSwap && op.Awaits < 0))
            return true;
        var read = Value(_candidate.Events.FindIndex(e => e.Thread == thread && e.Position == position), values, 0);
        return op.Awaits >= 0
            ? read == op.Awaits
            : (read == op.Compare) != _candidate.Failed.Contains((thread, position));
    }

    private int? Value(RegisterSource source, int?[] values, int depth) =>
        source.Read < 0 ? source.Constant
        : Value(source.Read, values, depth) is not { } value ? null
        : source.EqualTo < 0 ? value
        : value == source.EqualTo ? 1
        : 0;

    // Null for a value that would come out of thin air; no consistent execution has one.
    private int? Value(int index, int?[] values, int depth)
    {
        if (values[index] is { } known)
            return known;
        var e = _candidate.Events[index];
        if (e.Thread < 0)
            return 0;
        if (depth > 2 * values.Length)
            return null;
        int? value;
        if (!e.IsWrite)
        {
            value = Value(_readsFrom[index], values, depth + 1);
        }
        else
        {
            value = e.Op!.Value;
            if (e.Op.DataFrom >= 0)
                value += Value(_candidate.Source(e.Thread, e.Op.DataFrom, e.Position), values, depth + 1);
            if (e.Op.Kind is OpKind.Add or OpKind.AddNoReturn)
                value += Value(_candidate.Pairs.Find(p => p.Write == index).Read, values, depth + 1);
        }

        return values[index] = value;
    }
}
