using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Verdicts;

/// <summary>How a scheme is checked.</summary>
public sealed record CheckOptions
{
    /// <summary>Fewest CPUs: one that kicks and one that is kicked.</summary>
    public const int MinCpus = 2;

    /// <summary>Most CPUs.</summary>
    public const int MaxCpus = 8;

    /// <summary>
    /// Accesses in flight without a choice: the most that cost little over all schemes of the catalogue.
    /// </summary>
    public const int DefaultInFlight = 4;

    /// <summary>Most accesses in flight.</summary>
    public const int MaxInFlight = 8;

    /// <summary>Number of CPUs.</summary>
    /// <value>2 to 8; 2 without a choice.</value>
    public int Cpus { get; init; } = MinCpus;

    /// <summary>Knobs that differ from their defaults: name to value.</summary>
    public IReadOnlyDictionary<string, string> Knobs { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The memory model.</summary>
    public MemoryModel Memory { get; init; } = MemoryModel.Sc;

    /// <summary>Accesses in flight on a CPU, at most; without effect under <c>sc</c>.</summary>
    /// <value>1 to 8; 4 without a choice.</value>
    public int InFlight { get; init; } = DefaultInFlight;

    /// <summary>
    /// Search the whole space move by move, as rule M21 counts it. Without that, states are left out that change no
    /// answer (docs/design/reductions.md).
    /// </summary>
    public bool Exact { get; init; }

    /// <summary>Threads of a search; every answer is the same with any number of them.</summary>
    /// <value>At least 1, which is what it is without a choice.</value>
    public int Workers { get; init; } = 1;

    /// <summary>Where a long search keeps what it finds.</summary>
    /// <value>Everything in memory, without a choice.</value>
    public SearchFiles Files { get; init; } = SearchFiles.None;

    /// <summary>One of many searches that run at once.</summary>
    internal static CheckOptions OneWorker { get; } = new();

    /// <summary>By what the space is made smaller.</summary>
    internal Reduction Reduction => Exact ? Reduction.None : Reduction.All;

    /// <summary>Where the search gives up.</summary>
    public SearchLimits Limits { get; init; } = SearchLimits.Default;

    /// <summary>
    /// Violations count only here: text that is old before the step, or the step that violates. A verdict that is not
    /// "violated" is undecided then, as violations elsewhere were left out. Null: everywhere. Not for S8.
    /// </summary>
    public Func<StepPlace, bool>? Only { get; init; }

    /// <summary>Called about once a second.</summary>
    public Action<SearchProgress>? Progress { get; init; }
}
