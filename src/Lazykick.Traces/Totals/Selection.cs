namespace Lazykick.Traces.Totals;

/// <summary>The part of a trace that a report is about.</summary>
/// <param name="From">Its begin; null for that of the trace.</param>
/// <param name="To">Its end; null for that of the trace.</param>
/// <param name="Phase">The phase, all its occurrences together; null for all of the range.</param>
/// <param name="Cpus">Target CPUs; null for all.</param>
/// <param name="Tasks">Tasks of which breaks count, by pid; null for all.</param>
internal sealed record Selection(
    TracePoint? From,
    TracePoint? To,
    string? Phase,
    IReadOnlySet<int>? Cpus,
    IReadOnlySet<int>? Tasks
)
{
    public bool HasTask(int pid) => Tasks?.Contains(pid) != false;

    public bool Has(int cpu) => Cpus?.Contains(cpu) != false;
}
