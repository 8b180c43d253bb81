using System.Net.Sockets;
using Lazykick.Cli.Output;
using Lazykick.Cli.Watch;
using Lazykick.Traces;
using Lazykick.Traces.Live;
using Lazykick.Traces.Recording;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Lazykick.Cli.Serve;

/// <summary>
/// Runs <c>serve</c>: a live analysis, a server for Prometheus, and OpenTelemetry's exporter where there is a
/// collector. Nothing that a client sends changes anything, and nothing is written to disk.
/// </summary>
internal sealed class ServeRun(ServeSettings settings, CancellationToken cancellation)
{
    private const int MostSeries = 32_768;
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    public int Execute()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (settings.Time is { } time)
            ending.CancelAfter(time);
        try
        {
            var tracefs = Tracefs.Find();
            Recorder.SweepDead(tracefs);
            var cpus = settings.Cpus is { } list ? list.Order().ToList() : null;
            using var metrics = new ServeMetrics();
            using var text = new PrometheusText(ServeMetrics.MeterName);
            using var server = new MetricsServer(settings.Listen, () => metrics.HasFigures ? text.Read() : null);
            var options = new RecordingOptions
            {
                Cpus = cpus,
                NamesCauses = true,
                Output = "",
            };
            using var analysis = LiveAnalysis.Prepare(tracefs, options);
            foreach (var missing in analysis.Plan.Missing)
            {
                Console.Error.WriteLine(
                    $"lazykick: this kernel has no {missing.FullName}: not counted: {missing.Lost}"
                );
            }

            foreach (var note in analysis.Notes)
                Console.Error.WriteLine($"lazykick: {note}");
            using var exporter = settings.Otlp is { } collector ? ToCollector(collector) : null;
            server.Start();
            Console.Error.WriteLine($"lazykick: http://{settings.Listen}/metrics");
            var names = new ServeNames();
            analysis.Run(
                new AnalysisOptions { Cpus = settings.Cpus },
                s_second,
                report =>
                {
                    if (!metrics.HasFigures)
                        WatchLimits.Tell(report);
                    metrics.Show(ServeFigures.Of(report, names));
                },
                ending.Token
            );
            return ExitStatus.Done;
        }
        catch (RecordingException error)
        {
            Console.Error.WriteLine($"lazykick: {error.Message}");
            return ExitStatus.WrongInput;
        }
        catch (SocketException error)
        {
            var why =
                error.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? "another process listens there; choose another port with --listen"
                    : error.Message;
            Console.Error.WriteLine($"lazykick: {settings.Listen}: {why}");
            return ExitStatus.WrongInput;
        }
    }

    private static MeterProvider ToCollector(Uri collector) =>
        Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(static resource => resource.AddService("lazykick"))
            .AddMeter(ServeMetrics.MeterName)
            .AddView("*", new MetricStreamConfiguration { CardinalityLimit = MostSeries })
            .AddOtlpExporter(options =>
            {
                options.Protocol = OtlpExportProtocol.HttpProtobuf;
                options.Endpoint = collector;
            })
            .Build();
}
