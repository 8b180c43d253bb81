using Lazykick.Traces.Comparing;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Report.Diff;

/// <summary>What two recordings are compared by: counts and times of a CPU, as rates per second.</summary>
/// <param name="Name">As conditions name it.</param>
/// <param name="Figure">The figure that it is.</param>
/// <param name="Amount">The count, or units of the trace clock.</param>
internal sealed record DiffMetric(string Name, Figure Figure, Func<CpuReport, double> Amount)
{
    public static DiffMetric Breaks { get; } =
        new("breaks", Figure.Breaks, static cpu => Report.Breaks.OfUser(cpu, static cause => cause.IsOutside()));

    public static DiffMetric Wakes { get; } =
        new("wakes", Figure.Wakes, static cpu => Report.Breaks.OfIdle(cpu, static cause => cause.IsOutside()));

    /// <summary>The longest break: no rate, and without an interval.</summary>
    public static DiffMetric Longest { get; } =
        new("longest", Figure.BreakTime, static cpu => cpu.LongestBreak) { IsTime = true };

    /// <summary>The rates, in the order in which they are shown.</summary>
    public static IReadOnlyList<DiffMetric> Rates { get; } =
    [
        Breaks,
        new("stolen", Figure.BreakTime, static cpu => Report.Breaks.TimeOfUser(cpu, static cause => cause.IsOutside()))
        {
            IsTime = true,
            Squares = static cpu => cpu.BreakSquares,
        },
        new(
            "kick-breaks",
            Figure.KickBreaks,
            static cpu => Report.Breaks.OfUser(cpu, static cause => cause.IsKick())
        ),
        Wakes,
        new("kicks", Figure.Asked, static cpu => cpu.Kicks.Count),
        new("needless", Figure.Needless, static cpu => cpu.Kicks.Verdict(KickVerdict.Needless)),
    ];

    /// <summary>All that conditions can name.</summary>
    public static IReadOnlyList<DiffMetric> All { get; } = [.. Rates, Longest];

    /// <summary>A time, in nanoseconds where it is told.</summary>
    public bool IsTime { get; private init; }

    /// <summary>The sum of the squares of what <see cref="Amount"/> is the sum of; null for a count.</summary>
    private Func<CpuReport, double>? Squares { get; init; }

    public static DiffMetric? Find(string name) => All.FirstOrDefault(metric => metric.Name == name);

    /// <summary>Both recordings tell it of these CPUs.</summary>
    public bool IsTold(IReadOnlyList<int> cpus, DiffSide before, DiffSide after) =>
        cpus.Count > 0 && cpus.All(cpu => IsTold(cpu, before) && IsTold(cpu, after));

    /// <summary>A recording tells it of a CPU.</summary>
    public bool IsTold(int cpu, DiffSide side) =>
        side.Cpu(cpu) is { HasEvents: true } report
        && report.Knowledge.Of(Figure) == Certainty.Known
        && !(IsTime && side.Times.CountsCycles);

    /// <summary>What a recording has of it: a count or nanoseconds; of several CPUs the sum, or the longest.</summary>
    public double Of(IReadOnlyList<int> cpus, DiffSide side)
    {
        var all = cpus.Select(side.Cpu).OfType<CpuReport>().Select(Amount).DefaultIfEmpty(0);
        return (this == Longest ? all.Max() : all.Sum()) * (IsTime ? side.NanosecondsPerUnit : 1);
    }

    /// <summary>
    /// The change of the rate. A time is a number of breaks that each took as long: the time over the one that squares
    /// weigh, so that a few long breaks tell as little as few breaks do.
    /// </summary>
    public RateChange Change(IReadOnlyList<int> cpus, DiffSide before, DiffSide after)
    {
        var (first, second) = (UnitOf(cpus, before), UnitOf(cpus, after));
        var (unitBefore, unitAfter) = (first ?? second ?? 1, second ?? first ?? 1);
        return new RateChange(
            Of(cpus, before) / unitBefore,
            Of(cpus, after) / unitAfter,
            before.Seconds,
            after.Seconds,
            Math.Max(before.Dispersion(cpus), after.Dispersion(cpus))
        )
        {
            UnitBefore = unitBefore,
            UnitAfter = unitAfter,
        };
    }

    /// <summary>What one of them counts for; null where there is none.</summary>
    private double? UnitOf(IReadOnlyList<int> cpus, DiffSide side)
    {
        if (Squares is null)
            return 1;
        var squares = cpus.Select(side.Cpu).OfType<CpuReport>().Sum(Squares);
        var sum = Of(cpus, side);
        return sum > 0 ? squares * side.NanosecondsPerUnit * side.NanosecondsPerUnit / sum : null;
    }
}
