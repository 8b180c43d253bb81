using System.CommandLine;
using Lazykick.Cli.Watch;

namespace Lazykick.Cli.Commands;

/// <summary><c>lazykick watch</c>: who interrupts which CPU, now.</summary>
internal static class WatchCommand
{
    public static Command Create()
    {
        var cpus = CpusOption.Create("The CPUs to watch, for example 2-3. Default: all.");
        var time = TimeOption.Create("--for", "How long: 10s, 5m, 1h. Default: until q or Ctrl-C.");
        var json = new Option<bool>("--json")
        {
            Description = "One JSON document a second and line (NDJSON, docs/reference/json.md) instead of a screen.",
        };
        var command = new Command(
            "watch",
            "Shows live what the CPUs do, what breaks into user mode, who sends it and what cures it. In a pipe: a "
                + "line a second. Needs root."
        )
        {
            cpus,
            time,
            json,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                var settings = new WatchSettings
                {
                    Cpus = CpusOption.Of(parsed, cpus),
                    Time = TimeOption.Of(parsed, time),
                    Json = parsed.GetValue(json),
                };
                return Task.Run(() => new WatchRun(settings, cancellation).Execute(), CancellationToken.None);
            }
        );
        return command;
    }
}
