using System.Diagnostics;
using System.Globalization;
using Lazykick.Cli.Output;

namespace Lazykick.Cli.Report;

/// <summary>How far the analysis has come, on standard error, for whatever takes longer than a second.</summary>
internal sealed class ProgressLine(string name, TraceTimes times)
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(Console.IsErrorRedirected ? 5 : 0.2);

    private readonly long _started = Stopwatch.GetTimestamp();
    private TimeSpan _next = s_first;

    public void Update(ulong sinceStart)
    {
        var elapsed = Stopwatch.GetElapsedTime(_started);
        if (elapsed < _next)
            return;
        _next = elapsed + s_interval;
        StatusLine.Write(Text(sinceStart));
    }

    /// <summary>The line: what is done, to what, and how far.</summary>
    internal string Text(ulong sinceStart) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"lazykick: reading {name}, so far the first {times.Nanoseconds(sinceStart) / 1e9:F1} s of it"
        );

    public static void Done() => StatusLine.Clear();
}
