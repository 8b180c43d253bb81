using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Watch;

/// <summary>What a live analysis of this machine cannot tell, and why.</summary>
internal static class WatchLimits
{
    /// <summary>Sentences; of lost events and of CPUs that nobody asked for the figures speak themselves.</summary>
    public static IReadOnlyList<string> Of(TraceReport report) =>
        [
            .. report
                .Limits.Where(static limit => limit.Code is not ("lost-events" or "not-recorded"))
                .Select(static limit => limit.Text),
        ];

    /// <summary>Says it on standard error.</summary>
    public static void Tell(TraceReport report)
    {
        foreach (var limit in Of(report))
            Console.Error.WriteLine($"lazykick: not all can be told here: {limit}");
    }
}
