using System.Globalization;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Watch;

/// <summary>
/// A second of <c>watch</c> as lines that fit a screen: the CPUs, what broke into them ranked by the time that it
/// stole, with sender and cure, what woke them, and who kicks.
/// </summary>
internal static class WatchPage
{
    private const int FewestCpus = 4;
    private const int MostWakes = 3;
    private const int MostLimits = 4;
    private const int HeightForLimits = 24;
    private const string CauseHead = " stolen/s  breaks/s   longest  cause";
    private const string WakeHead = "  wakes/s  what woke idle CPUs";
    private const string SenderHead = "  kicks/s  stolen/s  kicks, by sender";

    /// <summary>The lines, not more than there is room for and none wider.</summary>
    public static IReadOnlyList<string> Lines(WatchDocument frame, WatchChoice choice, int width, int height)
    {
        var lost = frame.LostEvents > 0 ? $"  {WatchWords.Number(frame.LostEvents, "N0")} events LOST" : "";
        var page = new List<string>
        {
            $"lazykick watch  {frame.Time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}"
                + $"{(choice.IsPaused ? "  PAUSED" : "")}{lost}",
            "",
        };
        page.AddRange(WatchCpus.Lines(frame, choice, width, Math.Max(FewestCpus, (height - page.Count) / 3)));
        page.Add("");

        // What cannot be told here, and the keys; wake-ups and senders get what causes leave, and a few lines in any
        // case.
        var foot = height < HeightForLimits
            ? []
            : frame.Limits.SelectMany(limit => Wrapping.Lines("not told: ", limit, 2, width)).Take(MostLimits).ToList();
        var room = height - page.Count - foot.Count - 2;
        var wakes = Wakes(frame, width).ToList();
        var causes = Causes(frame, width, room - (room >= 16 ? wakes.Count + 1 : 0)).ToList();
        page.AddRange(causes);
        room -= causes.Count;
        if (wakes.Count > 0 && room > wakes.Count)
        {
            page.Add("");
            page.AddRange(wakes);
            room -= wakes.Count + 1;
        }

        if (frame.Senders.Count > 0 && room > 2)
        {
            page.Add("");
            page.Add(SenderHead);
            page.AddRange(frame.Senders.Take(room - 2).Select(Sender));
        }

        page.Add("");
        page.AddRange(foot);
        page.Add($"s sort (now by {choice.Sort})  p pause  r reset  q quit");
        return [.. page.Take(height).Select(line => line.Length <= width ? line : line[..Math.Max(0, width)])];
    }

    private static IEnumerable<string> Causes(WatchDocument frame, int width, int room)
    {
        var unknown = frame.Cpus.Where(static c => c.BreaksPerSecond is null).Select(static c => c.Cpu).ToList();
        if (frame.Causes.Count == 0)
        {
            var all = unknown.Count == frame.Cpus.Count;
            yield return all
                ? "what ended user mode is not known"
                : "no break of user mode in this second"
                    + (unknown.Count > 0 ? $"; of CPU {CpuListText.Of(unknown)} it is not known" : "");
            yield break;
        }

        yield return CauseHead;
        var left = room - 1;
        var told = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < frame.Causes.Count; at++)
        {
            var cause = frame.Causes[at];
            var numbers =
                $"{WatchWords.Time(cause.StolenMicrosecondsPerSecond),9}{WatchWords.Rate(cause.PerSecond),10}"
                + $"{WatchWords.Time(cause.LongestMicroseconds),10}  ";
            var block = Wrapping.Lines(numbers, WatchWords.Of(cause), numbers.Length, width).ToList();
            // The same advice once.
            if (cause.Cure is { } cure && told.Add(cure))
                block.AddRange(Wrapping.Lines("       -> ", cure, 10, width));
            var isLast = at == frame.Causes.Count - 1;
            if (block.Count > left - (isLast ? 0 : 1))
            {
                var rest = frame.Causes.Skip(at).Sum(static c => c.StolenMicrosecondsPerSecond);
                yield return $"{WatchWords.Time(rest),9}  by {frame.Causes.Count - at} more causes";
                yield break;
            }

            foreach (var line in block)
                yield return line;
            left -= block.Count;
        }
    }

    private static IEnumerable<string> Wakes(WatchDocument frame, int width)
    {
        if (frame.Wakes.Count == 0)
            yield break;
        yield return WakeHead;
        foreach (var wake in frame.Wakes.Take(MostWakes))
        {
            var line = $"{WatchWords.Rate(wake.PerSecond),9}  {wake.Cause}{WatchWords.From(wake)}";
            yield return line.Length <= width ? line : line[..(width - 2)] + "..";
        }

        if (frame.Wakes.Count > MostWakes)
        {
            var rest = frame.Wakes.Skip(MostWakes).Sum(static w => w.PerSecond);
            yield return $"{WatchWords.Rate(rest),9}  for {frame.Wakes.Count - MostWakes} more causes";
        }
    }

    private static string Sender(WatchDocument.WatchedSender sender) =>
        $"{WatchWords.Rate(sender.KicksPerSecond),9}{WatchWords.Time(sender.StolenMicrosecondsPerSecond),10}  "
        + $"{sender.Task ?? "unknown task"}{(sender.Pid >= 0 ? $"-{sender.Pid}" : "")} "
        + $"{sender.Function ?? "(reschedule)"} to CPU {CpuListText.Of(sender.Targets)}";
}
