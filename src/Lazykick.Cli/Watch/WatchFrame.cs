using Lazykick.Cli.Json;
using Lazykick.Cli.Report;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Watch;

/// <summary>What happened between two moments of a live analysis, as rates.</summary>
internal static class WatchFrame
{
    private const int MostTasks = 5;

    private static readonly WatchTotals.Cpu s_noCpu = new(
        new ulong[Enum.GetValues<CpuState>().Length],
        0,
        0,
        0,
        0,
        0
    );

    public static WatchDocument Of(WatchTotals before, WatchTotals now)
    {
        var seconds = Math.Max(1e-3, (now.End - before.End) / 1e9);
        var cpus = now
            .Cpus.OrderBy(static c => c.Key)
            .Select(c => Cpu(c.Key, before.Cpus.GetValueOrDefault(c.Key, s_noCpu), c.Value, seconds));
        var causes = now
            .Causes.Select(c => Cause(before.Causes.GetValueOrDefault(c.Key), c.Value, seconds, isTimed: true))
            .Where(static c => c.PerSecond > 0)
            .OrderByDescending(static c => c.StolenMicrosecondsPerSecond)
            .ThenByDescending(static c => c.PerSecond)
            .ThenBy(static c => c.Cause, StringComparer.Ordinal);
        var wakes = now
            .Wakes.Select(c => Cause(before.Wakes.GetValueOrDefault(c.Key), c.Value, seconds, isTimed: false))
            .Where(static c => c.PerSecond > 0)
            .OrderByDescending(static c => c.PerSecond)
            .ThenBy(static c => c.Cause, StringComparer.Ordinal);
        var senders = now
            .Senders.Select(s => Sender(before.Senders.GetValueOrDefault(s.Key), s.Value, seconds))
            .Where(static s => s.KicksPerSecond > 0)
            .OrderByDescending(static s => s.StolenMicrosecondsPerSecond)
            .ThenByDescending(static s => s.KicksPerSecond)
            .ThenBy(static s => s.Task, StringComparer.Ordinal);
        return new WatchDocument(
            "lazykick.watch/1",
            DateTime.UtcNow,
            Round(seconds),
            now.LostEvents,
            [.. cpus],
            [.. causes],
            [.. wakes],
            [.. senders],
            now.Limits
        );
    }

    private static WatchDocument.WatchedCpu Cpu(int cpu, WatchTotals.Cpu before, WatchTotals.Cpu now, double seconds)
    {
        double Share(CpuState state) => Round((now.Times[(int)state] - before.Times[(int)state]) / 1e9 / seconds);

        return new WatchDocument.WatchedCpu(
            cpu,
            Round(Share(CpuState.User) + Share(CpuState.UserEqs)),
            Share(CpuState.Idle),
            Share(CpuState.Guest),
            Share(CpuState.Kernel),
            Share(CpuState.Unknown),
            Rate(before.Breaks ?? 0, now.Breaks, seconds),
            Rate((long)(before.Stolen ?? 0), (long?)now.Stolen, seconds * 1e3),
            Rate(before.Kicks, now.Kicks, seconds)!.Value,
            Rate(before.OwnEntries ?? 0, now.OwnEntries, seconds),
            now.Breaks,
            now.Longest is { } longest ? Round(longest / 1e3) : null
        );
    }

    private static WatchDocument.WatchedCause Cause(
        BreakCauseReport? before,
        BreakCauseReport now,
        double seconds,
        bool isTimed
    ) =>
        new(
            now.Cause.Name,
            TraceWords.Csv(now.Interrupt),
            now.Device,
            now.Functions,
            now.SoftIrqs,
            now.Cause.Cure,
            [
                .. now
                    .Senders.Select(s =>
                        Task(before?.Senders.FirstOrDefault(b => b.Task == s.Task), s, seconds, isTimed)
                    )
                    .Where(static s => s.PerSecond > 0)
                    .OrderByDescending(static s => s.StolenMicrosecondsPerSecond)
                    .ThenByDescending(static s => s.PerSecond)
                    .ThenBy(static s => s.Task, StringComparer.Ordinal)
                    .Take(MostTasks),
            ],
            Rate(before?.Count ?? 0, now.Count, seconds)!.Value,
            isTimed ? Rate((long)(before?.Time ?? 0), (long)now.Time, seconds * 1e3) : null,
            isTimed ? Round(now.Longest / 1e3) : null
        );

    private static WatchDocument.WatchedTask Task(
        BreakSender? before,
        BreakSender now,
        double seconds,
        bool isTimed
    ) =>
        new(
            now.Task,
            Rate(before?.Count ?? 0, now.Count, seconds)!.Value,
            isTimed ? Rate((long)(before?.Time ?? 0), (long)now.Time, seconds * 1e3) : null
        );

    private static WatchDocument.WatchedSender Sender(
        WatchTotals.Sender? before,
        WatchTotals.Sender now,
        double seconds
    ) =>
        new(
            now.Row.Task,
            now.Row.Pid,
            now.Row.Function,
            now.Row.CallSite,
            now.Row.Row?.KickClass,
            now.Row.Cause.Cure,
            now.Row.Targets,
            Rate(before?.Kicks ?? 0, now.Kicks, seconds)!.Value,
            Rate(before?.Interrupts ?? 0, now.Interrupts, seconds)!.Value,
            Rate((long)(before?.Stolen ?? 0), (long)now.Stolen, seconds * 1e3)!.Value
        );

    /// <summary>
    /// A task whose name comes later gives its cause another name: what was counted under the old one goes over to the
    /// new one, and no rate is below 0.
    /// </summary>
    private static double? Rate(long before, long? now, double per) =>
        now is { } count ? Round(Math.Max(0, count - before) / per) : null;

    private static double Round(double value) => Math.Round(value, 4);
}
