using System.Globalization;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Report;

/// <summary>What <c>--fail-on</c> can ask of CPUs: counts, and times in nanoseconds.</summary>
internal sealed class FailMetric
{
    private readonly Func<CpuReport, TraceTimes, FigureBounds> _of;

    private FailMetric(string name, Func<CpuReport, TraceTimes, FigureBounds> of, bool isTime = false) =>
        (Name, _of, IsTime) = (name, of, isTime);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FailMetric> All { get; } =
    [
        Count("kicks", static cpu => Of(cpu, Figure.Asked, cpu.Kicks.Count)),
        Count("interrupts", static cpu => Of(cpu, Figure.Sent, cpu.Kicks.Interrupts)),
        Count(
            "needless",
            static cpu =>
                cpu.Knowledge.Of(Figure.Needless) == Certainty.Known
                    ? Of(cpu, Figure.Needless, cpu.Kicks.Verdict(KickVerdict.Needless))
                    : new FigureBounds(cpu.NeedlessAtLeast, cpu.NeedlessAtMost)
        ),
        Count(
            "needless-at-most",
            static cpu => new FigureBounds(cpu.NeedlessAtMost ?? cpu.NeedlessAtLeast, cpu.NeedlessAtMost)
        ),
        Count("raced", static cpu => Of(cpu, KickVerdict.Raced)),
        Count("needed", static cpu => Of(cpu, KickVerdict.Needed)),
        Count("never", static cpu => Of(cpu, KickVerdict.NeverDeferrable)),
        Count("unknown", static cpu => Of(cpu, KickVerdict.Unknown)),
        Count("breaks", static cpu => Of(cpu, Figure.Breaks, Breaks.OfUser(cpu, static cause => cause.IsOutside()))),
        Count(
            "kick-breaks",
            static cpu => Of(cpu, Figure.KickBreaks, Breaks.OfUser(cpu, static cause => cause.IsKick()))
        ),
        Count("wakes", static cpu => Of(cpu, Figure.KickWakes, Breaks.OfIdle(cpu, static cause => cause.IsKick()))),
        new(
            "stolen",
            static (cpu, times) => OfTime(cpu, Breaks.TimeOfUser(cpu, static cause => cause.IsOutside()), times),
            isTime: true
        ),
        new("longest", static (cpu, times) => OfTime(cpu, cpu.LongestBreak, times), isTime: true) { IsLongest = true },
    ];

    /// <summary>As conditions name it.</summary>
    public string Name { get; }

    /// <summary>A time, which has a unit.</summary>
    public bool IsTime { get; }

    /// <summary>Of several CPUs the longest counts; of all others, their sum.</summary>
    public bool IsLongest { get; private init; }

    public static FailMetric? Find(string name) => All.FirstOrDefault(metric => metric.Name == name);

    /// <summary>A number, or the nanoseconds of a time with its unit; null for what is neither.</summary>
    public long? Parse(string text)
    {
        var number = text.TakeWhile(static c => char.IsAsciiDigit(c) || (c == '.')).Count();
        decimal? unit = (IsTime, text[number..]) switch
        {
            (false, "") => 1,
            (true, "ns") => 1,
            (true, "us") => 1_000,
            (true, "ms") => 1_000_000,
            (true, "s") => 1_000_000_000,
            _ => null,
        };
        var style = IsTime ? NumberStyles.AllowDecimalPoint : NumberStyles.None;
        return unit is { } one
            && decimal.TryParse(text.AsSpan(0, number), style, CultureInfo.InvariantCulture, out var value)
            && value * one is var all and <= long.MaxValue
            ? (long)all
            : null;
    }

    /// <summary>The figure in words: a number, or a time in microseconds.</summary>
    public string Text(long value) =>
        IsTime
            ? string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0.###} us")
            : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The figure of some CPUs together.</summary>
    public FigureBounds Of(IEnumerable<CpuReport> cpus, TraceTimes times)
    {
        var all = new FigureBounds(0, 0);
        foreach (var bounds in cpus.Select(cpu => _of(cpu, times)))
        {
            all = IsLongest
                ? new FigureBounds(
                    Math.Max(all.Least, bounds.Least),
                    all.Most is { } most && bounds.Most is { } other ? Math.Max(most, other) : null
                )
                : new FigureBounds(all.Least + bounds.Least, all.Most + bounds.Most);
        }

        return all;
    }

    private static FailMetric Count(string name, Func<CpuReport, FigureBounds> of) => new(name, (cpu, _) => of(cpu));

    private static FigureBounds Of(CpuReport cpu, KickVerdict verdict) =>
        Of(cpu, CpuFigures.Of(verdict), cpu.Kicks.Verdict(verdict));

    private static FigureBounds OfTime(CpuReport cpu, ulong counted, TraceTimes times) =>
        times.CountsCycles ? FigureBounds.Unknown : Of(cpu, Figure.BreakTime, times.Round(counted));

    private static FigureBounds Of(CpuReport cpu, Figure figure, long counted) =>
        cpu.Knowledge.Of(figure) switch
        {
            Certainty.Known => new FigureBounds(counted, counted),
            // An interrupt without a sender may be one whose sending is counted.
            Certainty.AtLeast => new FigureBounds(
                figure is Figure.Asked or Figure.Sent or Figure.Never
                    ? Math.Max(0, counted - cpu.Kicks.Unattributed)
                    : counted,
                null
            ),
            Certainty.AtMost => new FigureBounds(0, counted),
            _ => FigureBounds.Unknown,
        };
}
