using System.Globalization;

namespace Lazykick.Traces.Recording;

/// <summary>
/// Names of what a recorder makes in the kernel. They have the process and the time at which it started, so that a
/// later run can tell what belongs to a process that has died.
/// </summary>
internal static class OwnerName
{
    /// <summary>A name for something of this process.</summary>
    public static string Of(string prefix, char separator) =>
        prefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + separator + StartOf("self");

    /// <summary>True for a name of something whose process has ended.</summary>
    public static bool IsDead(string name, string prefix, char separator)
    {
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
            return false;
        var parts = name[prefix.Length..].Split(separator);
        return parts.Length >= 2 && StartOf(parts[0]) != parts[1];
    }

    /// <summary>Start of a process in clock ticks since boot (proc(5), field 22), or empty if it is gone.</summary>
    private static string StartOf(string process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
