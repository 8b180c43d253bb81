namespace Lazykick.Traces.Reports;

/// <summary>Totals of the selection or of a phase.</summary>
public sealed class ScopeReport
{
    /// <summary>Name of the phase; empty for the selection.</summary>
    public required string Name { get; init; }

    /// <summary>First begin, in units of the trace clock.</summary>
    public required ulong From { get; init; }

    /// <summary>Last end.</summary>
    public required ulong To { get; init; }

    /// <summary>Length, without the gaps between occurrences.</summary>
    public required ulong Duration { get; init; }

    /// <summary>The reported CPUs, ascending.</summary>
    public required IReadOnlyList<CpuReport> Cpus { get; init; }
}
