namespace Lazykick.Traces.Totals;

/// <summary>A point in the time of a trace.</summary>
/// <param name="Nanoseconds">Units of the trace clock; for most clocks nanoseconds.</param>
/// <param name="IsRelative">Counted from the first event rather than on the trace clock.</param>
public readonly record struct TracePoint(ulong Nanoseconds, bool IsRelative)
{
    internal ulong ToTime(ulong start) => IsRelative ? start + Nanoseconds : Nanoseconds;
}
