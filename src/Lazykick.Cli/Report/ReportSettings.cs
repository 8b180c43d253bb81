namespace Lazykick.Cli.Report;

/// <summary>What the command line asked for.</summary>
internal sealed record ReportSettings
{
    public required IReadOnlyList<string> Files { get; init; }

    public string? Schemes { get; init; }

    public IReadOnlySet<int>? Cpus { get; init; }

    /// <summary>Whose breaks count; null = everybody's.</summary>
    public TaskFilter? Tasks { get; init; }

    public TimePoint? From { get; init; }

    public TimePoint? To { get; init; }

    public string? Phase { get; init; }

    public bool Json { get; init; }

    public bool Everything { get; init; }

    public string? FunctionsFile { get; init; }

    public string? CausesFile { get; init; }

    public string? KicksFile { get; init; }

    public string? HtmlFile { get; init; }

    public string? PerfettoFile { get; init; }

    public IReadOnlyList<FailCondition> FailOn { get; init; } = [];
}
