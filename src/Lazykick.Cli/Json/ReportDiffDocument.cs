using Lazykick.Traces.Comparing;

namespace Lazykick.Cli.Json;

/// <summary>What changed between two recordings: docs/reference/json.md.</summary>
internal sealed record ReportDiffDocument(
    string Schema,
    ReportDiffDocument.Recording Before,
    ReportDiffDocument.Recording After,
    IReadOnlyList<string> Notes,
    IReadOnlyList<ReportDiffDocument.Cpu> Cpus,
    IReadOnlyList<ReportDiffDocument.Condition> FailOn
)
{
    internal sealed record Recording(string Name, string? Kernel, double Seconds);

    /// <summary>A CPU; its longest breaks in nanoseconds, null where a recording does not tell.</summary>
    internal sealed record Cpu(
        int Number,
        ChangeVerdict Verdict,
        string? Why,
        long? LongestBefore,
        long? LongestAfter,
        IReadOnlyList<Metric> Metrics
    );

    /// <summary>
    /// A count, or nanoseconds. Null is what a recording does not tell; and in percent what has too little before it.
    /// </summary>
    internal sealed record Metric(
        string Name,
        long? Before,
        long? After,
        double? PerSecondBefore,
        double? PerSecondAfter,
        double? ChangePercent,
        double? IntervalLow,
        double? IntervalHigh,
        double? ChangePerSecond,
        double? ChangePerSecondLow,
        double? ChangePerSecondHigh,
        ChangeVerdict Verdict
    );

    internal sealed record Condition(string Text, bool? Crossed);
}
