using System.Globalization;
using Lazykick.Checking.Exploration;

namespace Lazykick.Cli.Checking;

/// <summary>One line of progress on standard error.</summary>
internal static class SearchProgressLine
{
    public static void Write(SearchProgress p)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"level {p.Level}: {p.States:N0} states, {p.Waiting:N0} waiting, {p.States / Math.Max(p.Elapsed.TotalSeconds, 0.001) / 1e6:F2} M/s, {p.Bytes >> 20:N0} MB, {p.Elapsed.TotalSeconds:F0} s");
        if (Console.IsErrorRedirected)
            Console.Error.WriteLine(text);
        else
            Console.Error.Write($"\r{text,-100}{(p.Waiting == 0 ? "\n" : "")}");
    }
}
