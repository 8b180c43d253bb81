using System.Globalization;
using Lazykick.Cli.Output;
using Lazykick.Traces.Recording;

namespace Lazykick.Cli.Record;

/// <summary>Rates and lost events on standard error: each second on a terminal, every ten seconds in a pipe.</summary>
internal sealed class RecordProgressLine
{
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(Console.IsErrorRedirected ? 10 : 1);
    private TimeSpan _next;
    private RecordingProgress? _last;

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
        StatusLine.Write($"lazykick: recording, {text}");
    }

    public static void Done() => StatusLine.Clear();
}
