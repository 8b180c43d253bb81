using System.Globalization;
using Lazykick.Traces.Recording;

namespace Lazykick.Cli.Record;

/// <summary>Rates and lost events on standard error: each second on a terminal, every ten seconds in a pipe.</summary>
internal sealed class RecordProgressLine
{
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(Console.IsErrorRedirected ? 10 : 1);
    private TimeSpan _next;
    private RecordingProgress? _last;
    private bool _written;

    public void Update(Recorder recorder, TimeSpan elapsed)
    {
        if (_last is null)
        {
            (_last, _next) = (recorder.Progress(), _interval);
            return;
        }

        if (elapsed < _next)
            return;
        var now = recorder.Progress();
        var seconds = Math.Max(0.001, (now.Elapsed - _last.Elapsed).TotalSeconds);
        var lost = now.Lost == 0 ? "none lost" : $"{now.Lost.ToString("N0", CultureInfo.InvariantCulture)} LOST";
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{now.Elapsed.TotalSeconds:F0} s: {now.Events:N0} events, {(now.Events - _last.Events) / seconds:N0} a "
                + $"second, {now.Bytes / 1e6:N1} MB, {lost}"
        );
        (_last, _next) = (now, elapsed + _interval);
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine($"lazykick: {text}");
            return;
        }

        _written = true;
        Console.Error.Write($"\r\u001b[K{text}");
    }

    public void Done()
    {
        if (_written)
            Console.Error.Write("\r\u001b[K");
    }
}
