using Lazykick.Checking.Properties;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Editing;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Changes;

/// <summary>Asks of a scheme what in it is redundant, and what is the least that would mend it.</summary>
public sealed class RepairStudy
{
    private readonly Prober _prober;
    private readonly Probe _whole;
    private readonly ParallelOptions _parallel;

    private RepairStudy(Prober prober, Probe whole, CheckResult check)
    {
        (_prober, _whole, Check) = (prober, whole, check);
        _parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = prober.Cancellation,
        };
    }

    /// <summary>What the scheme is before anything is changed.</summary>
    public CheckResult Check { get; }

    /// <summary>Checks a scheme; null if something was reported.</summary>
    /// <param name="scheme">The scheme; not a base.</param>
    /// <param name="options">CPUs, knobs, memory, and limits of each search.</param>
    /// <param name="diagnostics">Gets mistakes.</param>
    /// <param name="cancellation">Ends this and every search that follows.</param>
    public static RepairStudy? Of(
        Scheme scheme,
        CheckOptions options,
        DiagnosticCollection diagnostics,
        CancellationToken cancellation
    )
    {
        if (SchemeCheck.Run(scheme, options, diagnostics, cancellation) is not { } check)
            return null;
        cancellation.ThrowIfCancellationRequested();
        var prober = new Prober(scheme, options, cancellation);
        return prober.Compile([]) is { } compiled && prober.Search(compiled, []) is { } whole
            ? new RepairStudy(prober, whole, check)
            : null;
    }

    /// <summary>The base space was searched as a whole: without that nothing can be compared.</summary>
    public bool IsWhole => _whole.IsWhole;

    /// <summary>The property to mend without a choice: the first that is promised and violated; or null.</summary>
    public string? FirstBroken =>
        Check.Verdicts.FirstOrDefault(v => v.IsPromised && v.Verdict == Verdict.Violated)?.Property;

    /// <summary>Takes each part away in turn.</summary>
    /// <param name="with">What is added to the scheme first, so that it does what it promises.</param>
    /// <returns>Null if the space with that was not searched as a whole.</returns>
    public Redundancy? FindRedundant(IReadOnlyList<Part> with)
    {
        ArgumentNullException.ThrowIfNull(with);
        var whole =
            with.Count == 0 ? _whole
            : _prober.Compile(with) is { } compiled ? _prober.Search(compiled, [])
            : null;
        return whole is { IsWhole: true } ? RedundancySearch.Run(_prober, with, whole, _parallel) : null;
    }

    /// <summary>Finds the minimal sets of additions with which a property holds.</summary>
    /// <param name="property">A property that is violated.</param>
    /// <param name="mostParts">Most parts of a set.</param>
    /// <param name="found">Called with each set as it is found.</param>
    /// <returns>What was found; not complete if it was cancelled.</returns>
    public RepairResult FindRepairs(string property, int mostParts, Action<Repair>? found = null)
    {
        var search = new Run(this, property, mostParts, found);
        var isComplete = true;
        try
        {
            search.All();
        }
        catch (OperationCanceledException) when (_prober.Cancellation.IsCancellationRequested)
        {
            isComplete = false;
        }

        return new RepairResult
        {
            Property = property,
            Length = Check[property].Length,
            Found = search.Found,
            Refused = search.Refused,
            Candidates = search.Candidates,
            MostParts = mostParts,
            Searches = search.Searches,
            Undecided = search.Undecided,
            IsComplete = isComplete && search.Undecided == 0,
        };
    }

    private sealed class Run(RepairStudy study, string property, int mostParts, Action<Repair>? found)
    {
        private readonly List<string> _kept =
        [
            .. study
                .Check.Verdicts.Where(v => v.IsPromised && v.Verdict == Verdict.Holds && v.Property != property)
                .Select(v => v.Property),
        ];

        public List<Repair> Found { get; } = [];

        public List<RefusedRepair> Refused { get; } = [];

        public int Candidates { get; private set; }

        public long Searches { get; private set; }

        public int Undecided { get; private set; }

        public void All()
        {
            var additions = Additions.Of(study._whole.Compiled);
            var valid = Valid(additions);
            Candidates = valid.Count;
            var restricting = property == S8Return.Name ? [] : valid.Where(p => p.OnlyRestricts).ToList();
            if (restricting.Count > 0)
                Search(restricting, []);
            var isHelped = Found.Count > 0;
            // Whom nobody skips nothing helps: that comes last.
            foreach (var other in valid.Where(p => !p.OnlyRestricts).OrderBy(p => p.Text == Part.SkipNobody))
                Other(other, isHelped ? [] : restricting);
        }

        /// <summary>What changes executions otherwise than by taking some away is tried alone, and with the rest where
        /// the rest alone does not help.</summary>
        private void Other(Part part, List<Part> restricting)
        {
            var compiled = study._prober.Compile([part])!;
            Searches++;
            var probe = study._prober.Search(compiled, [property, .. _kept]);
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
            else if (!probe.Space.KickReturned && study.Check.KickReturned)
            {
                Refused.Add(new RefusedRepair([part], "no kick returns"));
            }
            else
            {
                Add([part], probe.Space.States);
            }
        }

        private void Search(List<Part> restricting, IReadOnlyList<Part> always)
        {
            var search = new RepairSearch(
                study._prober,
                property,
                _kept,
                restricting,
                always,
                mostParts,
                study._parallel
            )
            {
                Found = Add,
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
                study._parallel,
                i => without[i] = RepairSearch.RaceWith(study._prober, [.. set.Where(p => p != set[i])], property)
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
                .. study
                    ._prober.Compile(set)!
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
                study._parallel,
                i => valid[i] = study._prober.Compile([parts[i]]) is not null
            );
            return [.. parts.Where((_, i) => valid[i])];
        }
    }
}
