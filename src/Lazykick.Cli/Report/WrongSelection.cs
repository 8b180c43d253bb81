using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Report;

/// <summary>What a call asks of a trace that the trace does not have.</summary>
internal static class WrongSelection
{
    /// <summary>One sentence, or null where all that was asked is there.</summary>
    public static string? Of(TraceReport report, ReportSettings settings, string? phase, TraceTimes times)
    {
        if (report.Events == 0)
        {
            var why =
                report.Damage.Count > 0 ? $": {report.Damage[0]}" : ", and no damage was found: nothing was recorded";
            return $"no event can be read{why}";
        }

        if (settings.Cpus?.Except(report.CpusOfTrace).Order().ToList() is { Count: > 0 } strangers)
        {
            return $"the trace has no CPU {CpuListText.Of(strangers)}; it has CPU {CpuListText.Of(report.CpusOfTrace)}";
        }

        if (phase is not null && report.Phases.All(known => known.Name != phase))
        {
            return report.Phases.Count == 0
                ? $"there is no phase '{phase}': the trace has no marks 'PHASE name begin' and 'PHASE name end'"
                : $"there is no phase '{phase}'; there are "
                    + $"{string.Join(", ", report.Phases.Select(static known => known.Name))}";
        }

        if (report.Selection.Duration == 0 && (settings.From is not null || settings.To is not null))
        {
            return $"nothing lies between --from and --to: the trace goes from {times.Point(report.Start)} to "
                + $"{times.Point(report.End)}";
        }

        return null;
    }
}
