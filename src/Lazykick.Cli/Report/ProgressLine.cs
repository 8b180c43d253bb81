using System.Diagnostics;
using System.Globalization;

namespace Lazykick.Cli.Report;

/// <summary>How far the analysis has come, on standard error, for whatever takes longer than a second.</summary>
internal sealed class ProgressLine(string name, TraceTimes times)
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);

    private readonly long _started = Stopwatch.GetTimestamp();
    private TimeSpan _next = s_first;
    private bool _written;

    public void Update(ulong sinceStart)
    {
        var elapsed = Stopwatch.GetElapsedTime(_started);
        if (elapsed < _next)
            return;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {times.Nanoseconds(sinceStart) / 1e9:F1} s of trace read"
        );
        if (Console.IsErrorRedirected)
        {
            _next = elapsed + TimeSpan.FromSeconds(5);
            Console.Error.WriteLine(text);
            return;
        }

        _next = elapsed + TimeSpan.FromMilliseconds(200);
        _written = true;
        Console.Error.Write($"\r{text}");
    }

    public void Done()
    {
        if (_written)
            Console.Error.Write("\r\u001b[K");
    }
}
