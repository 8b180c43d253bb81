using System.Globalization;
using System.Text;
using Lazykick.Cli.Json;

namespace Lazykick.Cli.Watch;

/// <summary>A second of <c>watch</c> as a line of text.</summary>
internal static class WatchLine
{
    private const int MostCpus = 4;
    private const int MostCauses = 2;

    public static string Of(WatchDocument frame)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{frame.Time.ToLocalTime():HH:mm:ss}");
        var most = frame.Cpus.OrderByDescending(static c => c.StolenMicrosecondsPerSecond).ThenBy(static c => c.Cpu);
        foreach (var cpu in most.Take(MostCpus))
        {
            line.Append(
                CultureInfo.InvariantCulture,
                $"  CPU {cpu.Cpu}: user {cpu.User:P1}, {WatchWords.Rate(cpu.BreaksPerSecond)} breaks/s, "
                    + $"{WatchWords.Time(cpu.StolenMicrosecondsPerSecond)}/s stolen"
            );
            if (cpu.Unknown > 0.005)
                line.Append(CultureInfo.InvariantCulture, $", {cpu.Unknown:P1} unknown");
        }

        if (frame.Cpus.Count > MostCpus)
            line.Append(CultureInfo.InvariantCulture, $"  ({frame.Cpus.Count - MostCpus} CPUs with less stolen)");
        foreach (var cause in frame.Causes.Take(MostCauses))
            line.Append($"  {WatchWords.Time(cause.StolenMicrosecondsPerSecond)}/s by {WatchWords.Of(cause)}");
        if (frame.Causes.Count > MostCauses)
        {
            var more = frame.Causes.Skip(MostCauses).Sum(static c => c.StolenMicrosecondsPerSecond);
            line.Append($"  {WatchWords.Time(more)}/s by {frame.Causes.Count - MostCauses} more");
        }

        if (frame.LostEvents > 0)
            line.Append(CultureInfo.InvariantCulture, $"  {frame.LostEvents:N0} events LOST");
        return line.ToString();
    }
}
