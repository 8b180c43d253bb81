using System.Net;
using System.Net.Sockets;
using Lazykick.Cli.Output;
using Lazykick.Traces;
using Lazykick.Traces.Live;
using Lazykick.Traces.Recording;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Lazykick.Cli.Serve;

/// <summary>
/// Runs <c>serve</c>: a live analysis, and OpenTelemetry's exporters. Nothing that a client sends changes anything, and
/// nothing is written to disk.
/// </summary>
internal sealed class ServeRun(ServeSettings settings, CancellationToken cancellation)
{
    private const int MostSeries = 32_768;
    private const int LargestAnswer = 16 << 20;
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public int Execute()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (settings.Time is { } time)
            ending.CancelAfter(time);
        if (Occupied() is { } why)
        {
            Console.Error.WriteLine($"lazykick: {settings.Listen}: {why}");
            return ExitStatus.WrongInput;
        }

        try
        {
            var tracefs = Tracefs.Find();
            Recorder.SweepDead(tracefs);
            var cpus = settings.Cpus is { } list ? list.Order().ToList() : null;
            var options = new RecordingOptions { Cpus = cpus, Output = "" };
            using var analysis = LiveAnalysis.Prepare(tracefs, options);
            foreach (var missing in analysis.Plan.Missing)
            {
                Console.Error.WriteLine(
                    $"lazykick: this kernel has no {missing.FullName}: not counted: {missing.Lost}"
                );
            }

            foreach (var note in analysis.Notes)
                Console.Error.WriteLine($"lazykick: {note}");
            using var metrics = new ServeMetrics();
            using var provider = Exporters();
            Console.Error.WriteLine($"lazykick: http://{settings.Listen}/metrics");
            var named = new HashSet<string>(StringComparer.Ordinal);
            analysis.Run(
                new AnalysisOptions { Cpus = settings.Cpus },
                s_second,
                report => metrics.Show(ServeFigures.Of(report, named)),
                ending.Token
            );
            return ExitStatus.Done;
        }
        catch (RecordingException error)
        {
            Console.Error.WriteLine($"lazykick: {error.Message}");
            return ExitStatus.WrongInput;
        }
        catch (HttpListenerException error)
        {
            Console.Error.WriteLine($"lazykick: {settings.Listen}: {error.Message}");
            return ExitStatus.WrongInput;
        }
    }

    private MeterProvider Exporters()
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(static resource => resource.AddService("lazykick"))
            .AddMeter(ServeMetrics.MeterName)
            .AddView("*", new MetricStreamConfiguration { CardinalityLimit = MostSeries })
            .AddPrometheusHttpListener(options =>
            {
                var address = settings.Listen.Address;
                var isAny = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
                options.Host = isAny ? "*" : address.ToString();
                options.Port = settings.Listen.Port;
                options.ScopeInfoEnabled = false;
                options.TargetInfoEnabled = false;
                options.MaxScrapeResponseSizeBytes = LargestAnswer;
                options.ScrapeResponseTimeoutMilliseconds = (int)s_patience.TotalMilliseconds;
                options.ConfigureHttpListener = static (_, listener) =>
                {
                    listener.IgnoreWriteExceptions = true;
                    listener.TimeoutManager.IdleConnection = s_patience;
                    listener.TimeoutManager.DrainEntityBody = s_patience;
                };
            });
        if (settings.Otlp is { } collector)
        {
            builder.AddOtlpExporter(options =>
            {
                options.Protocol = OtlpExportProtocol.HttpProtobuf;
                options.Endpoint = collector;
            });
        }

        return builder.Build();
    }

    // The exporter's own listener would say it in the log of OpenTelemetry only.
    private string? Occupied()
    {
        try
        {
            using var probe = new TcpListener(settings.Listen);
            probe.Start();
            return null;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? "another process listens there; choose another port with --listen"
                : error.Message;
        }
    }
}
