using Lazykick.Traces.States;

namespace Lazykick.Traces.Timelines;

/// <summary>
/// Receives what happens on every CPU while a trace is analysed, for those that draw it. All times are in units of the
/// trace clock, and all calls come on the thread that runs the analysis. Kicks come by
/// <see cref="AnalysisOptions.OnKick"/>.
/// </summary>
public interface ITimelineObserver
{
    /// <summary>
    /// A CPU was in a state, within the selection. The calls of a CPU follow each other in time; two in a row may tell
    /// the same state. Their sums are the times of the report.
    /// </summary>
    /// <param name="cpu">The CPU; also CPUs that <see cref="AnalysisOptions.Cpus"/> leaves out.</param>
    /// <param name="state">The state.</param>
    /// <param name="from">Since when.</param>
    /// <param name="to">Until when; more than <paramref name="from"/>.</param>
    void OnState(int cpu, CpuState state, ulong from, ulong to);

    /// <summary>An interrupt handler of a reported CPU is over that began within the selection.</summary>
    void OnInterrupt(InterruptSpan interrupt);

    /// <summary>
    /// An interrupt broke user mode or a guest of a reported CPU within the selection, and that is over.
    /// </summary>
    void OnBreak(BreakSpan broken);
}
