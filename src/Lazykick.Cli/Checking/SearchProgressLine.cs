using System.Globalization;
using Lazykick.Checking.Exploration;

namespace Lazykick.Cli.Checking;

/// <summary>
/// How far a search has come, on standard error: one line that changes on a terminal, else one a second.
/// </summary>
internal static class SearchProgressLine
{
    private static bool _isShown;

    public static void Write(SearchProgress p)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"level {p.Level}: {p.States:N0} states, {p.Waiting:N0} waiting, {p.States / Math.Max(p.Elapsed.TotalSeconds, 0.001) / 1e6:F2} M/s, {p.Bytes >> 20:N0} MB, {p.Elapsed.TotalSeconds:F0} s"
        );
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(text);
            return;
        }

        _isShown = true;
        Console.Error.Write($"\r{text,-100}");
    }

    /// <summary>Takes the line off the terminal again: the search is over.</summary>
    public static void Clear()
    {
        if (_isShown)
            Console.Error.Write("\r\u001b[K");
        _isShown = false;
    }
}
