using System.Globalization;
using Lazykick.Traces;
using Lazykick.Traces.Files;

namespace Lazykick.Cli.Report;

/// <summary>
/// <c>--tasks</c>: tasks by their pids or names, in which <c>*</c> stands for any text; for example
/// <c>worker*,1234</c>.
/// </summary>
internal sealed record TaskFilter(string Text, IReadOnlyList<string> Wanted)
{
    /// <summary>Reads a list; null for one with an empty entry.</summary>
    public static TaskFilter? Parse(string text)
    {
        var wanted = text.Split(',', StringSplitOptions.TrimEntries);
        return wanted.All(static one => one.Length > 0) ? new TaskFilter(text, wanted) : null;
    }

    /// <summary>
    /// The pids of these tasks. Names are known when the trace has been read: where there are any, it is read once for
    /// them alone.
    /// </summary>
    public IReadOnlySet<int> Resolve(TraceFile trace, Action<ulong>? progress, CancellationToken cancellation)
    {
        var pids = Wanted.Select(Pid).OfType<int>().ToHashSet();
        if (pids.Count == Wanted.Count)
            return pids;
        TraceAnalysis.Run(trace, new AnalysisOptions { OnProgress = progress }, cancellation);
        foreach (var (pid, name) in trace.TaskNames.All)
        {
            if (Wanted.Any(pattern => Matches(name, pattern)))
                pids.Add(pid);
        }

        return pids;
    }

    private static int? Pid(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;

    private static bool Matches(string name, string pattern)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1)
            return name == pattern;
        if (!name.StartsWith(parts[0], StringComparison.Ordinal))
            return false;
        var at = parts[0].Length;
        foreach (var part in parts[1..^1])
        {
            var found = name.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at = found + part.Length;
        }

        return name.Length - at >= parts[^1].Length && name.EndsWith(parts[^1], StringComparison.Ordinal);
    }
}
