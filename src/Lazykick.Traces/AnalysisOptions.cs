using Lazykick.Traces.Formats;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.Timelines;
using Lazykick.Traces.Totals;

namespace Lazykick.Traces;

/// <summary>What to analyse, and how.</summary>
public sealed class AnalysisOptions
{
    /// <summary>Different policies that one analysis can price.</summary>
    public const int MostPolicies = SkipTable.MostPolicies;

    /// <summary>Schemes to price.</summary>
    /// <value>Default: none. At most 21 different policies (<see cref="SkipRule.Policy"/>).</value>
    public IReadOnlyList<SkipRule> Schemes { get; init; } = [];

    /// <summary>Which functions may be deferred.</summary>
    /// <value>Default: <see cref="FunctionTable.Default"/>.</value>
    public FunctionTable Functions { get; init; } = FunctionTable.Default;

    /// <summary>Names of causes.</summary>
    /// <value>Default: <see cref="CauseTable.Default"/>.</value>
    public CauseTable Causes { get; init; } = CauseTable.Default;

    /// <summary>Target CPUs to report on.</summary>
    /// <value>Default: null, all.</value>
    public IReadOnlySet<int>? Cpus { get; init; }

    /// <summary>
    /// Tasks, by pid: only breaks of their user mode count, and of guests that they run. States, interrupts, wake-ups
    /// and kicks are those of the CPUs, whatever runs there.
    /// </summary>
    /// <value>Default: null, all.</value>
    public IReadOnlySet<int>? Tasks { get; init; }

    /// <summary>Begin of the part to report on. Events before it still tell the states at its begin.</summary>
    public TracePoint? From { get; init; }

    /// <summary>End of the part to report on.</summary>
    public TracePoint? To { get; init; }

    /// <summary>
    /// Report on this phase only (marks <c>PHASE name begin</c> and <c>PHASE name end</c>); all its occurrences
    /// together.
    /// </summary>
    public string? Phase { get; init; }

    /// <summary>
    /// Receives every finished kick to a reported CPU within the selection, in the order in which they finish.
    /// </summary>
    public Action<KickDetail>? OnKick { get; init; }

    /// <summary>
    /// Receives every break of user mode or of a guest when it ends: the CPU, when it began, and how long it took, in
    /// units of the trace clock.
    /// </summary>
    public Action<int, ulong, ulong>? OnBreak { get; init; }

    /// <summary>
    /// Receives all states, interrupts and breaks, for those that draw them. It makes the analysis slower.
    /// </summary>
    public ITimelineObserver? Timeline { get; init; }

    /// <summary>
    /// Told now and then how far the analysis has come, in units of the trace clock since the first event.
    /// </summary>
    public Action<ulong>? OnProgress { get; init; }

    /// <summary>Threads to use.</summary>
    /// <value>Default: the number of processors.</value>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>For tests of what losses do: as if the trace had only some events.</summary>
    internal Predicate<EventFormat> HasEvent { get; init; } = static _ => true;

    /// <summary>For tests of what losses do: as if the trace had only some CPUs' events.</summary>
    internal Predicate<int> HasCpu { get; init; } = static _ => true;

    /// <summary>The part of the trace that is asked for.</summary>
    internal Selection Selection => new(From, To, Phase, Cpus, Tasks);
}
