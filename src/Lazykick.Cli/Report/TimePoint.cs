using System.Globalization;
using Lazykick.Traces.Totals;

namespace Lazykick.Cli.Report;

/// <summary>
/// A time on the command line: <c>13.7</c> is seconds on the trace clock as trace-cmd prints them, <c>+0.5</c> seconds
/// after the first event.
/// </summary>
internal readonly record struct TimePoint(decimal Seconds, bool IsRelative)
{
    // Further than any clock counts (2^62 ns).
    private const decimal LongestSeconds = 4_000_000_000;

    public static bool TryParse(string text, out TimePoint point)
    {
        point = default;
        var relative = text.StartsWith('+');
        if (
            !decimal.TryParse(
                relative ? text.AsSpan(1) : text,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var seconds
            )
            || seconds > LongestSeconds
        )
        {
            return false;
        }

        point = new TimePoint(seconds, relative);
        return true;
    }

    public TracePoint On(TraceTimes times) => new(times.FromSeconds(Seconds, IsRelative), IsRelative);
}
