using Lazykick.Checking.Properties;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Editing;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Changes;

/// <summary>Finds the minimal sets of additions with which one property holds.</summary>
/// <param name="prober">The scheme.</param>
/// <param name="whole">Its whole space.</param>
/// <param name="check">Its verdicts.</param>
/// <param name="property">The property.</param>
/// <param name="mostParts">Most parts of a set.</param>
/// <param name="parallel">How many searches run at once.</param>
/// <param name="found">Called with each set as it is found.</param>
internal sealed class SetSearch(
    Prober prober,
    Probe whole,
    CheckResult check,
    string property,
    int mostParts,
    ParallelOptions parallel,
    Action<Repair>? found
)
{
    private readonly List<string> _kept =
    [
        .. check.Verdicts.Where(v => v.IsPromised && v.Verdict == Verdict.Holds && v.Property != property)
            .Select(v => v.Property),
    ];

    public List<Repair> Found { get; } = [];

    public List<RefusedRepair> Refused { get; } = [];

    public int Candidates { get; private set; }

    public long Searches { get; private set; }

    public int Undecided { get; private set; }

    public void All()
    {
        var additions = Additions.Of(whole.Compiled);
        var valid = Valid(additions);
        var runs = MaskRun.Of(whole.Compiled, whole.Space);
        Candidates = valid.Count + runs.Sum(r => r.Count);
        var restricting = property == S8Return.Name ? [] : valid.Where(p => p.OnlyRestricts).ToList();
        if (restricting.Count > 0)
            Search(restricting, []);
        var isHelped = Found.Count > 0;
        var others = valid.Where(p => !p.OnlyRestricts).ToList();
        foreach (var other in others.Where(p => p.Text != Part.SkipNobody))
            Other(other, isHelped ? [] : restricting);
        foreach (var run in runs)
            Masks(run, isHelped ? [] : restricting);
        // Whom nobody skips nothing helps: that comes last.
        foreach (var other in others.Where(p => p.Text == Part.SkipNobody))
            Other(other, isHelped ? [] : restricting);
    }

    /// <summary>What changes executions otherwise than by taking some away is tried alone, and with the rest where
    /// the rest alone does not help.</summary>
    private void Other(Part part, List<Part> restricting)
    {
        var probe = SearchWith([part]);
        if (probe?.LengthOf(property) >= 0)
        {
            if (restricting.Count > 0 && mostParts > 1)
                Search(restricting, [part]);
        }
        else if (probe is null || (!probe.IsWhole && probe.Broken(_kept) is null))
        {
            Undecided++;
        }
        else if (probe.Broken(_kept) is { } broken)
        {
            Refused.Add(new RefusedRepair([part], broken));
        }
        else if (!probe.Space.KickReturned && check.KickReturned)
        {
            Refused.Add(new RefusedRepair([part], "no kick returns"));
        }
        else
        {
            Add([part], probe.Space.States);
        }
    }

    /// <summary>Interrupts masked around steps of a run: alone, else with the rest.</summary>
    private void Masks(MaskRun run, List<Part> restricting)
    {
        var longest = run.Around(0, run.Steps.Count);
        var probe = SearchWith([longest]);
        if (probe is null || (!probe.IsWhole && probe.LengthOf(property) < 0 && probe.Broken(_kept) is null))
        {
            Undecided++;
        }
        else if (property == S8Return.Name || probe.Broken(_kept) is not null)
        {
            // Nothing is to be said of shorter ones.
            for (var first = 0; first < run.Steps.Count; first++)
            {
                for (var count = 1; first + count <= run.Steps.Count; count++)
                    Other(run.Around(first, count), []);
            }
        }
        else if (Mends(probe))
        {
            AddShortest(run, []);
        }
        else if (restricting.Count > 0 && mostParts > 1)
        {
            Search(restricting, [longest], (set, _) => AddShortest(run, [.. set.Where(p => p != longest)]));
        }
    }

    private void AddShortest(MaskRun run, IReadOnlyList<Part> others)
    {
        var search = new MaskSearch(
            run,
            others,
            set => SearchWith(set) is { } probe && Mends(probe) ? probe.Space.States : null
        );
        foreach (var (set, states) in search.Shortest())
            Add(set, states);
    }

    private Probe? SearchWith(IReadOnlyList<Part> set)
    {
        if (prober.Compile(set) is not { } compiled)
            return null;
        Searches++;
        return prober.Search(compiled, [property, .. _kept]);
    }

    private bool Mends(Probe probe) =>
        probe.IsWhole
        && probe.LengthOf(property) < 0
        && probe.Broken(_kept) is null
        && (probe.Space.KickReturned || !check.KickReturned);

    private void Search(
        List<Part> restricting,
        IReadOnlyList<Part> always,
        Action<IReadOnlyList<Part>, long>? add = null
    )
    {
        var search = new RepairSearch(
            prober,
            property,
            _kept,
            restricting,
            always,
            mostParts,
            parallel
        )
        {
            Found = add ?? Add,
            Refused = (set, broken) => Refused.Add(new RefusedRepair(set, broken)),
        };
        try
        {
            search.Run();
        }
        finally
        {
            Searches += search.Searches;
            Undecided += search.Undecided;
        }
    }

    /// <summary>Notes a set, once each of its parts is shown to be needed.</summary>
    private void Add(IReadOnlyList<Part> parts, long states)
    {
        List<Part> set = [.. parts.OrderBy(p => p.Kind)];
        var without = new int[set.Count];
        Parallel.For(
            0,
            set.Count,
            parallel,
            i => without[i] = RepairSearch.RaceWith(prober, [.. set.Where(p => p != set[i])], property)
        );
        Searches += set.Count;
        if (Array.Exists(without, length => length < 0))
            return;
        var repair = new Repair(set, without, states, Runs(set));
        Found.Add(repair);
        found?.Invoke(repair);
    }

    private List<(string Path, int Places)> Runs(List<Part> set) =>
        [
            .. prober.Compile(set)!
                .Cpus.SelectMany(c => c.Levels)
                .SelectMany(l => l)
                .Where(i => i.Span.Source.Path == Fragment.Origin && i.Step is FenceStep or SyncStep)
                .GroupBy(i => (i.Path, i.Cpu, i.Level))
                .Select(g => (g.Key.Path, Places: g.Count()))
                .Distinct()
                .OrderBy(g => g.Path, StringComparer.Ordinal),
        ];

    /// <summary>Those with which the scheme still is one: not every access can have every order.</summary>
    private List<Part> Valid(IReadOnlyList<Part> parts)
    {
        var valid = new bool[parts.Count];
        Parallel.For(
            0,
            parts.Count,
            parallel,
            i => valid[i] = prober.Compile([parts[i]]) is not null
        );
        return [.. parts.Where((_, i) => valid[i])];
    }
}
