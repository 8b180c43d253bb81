using System.CommandLine;
using System.Globalization;
using Lazykick.Cli.Record;
using Lazykick.Traces.Recording;

namespace Lazykick.Cli.Commands;

/// <summary><c>lazykick record</c>: takes a trace that <c>report</c> can explain.</summary>
internal static class RecordCommand
{
    public static Command Create()
    {
        var cpus = CpusOption.Create(
            "Kicks to these CPUs, and what these CPUs do, for example 2-3. Default: all CPUs."
        );
        var preset = new Option<string>("--preset")
        {
            Description =
                "census: who interrupts which CPU in which state. exact: also what led to it on the recorded CPUs, "
                    + "with a stack at each interrupt. deep: also what all other CPUs do.",
            DefaultValueFactory = static _ => "census",
        };
        preset.AcceptOnlyFromAmong("census", "exact", "deep");
        var stacks = new Option<bool>("--stacks") { Description = "A kernel stack at the sender of each kick." };
        var output = new Option<string>("-o", "--output")
        {
            Description = "The file to write.",
            DefaultValueFactory = static _ => "trace.dat",
        };
        var time = TimeOption.Create("--for", "How long: 10s, 5m, 1h. Default: until Ctrl-C.");
        var untilBreak = TimeOption.Create(
            "--until-break",
            "Stop at the first interruption of user mode longer than this (50us, 1ms) and keep only what led to it.",
            "50us or 1ms",
            needsUnit: true
        );
        var buffer = new Option<int>("--buffer-mib")
        {
            Description = "The kernel's buffer for each CPU, 1 to 4096 MiB.",
            DefaultValueFactory = static _ => 8,
        };
        var check = new Option<bool>("--check")
        {
            Description = "Record nothing: say what this machine can and cannot tell, and what to change.",
        };
        var json = new Option<bool>("--json")
        {
            Description = "One JSON document instead of text (docs/reference/json.md).",
        };
        var command = new Argument<string[]>("COMMAND")
        {
            Description = "After '--': record while this command runs.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        buffer.Validators.Add(result =>
        {
            if (
                result.Tokens.Count > 0
                && !(
                    int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var mib)
                    && mib is >= 1 and <= 4096
                )
            )
            {
                result.AddError($"--buffer-mib takes 1 to 4096, not '{result.Tokens[0].Value}'.");
            }
        });
        var record = new Command(
            "record",
            "Records who interrupts CPUs, with the kernel's own tracing and nothing else, as a trace.dat for 'report', "
                + "trace-cmd and KernelShark. Needs root."
        )
        {
            command,
            cpus,
            preset,
            stacks,
            output,
            time,
            untilBreak,
            buffer,
            check,
            json,
        };
        record.SetAction(
            (parsed, cancellation) =>
            {
                var settings = new RecordSettings
                {
                    Options = new RecordingOptions
                    {
                        Cpus = CpusOption.Of(parsed, cpus) is { } list ? [.. list.Order()] : null,
                        Preset = Enum.Parse<RecordingPreset>(parsed.GetValue(preset)!, ignoreCase: true),
                        Stacks = parsed.GetValue(stacks),
                        BufferKiB = parsed.GetValue(buffer) << 10,
                        Output = parsed.GetValue(output)!,
                    },
                    Time = TimeOption.Of(parsed, time),
                    Command = parsed.GetValue(command) ?? [],
                    Json = parsed.GetValue(json),
                };
                var threshold = TimeOption.Of(parsed, untilBreak);
                return Task.Run(
                    () =>
                        parsed.GetValue(check) ? RecordCheck.Execute(settings)
                        : threshold is { } longest ? new BreakHunt(settings, longest, cancellation).Execute()
                        : new RecordRun(settings, cancellation).Execute(),
                    CancellationToken.None
                );
            }
        );
        return record;
    }
}
