using Lazykick.Traces.Bytes;
using Lazykick.Traces.Files;
using Lazykick.Traces.Names;
using Lazykick.Traces.Pricing;

namespace Lazykick.Traces.Reports;

/// <summary>Who kicked whom in a trace, in which state, and what schemes would have saved.</summary>
public sealed class TraceReport
{
    /// <summary>The trace as it was opened.</summary>
    public required TraceFile Trace { get; init; }

    /// <summary>Events read, of any kind.</summary>
    public required long Events { get; init; }

    /// <summary>Time of the first event, in units of the trace clock.</summary>
    public required ulong Start { get; init; }

    /// <summary>Time of the last event.</summary>
    public required ulong End { get; init; }

    /// <summary>CPUs of which the trace has events, or to which it has kicks.</summary>
    public required IReadOnlyList<int> CpusOfTrace { get; init; }

    /// <summary>What this trace cannot tell, the most important first.</summary>
    public required IReadOnlyList<TraceLimit> Limits { get; init; }

    /// <summary>Events that the kernel lost and counted.</summary>
    public required long LostEvents { get; init; }

    /// <summary>Places with lost events, counted or not.</summary>
    public required long LossGaps { get; init; }

    /// <summary>Damage found while reading.</summary>
    public required IReadOnlyList<TraceDamage> Damage { get; init; }

    /// <summary>The part that was asked for: everything, a range or a phase.</summary>
    public required ScopeReport Selection { get; init; }

    /// <summary>The longest breaks of the reported CPUs within the selection, the longest first; ten at most.</summary>
    public required IReadOnlyList<BreakReport> WorstBreaks { get; init; }

    /// <summary>What broke the reported CPUs within the selection, the one that stole most time first.</summary>
    public required IReadOnlyList<BreakCauseReport> BreakCauses { get; init; }

    /// <summary>The same of one CPU; to be asked for before the analysis goes on.</summary>
    public IReadOnlyList<BreakCauseReport> BreakCausesOf(int cpu) => CausesOfCpu(cpu);

    internal Func<int, IReadOnlyList<BreakCauseReport>> CausesOfCpu { get; init; } = static _ => [];

    /// <summary>Names of device interrupts by their numbers, as far as the trace tells.</summary>
    public required IReadOnlyDictionary<int, string> Devices { get; init; }

    /// <summary>
    /// What woke the reported CPUs from idle within the selection, the one that took most time first.
    /// </summary>
    public required IReadOnlyList<BreakCauseReport> WakeCauses { get; init; }

    /// <summary>The phases that marks in the trace name, in the order of their first begin.</summary>
    public required IReadOnlyList<ScopeReport> Phases { get; init; }

    /// <summary>Who sent kicks to the reported CPUs within the selection, the most needless interrupts first.</summary>
    public required IReadOnlyList<SenderReport> Senders { get; init; }

    /// <summary>The same by the senders' names, the one that stole most time first.</summary>
    public required IReadOnlyList<TaskReport> SendersByTask { get; init; }

    /// <summary>The same by the senders' cgroups; empty where the trace has none.</summary>
    public required IReadOnlyList<TaskReport> SendersByCgroup { get; init; }

    /// <summary>The schemes that were priced, in the order of <see cref="CpuReport.Schemes"/>.</summary>
    public required IReadOnlyList<SkipRule> Schemes { get; init; }

    /// <summary>Task names: those of the trace and those that its events told.</summary>
    public TaskNames Tasks => Trace.TaskNames;
}
