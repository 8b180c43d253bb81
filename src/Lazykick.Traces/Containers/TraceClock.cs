namespace Lazykick.Traces.Containers;

/// <summary>The text of tracefs' trace_clock: all clocks, the chosen one in brackets.</summary>
internal static class TraceClock
{
    /// <summary>The name in brackets; a text without brackets is itself the name.</summary>
    public static string Selected(string text)
    {
        var open = text.IndexOf('[', StringComparison.Ordinal);
        var close = text.IndexOf(']', StringComparison.Ordinal);
        return open >= 0 && close > open ? text[(open + 1)..close] : text.Trim().TrimEnd('\0');
    }
}
