using System.Globalization;
using Lazykick.Traces.Containers;
using Lazykick.Traces.Files;
using Lazykick.Traces.Totals;

namespace Lazykick.Cli.Report;

/// <summary>From units of the trace clock to what people read.</summary>
internal sealed class TraceTimes(TraceFile trace)
{
    private readonly ClockScale? _scale = trace.ClockScale;
    private readonly long? _wall = trace.WallClockOffset;

    /// <summary>The clock counts cycles, and nothing tells how long one is.</summary>
    public bool CountsCycles { get; } = trace.CountsCycles;

    /// <summary>Nanoseconds of a duration.</summary>
    public double Nanoseconds(ulong duration) =>
        _scale is null ? duration : (double)duration * _scale.Multiplier / (1UL << _scale.Shift);

    /// <summary>The same in whole nanoseconds, as documents for programs have it.</summary>
    public long Round(ulong duration) => (long)Math.Round(Nanoseconds(duration));

    /// <summary>Seconds of a point on the trace clock, as trace-cmd prints them.</summary>
    public string Point(ulong time) =>
        CountsCycles
            ? time.ToString(CultureInfo.InvariantCulture)
            : ((decimal)(_scale?.ToNanoseconds(time) ?? time) / 1_000_000_000m).ToString(
                "F6",
                CultureInfo.InvariantCulture
            );

    /// <summary>The same in UTC, where the trace has the offset.</summary>
    public string? WallClock(ulong time)
    {
        if (_wall is not { } offset)
            return null;
        var nanoseconds = (Int128)(_scale?.ToNanoseconds(time) ?? time) + offset;
        return nanoseconds >= 0 && nanoseconds < (Int128)long.MaxValue
            ? DateTime
                .UnixEpoch.AddTicks((long)(nanoseconds / 100))
                .ToString("yyyy-MM-dd HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>Units of the trace clock of seconds on the command line.</summary>
    public ulong FromSeconds(decimal seconds, bool relative)
    {
        var nanoseconds = (UInt128)(seconds * 1_000_000_000m);
        if (_scale is null)
            return (ulong)nanoseconds;
        var cycles = (ulong)((nanoseconds << _scale.Shift) / Math.Max(1, _scale.Multiplier));
        return relative ? cycles : cycles + _scale.Offset;
    }

    /// <summary>A duration in the unit that fits: <c>850 ns</c>, <c>4.7 us</c>, <c>98 ms</c>, <c>30.4 s</c>.</summary>
    public string Duration(ulong duration) => Text(duration, Math.Round);

    /// <summary>What a duration does not exceed: the upper end of where it lies, rounded up.</summary>
    public string AtMost(ValueRange range) => Text(range.AtMost, range.IsExact ? Math.Round : Math.Ceiling);

    private string Text(ulong duration, Func<double, double> round)
    {
        var value = Nanoseconds(duration);
        if (CountsCycles)
            return string.Create(CultureInfo.InvariantCulture, $"{value:N0} cycles");
        var (scaled, unit) = value switch
        {
            < 1000 => (value, "ns"),
            < 1e6 => (value / 1e3, "us"),
            < 1e9 => (value / 1e6, "ms"),
            _ => (value / 1e9, "s"),
        };
        var (steps, format) = scaled < 10 && unit != "ns" ? (10, "0.0") : (1, "0");
        return $"{(round(scaled * steps) / steps).ToString(format, CultureInfo.InvariantCulture)} {unit}";
    }
}
