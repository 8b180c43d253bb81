using Lazykick.Cli.Json;
using Lazykick.Traces.States;

namespace Lazykick.Cli.Watch;

/// <summary>What happened between two moments of a live analysis, as rates.</summary>
internal static class WatchFrame
{
    private static readonly WatchTotals.Cpu s_noCpu = new(new ulong[Enum.GetValues<CpuState>().Length], 0, 0, 0, 0);

    public static WatchDocument Of(WatchTotals before, WatchTotals now)
    {
        var seconds = Math.Max(1e-3, (now.End - before.End) / 1e9);
        var cpus = now
            .Cpus.OrderBy(c => c.Key)
            .Select(c => Cpu(c.Key, before.Cpus.GetValueOrDefault(c.Key, s_noCpu), c.Value, seconds));
        var senders = now
            .Senders.Select(s => Sender(before.Senders.GetValueOrDefault(s.Key), s.Value, seconds))
            .Where(s => s.KicksPerSecond > 0)
            .OrderByDescending(s => s.StolenMicrosecondsPerSecond)
            .ThenByDescending(s => s.KicksPerSecond)
            .ThenBy(s => s.Task, StringComparer.Ordinal);
        return new WatchDocument(
            "lazykick.watch/1",
            DateTime.UtcNow,
            Round(seconds),
            now.LostEvents,
            [.. cpus],
            [.. senders]
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
            Round((now.Breaks - before.Breaks) / seconds),
            Round((now.Stolen - before.Stolen) / 1e3 / seconds),
            Round((now.Kicks - before.Kicks) / seconds),
            now.Breaks,
            Round(now.Longest / 1e3)
        );
    }

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
            now.Row.Row?.Cure,
            now.Row.Targets,
            Round((now.Kicks - (before?.Kicks ?? 0)) / seconds),
            Round((now.Interrupts - (before?.Interrupts ?? 0)) / seconds),
            Round((now.Stolen - (before?.Stolen ?? 0)) / 1e3 / seconds)
        );

    private static double Round(double value) => Math.Round(value, 4);
}
