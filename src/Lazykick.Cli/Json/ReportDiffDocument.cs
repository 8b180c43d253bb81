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

    internal sealed record Cpu(int Number, ChangeVerdict Verdict, string? Why, IReadOnlyList<Metric> Metrics);

    internal sealed record Metric(
        string Name,
        long Before,
        long After,
        double PerSecondBefore,
        double PerSecondAfter,
        double? ChangePercent,
        double? IntervalLow,
        double? IntervalHigh,
        ChangeVerdict Verdict
    );

    internal sealed record Condition(string Text, bool? Crossed);
}
