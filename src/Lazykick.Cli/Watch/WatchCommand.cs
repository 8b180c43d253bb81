using System.CommandLine;
using Lazykick.Cli.Record;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Watch;

/// <summary><c>lazykick watch</c>: who interrupts which CPU, now.</summary>
internal static class WatchCommand
{
    public static Command Create()
    {
        var cpus = new Option<string?>("--cpus") { Description = "The CPUs to watch, for example 2-3. Default: all." };
        var time = new Option<string?>("--for") { Description = "How long: 10s, 5m, 1h. Default: until q or Ctrl-C." };
        var json = new Option<bool>("--json")
        {
            Description = "One JSON document a second and line (NDJSON, docs/reference/json.md) instead of a screen.",
        };
        cpus.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !CpuListText.TryParse(result.Tokens[0].Value, out _))
                result.AddError($"--cpus takes a list of CPUs such as 0,2-3, not '{result.Tokens[0].Value}'.");
        });
        time.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && RecordCommand.Duration(result.Tokens[0].Value) is null)
                result.AddError($"--for takes a time such as 500ms, 10s, 5m or 1h, not '{result.Tokens[0].Value}'.");
        });
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
                    Cpus = CpuListText.TryParse(parsed.GetValue(cpus), out var list) ? list : null,
                    Time = parsed.GetValue(time) is { } text ? RecordCommand.Duration(text) : null,
                    Json = parsed.GetValue(json),
                };
                return Task.Run(() => new WatchRun(settings, cancellation).Execute(), CancellationToken.None);
            }
        );
        return command;
    }
}
