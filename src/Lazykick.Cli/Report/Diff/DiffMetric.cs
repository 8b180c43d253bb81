using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Report.Diff;

/// <summary>What two recordings are compared by: counts of a CPU, as rates per second.</summary>
internal sealed record DiffMetric(string Name, Func<CpuReport, long> Count)
{
    public static DiffMetric Breaks { get; } =
        new("breaks", static cpu => Report.Breaks.OfUser(cpu, static cause => cause.IsOutside()));

    public static DiffMetric Wakes { get; } =
        new("wakes", static cpu => Report.Breaks.OfIdle(cpu, static cause => cause.IsOutside()));

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<DiffMetric> All { get; } =
    [
        Breaks,
        new("kick-breaks", static cpu => Report.Breaks.OfUser(cpu, static cause => cause.IsKick())),
        Wakes,
        new("kicks", static cpu => cpu.Kicks.Count),
        new("needless", static cpu => cpu.Kicks.Verdict(KickVerdict.Needless)),
    ];

    public static DiffMetric? Find(string name) => All.FirstOrDefault(metric => metric.Name == name);
}
