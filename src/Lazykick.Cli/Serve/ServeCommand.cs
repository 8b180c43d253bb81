using System.CommandLine;
using System.Net;
using Lazykick.Cli.Record;
using Lazykick.Traces.Reports;

namespace Lazykick.Cli.Serve;

/// <summary><c>lazykick serve</c>: what <c>watch</c> shows, as metrics for Prometheus and OpenTelemetry.</summary>
internal static class ServeCommand
{
    /// <summary>Where it answers unless told otherwise: this machine only.</summary>
    public const string DefaultListen = "127.0.0.1:9731";

    public static Command Create()
    {
        var listen = new Option<string>("--listen")
        {
            Description =
                "ADDRESS:PORT to answer Prometheus on, at /metrics. Other machines reach it only if the address says "
                    + "so.",
            DefaultValueFactory = static _ => DefaultListen,
        };
        var cpus = new Option<string?>("--cpus") { Description = "The CPUs to watch, for example 2-3. Default: all." };
        var otlp = new Option<string?>("--otlp")
        {
            Description =
                "Also send the metrics to an OpenTelemetry collector, for example http://localhost:4318/v1/metrics.",
        };
        var time = new Option<string?>("--for")
        {
            Description = "How long: 10s, 5m, 1h. Default: until SIGTERM or Ctrl-C.",
        };
        listen.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && Address(result.Tokens[0].Value) is null)
            {
                result.AddError(
                    $"--listen takes ADDRESS:PORT such as {DefaultListen} or 0.0.0.0:9731, not "
                        + $"'{result.Tokens[0].Value}'."
                );
            }
        });
        cpus.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !CpuListText.TryParse(result.Tokens[0].Value, out _))
                result.AddError($"--cpus takes a list of CPUs such as 0,2-3, not '{result.Tokens[0].Value}'.");
        });
        otlp.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && Collector(result.Tokens[0].Value) is null)
            {
                result.AddError(
                    "--otlp takes the address of a collector such as http://localhost:4318/v1/metrics, not "
                        + $"'{result.Tokens[0].Value}'."
                );
            }
        });
        time.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && RecordCommand.Duration(result.Tokens[0].Value) is null)
                result.AddError($"--for takes a time such as 500ms, 10s, 5m or 1h, not '{result.Tokens[0].Value}'.");
        });
        var command = new Command(
            "serve",
            "Answers Prometheus with what the CPUs do, what breaks into user mode and who kicks them. Read-only; needs "
                + "root or the capabilities of deploy/lazykick.service."
        )
        {
            listen,
            cpus,
            otlp,
            time,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                var settings = new ServeSettings
                {
                    Listen = Address(parsed.GetValue(listen)!)!,
                    Cpus = CpuListText.TryParse(parsed.GetValue(cpus), out var list) ? list : null,
                    Otlp = parsed.GetValue(otlp) is { } collector ? Collector(collector) : null,
                    Time = parsed.GetValue(time) is { } text ? RecordCommand.Duration(text) : null,
                };
                return Task.Run(() => new ServeRun(settings, cancellation).Execute(), CancellationToken.None);
            }
        );
        return command;
    }

    private static IPEndPoint? Address(string text) =>
        text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out var address) && address.Port > 0
            ? address
            : null;

    private static Uri? Collector(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;
}
