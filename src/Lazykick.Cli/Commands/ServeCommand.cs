using System.CommandLine;
using System.Net;
using Lazykick.Cli.Serve;

namespace Lazykick.Cli.Commands;

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
        var cpus = CpusOption.Create("The CPUs to watch, for example 2-3. Default: all.");
        var otlp = new Option<string?>("--otlp")
        {
            Description =
                "Also send the metrics to an OpenTelemetry collector, for example http://localhost:4318/v1/metrics.",
        };
        var time = TimeOption.Create("--for", "How long: 10s, 5m, 1h. Default: until SIGTERM or Ctrl-C.");
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
                    Cpus = CpusOption.Of(parsed, cpus),
                    Otlp = parsed.GetValue(otlp) is { } collector ? Collector(collector) : null,
                    Time = TimeOption.Of(parsed, time),
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
