using System.Diagnostics.CodeAnalysis;

namespace Lazykick.Traces.Events;

/// <summary>
/// A mark that a program wrote to <c>trace_marker</c> to name a part of the trace: <c>PHASE name begin</c> and <c>PHASE
/// name end</c>. Phases may overlap and may occur again.
/// </summary>
internal static class PhaseMark
{
    private const string Prefix = "PHASE ";

    // A name longer than this is somebody else's text.
    private const int LongestName = 100;

    public static bool TryParse(string text, [NotNullWhen(true)] out string? name, out bool begins)
    {
        (name, begins) = (null, false);
        var mark = text.AsSpan().Trim();
        if (!mark.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        mark = mark[Prefix.Length..];
        begins = mark.EndsWith(" begin", StringComparison.Ordinal);
        if (!begins && !mark.EndsWith(" end", StringComparison.Ordinal))
            return false;
        mark = mark[..mark.LastIndexOf(' ')].Trim();
        if (mark.IsEmpty || mark.Length > LongestName)
            return false;
        name = mark.ToString();
        return true;
    }
}
