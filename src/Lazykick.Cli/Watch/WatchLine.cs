using System.Globalization;
using System.Text;
using Lazykick.Cli.Json;

namespace Lazykick.Cli.Watch;

/// <summary>A second of <c>watch</c> as a line of text.</summary>
internal static class WatchLine
{
    private const int MostCpus = 4;

    public static string Of(WatchDocument frame)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{frame.Time.ToLocalTime():HH:mm:ss}");
        foreach (var cpu in frame.Cpus.OrderByDescending(c => c.BreaksPerSecond).ThenBy(c => c.Cpu).Take(MostCpus))
        {
            line.Append(
                CultureInfo.InvariantCulture,
                $"  CPU {cpu.Cpu}: user {cpu.User:P1}, {cpu.BreaksPerSecond:N0} breaks/s, "
                    + $"{cpu.StolenMicrosecondsPerSecond:N0} us/s stolen"
            );
            if (cpu.Unknown > 0.005)
                line.Append(CultureInfo.InvariantCulture, $", {cpu.Unknown:P1} unknown");
        }

        if (frame.Cpus.Count > MostCpus)
            line.Append(CultureInfo.InvariantCulture, $"  ({frame.Cpus.Count - MostCpus} CPUs with fewer breaks)");
        if (frame.Senders.Count > 0)
            line.Append(CultureInfo.InvariantCulture, $"  most kicks by {Name(frame.Senders[0])}");
        if (frame.LostEvents > 0)
            line.Append(CultureInfo.InvariantCulture, $"  {frame.LostEvents:N0} events LOST");
        return line.ToString();
    }

    /// <summary>Who kicked for what, in a few words.</summary>
    public static string Name(WatchDocument.WatchedSender sender) =>
        $"{sender.Task ?? "unknown task"}{(sender.Pid >= 0 ? $"-{sender.Pid}" : "")} "
            + $"{sender.Function ?? "(reschedule)"}";
}
