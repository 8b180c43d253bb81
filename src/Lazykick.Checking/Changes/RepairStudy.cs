using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Model;
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
    /// <param name="tried">Called when a part has been tried: so many of so many, by then.</param>
    /// <returns>
    /// What was found; not complete if it was cancelled. Null if the space with the additions was not searched as a
    /// whole.
    /// </returns>
    public Redundancy? FindRedundant(IReadOnlyList<Part> with, Action<int, int>? tried = null)
    {
        ArgumentNullException.ThrowIfNull(with);
        try
        {
            var whole =
                with.Count == 0 ? _whole
                : _prober.Compile(with) is { } compiled ? _prober.Search(compiled, [])
                : null;
            return whole is { IsWhole: true } ? RedundancySearch.Run(_prober, with, whole, _parallel, tried) : null;
        }
        catch (OperationCanceledException) when (_prober.Cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Finds the minimal sets of additions with which a property holds.</summary>
    /// <param name="property">A property that is violated.</param>
    /// <param name="mostParts">Most parts of a set.</param>
    /// <param name="found">Called with each set as it is found.</param>
    /// <returns>What was found; not complete if it was cancelled.</returns>
    public RepairResult FindRepairs(string property, int mostParts, Action<Repair>? found = null)
    {
        var search = new SetSearch(_prober, _whole, Check, property, mostParts, _parallel, found);
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
}
