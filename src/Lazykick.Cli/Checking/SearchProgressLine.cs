using System.Globalization;
using Lazykick.Checking.Exploration;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Checking;

/// <summary>How far a search has come, about once a second.</summary>
internal static class SearchProgressLine
{
    public static void Write(SearchProgress p) =>
        StatusLine.Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"level {p.Level}: {p.States:N0} states, {p.Waiting:N0} waiting, "
                    + $"{p.States / Math.Max(p.Elapsed.TotalSeconds, 0.001) / 1e6:F2} M/s, {p.Bytes >> 20:N0} MB, "
                    + $"{p.Elapsed.TotalSeconds:F0} s"
            )
        );

    /// <summary>Takes the line off the terminal again: the search is over.</summary>
    public static void Clear() => StatusLine.Clear();
}
