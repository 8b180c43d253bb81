using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Axiomatic.Relations;

/// <summary>
/// Arm's application-level memory model as relations over effects, each under the name that aarch64.cat,
/// aarch64hwreqs.cat and aarch64deps.cat give it (herdtools7, August 2026; in words DDI0487 B2.3), in the part that has
/// neither page tables nor tags nor accesses of several sizes. What is not a relation there is none here.
/// </summary>
internal sealed class ArmModel : IModel
{
    private readonly EffectGraph _graph;
    private readonly CacheType _cache;
    private readonly int[] _effects;
    private readonly Relation _hardwareRequirements;
    private readonly Relation _rmw;
    private readonly Relation _readBeforeRead;
    private readonly Relation _fetchBeforeFetch;
    private readonly Relation _toBarrier;
    private readonly EventSet _explicit,
        _explicitReads,
        _explicitWrites,
        _fetches,
        _cleans,
        _invalidates,
        _writes;
    private readonly List<(int, int)> _undecidedCleans = [];
    private readonly List<(int, int)> _undecidedInvalidates = [];
    private readonly Relation _decidedCleans;
    private readonly Relation _decidedInvalidates;

    internal ArmModel(EffectGraph graph, CacheType cache)
    {
        (_graph, _cache) = (graph, cache);
        var full = new ArmOrder(graph);
        // What is left to decide is between effects that other threads can notice.
        _effects = [.. Enumerable.Range(0, graph.Size).Where(e => full.Observable[e])];
        _hardwareRequirements = full.LocalHardwareRequirements.Restrict(_effects);
        _rmw = full.Rmw.Restrict(_effects);
        _explicit = Narrow(full.Explicit);
        _explicitReads = Narrow(full.ExplicitReads);
        _explicitWrites = Narrow(full.ExplicitWrites);
        _fetches = Narrow(full.Fetches);
        _cleans = Narrow(full.Cleans);
        _invalidates = Narrow(full.Invalidates);
        _writes = _explicitWrites;
        var po = graph.ProgramOrder.Restrict(_effects);
        _readBeforeRead = (po & graph.SameLocation.Restrict(_effects)).From(_explicitReads).To(_explicitReads);
        _fetchBeforeFetch = po.From(_fetches).To(_fetches);
        _toBarrier = (full.DsbOb | full.IfbOb).Restrict(_effects);
        _decidedCleans = Pairs(full, _cleans, _explicitWrites, _undecidedCleans, initialFirst: true);
        _decidedInvalidates = Pairs(
            full,
            Narrow(full.CompletedInvalidates),
            _fetches,
            _undecidedInvalidates,
            initialFirst: false
        );
    }

    /// <summary>The external requirement, for some order of maintenance against writes and fetches.</summary>
    public bool Admits(Execution execution)
    {
        var rf = execution.ReadsFrom.Restrict(_effects);
        var fr = execution.FromReads.Restrict(_effects);
        var co = execution.Coherence.Restrict(_effects);
        if (!IsAtomic(fr, co))
            return false;
        var ca = fr | co;
        var external = Relation.Where(
            _effects.Length,
            (a, b) => _graph.Effects[_effects[a]].Thread != _graph.Effects[_effects[b]].Thread
        );
        var expHazOb = _readBeforeRead.Then((ca & external).From(_explicitReads).To(_explicitWrites));
        var expObs = ((rf | ca) & external).From(_explicit).To(_explicit);
        var fixedPart = _hardwareRequirements | expHazOb | expObs | rf.To(_fetches);
        var cleanChoices = 1u << _undecidedCleans.Count;
        var invalidateChoices = 1u << _undecidedInvalidates.Count;
        for (var clean = 0u; clean < cleanChoices; clean++)
        {
            for (var invalidate = 0u; invalidate < invalidateChoices; invalidate++)
            {
                var ob = OrderedBefore(
                    fixedPart,
                    ca,
                    Decide(_decidedCleans, _undecidedCleans, clean),
                    Decide(_decidedInvalidates, _undecidedInvalidates, invalidate)
                );
                if (ob.IsIrreflexive)
                    return true;
            }
        }

        return false;
    }

    private Relation OrderedBefore(Relation fixedPart, Relation ca, Relation dcAfter, Relation icAfter)
    {
        var instrReadOb = icAfter.To(_invalidates).Then(_toBarrier.From(_invalidates));
        if (_cache == CacheType.Dic)
            instrReadOb |= ca;
        var icOb = _fetchBeforeFetch.Then(instrReadOb.From(_fetches));
        var invalidatedBefore = icAfter.From(_invalidates).To(_fetches).Then(ca.To(_writes));
        var icCa = _cache switch
        {
            CacheType.None => invalidatedBefore.Then(dcAfter.To(_cleans)),
            CacheType.Idc => invalidatedBefore,
            _ => ca.From(_fetches).To(_writes),
        };
        var instrObs = icAfter | dcAfter | icCa;
        return (fixedPart | icOb | instrObs).Closure();
    }

    // empty (rmw & (fr; co)) \ (([Exp]; rmw; [Exp]) & (fri; [Exp & W]; coi))
    private bool IsAtomic(Relation fr, Relation co)
    {
        var inside = Relation.Where(
            _effects.Length,
            (a, b) => _graph.Effects[_effects[a]].Thread == _graph.Effects[_effects[b]].Thread
        );
        return ((_rmw & fr.Then(co)) - (fr & inside).To(_explicitWrites).Then(co & inside)).IsEmpty;
    }

    // Maintenance is before or after each write, or fetch, of its line; some of it the rest of the model decides.
    private Relation Pairs(
        ArmOrder full,
        EventSet maintenance,
        EventSet others,
        List<(int, int)> undecided,
        bool initialFirst
    )
    {
        var line = full.SameLine.Restrict(_effects);
        var decided = new Relation(_effects.Length);
        for (var a = 0; a < _effects.Length; a++)
        {
            for (var b = 0; b < _effects.Length; b++)
            {
                if (!maintenance[a] || !others[b] || !line[a, b])
                    continue;
                if (_hardwareRequirements[a, b])
                    decided.Add(a, b);
                else if (_hardwareRequirements[b, a] || (initialFirst && _graph.Effects[_effects[b]].Thread < 0))
                    decided.Add(b, a);
                else
                    undecided.Add((a, b));
            }
        }

        return decided;
    }

    private Relation Decide(Relation decided, List<(int A, int B)> undecided, uint choice)
    {
        var chosen = decided | new Relation(_effects.Length);
        for (var i = 0; i < undecided.Count; i++)
        {
            var (a, b) = undecided[i];
            if ((choice & (1u << i)) != 0)
                (a, b) = (b, a);
            chosen.Add(a, b);
        }

        return chosen;
    }

    private EventSet Narrow(EventSet set)
    {
        var narrow = EventSet.Empty;
        for (var i = 0; i < _effects.Length; i++)
        {
            if (set[_effects[i]])
                narrow |= EventSet.Of(i);
        }

        return narrow;
    }
}
