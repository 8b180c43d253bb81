using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Serve;

/// <summary>The metrics of a running <c>serve</c>, read by Prometheus itself.</summary>
public sealed class ServeCommandTests
{
    [Theory]
    [InlineData("--listen", "9731", "--listen takes ADDRESS:PORT")]
    [InlineData("--listen", "nonsense:1", "--listen takes ADDRESS:PORT")]
    [InlineData("--otlp", "localhost", "--otlp takes the address of a collector")]
    [InlineData("--for", "soon", "--for takes a time")]
    public void A_wrong_value_is_told(string option, string value, string message)
    {
        var run = LazykickProcess.Run("serve", option, value);
        Assert.Equal(2, run.Status);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_is_taken_is_told()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var run = LazykickProcess.Run("serve", "--listen", other.LocalEndpoint.ToString()!);
        Assert.Equal(2, run.Status);
        Assert.Contains("another process listens there", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prometheus_scrapes_it_and_promtool_finds_nothing_wrong()
    {
        await using var serve = await Served.Start();
        var text = await serve.Metrics();
        var (status, output) = DeployTests.Run("promtool", text, "check", "metrics");
        Assert.True(status == 0, output + text);
        Assert.Contains("lazykick_events_lost_total", text, StringComparison.Ordinal);
        // Whatever this machine cannot tell has no series, and is named.
        Assert.True(
            text.Contains("lazykick_breaks_total{", StringComparison.Ordinal)
                || text.Contains("figure=\"breaks\"", StringComparison.Ordinal),
            text
        );
        Assert.True(
            text.Split('\n').Count(static l => l.Contains("function=", StringComparison.Ordinal)) <= 2 * 2 * 51
        );
        // Causes have names of their own, 50 at most.
        Assert.InRange(
            text.Split('\n')
                .Count(static l => l.StartsWith("lazykick_cause_breaks_total{", StringComparison.Ordinal)),
            0,
            51
        );

        var directory = Directory.CreateTempSubdirectory("lazykick-prometheus");
        var port = Served.FreePort();
        var config = File.ReadAllText(Repository.PathOf("deploy/prometheus-scrape.yml"))
            .Replace("127.0.0.1:9731", serve.Address, StringComparison.Ordinal)
            .Replace("15s", "1s", StringComparison.Ordinal);
        var file = Path.Combine(directory.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(file, config, TestContext.Current.CancellationToken);
        File.Copy(
            Repository.PathOf("deploy/prometheus-rules.yml"),
            Path.Combine(directory.FullName, "prometheus-rules.yml")
        );
        using var prometheus = Process.Start(
            new ProcessStartInfo("prometheus")
            {
                ArgumentList =
                {
                    $"--config.file={directory.FullName}/prometheus.yml",
                    $"--storage.tsdb.path={directory.FullName}/data",
                    $"--web.listen-address=127.0.0.1:{port}",
                },
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        try
        {
            using var client = new HttpClient();
            var waited = Stopwatch.StartNew();
            while (true)
            {
                Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "prometheus has not scraped");
                await Task.Delay(300, TestContext.Current.CancellationToken);
                try
                {
                    var answer = await client.GetStringAsync(
                        new Uri($"http://127.0.0.1:{port}/api/v1/query?query=count(lazykick_events_lost_total)"),
                        TestContext.Current.CancellationToken
                    );
                    var result = JsonDocument.Parse(answer).RootElement.GetProperty("data").GetProperty("result");
                    if (result.GetArrayLength() == 0)
                        continue;
                    Assert.Equal("1", result[0].GetProperty("value")[1].GetString());
                    break;
                }
                catch (HttpRequestException)
                {
                    // Not up yet.
                }
            }
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync(CancellationToken.None);
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Nothing_can_be_written_and_idle_clients_do_not_stop_it()
    {
        await using var serve = await Served.Start();
        using var client = new HttpClient { BaseAddress = new Uri($"http://{serve.Address}") };
        foreach (var path in new[] { "/", "/admin", "/metrics/../etc/passwd" })
        {
            var address = new Uri(path, UriKind.Relative);
            var answer = await client.GetAsync(address, TestContext.Current.CancellationToken);
            Assert.False(answer.IsSuccessStatusCode);
        }

        var idle = Enumerable.Range(0, 500).Select(_ => new TcpClient()).ToList();
        try
        {
            foreach (var one in idle)
                await one.ConnectAsync(IPEndPoint.Parse(serve.Address), TestContext.Current.CancellationToken);
            Assert.Contains("lazykick_", await serve.Metrics(), StringComparison.Ordinal);
        }
        finally
        {
            idle.ForEach(static one => one.Dispose());
        }
    }

    [Fact]
    public async Task A_collector_gets_the_same_figures_as_another_decoder_reads_them()
    {
        using var collector = new HttpListener();
        var to = $"http://127.0.0.1:{Served.FreePort()}/";
        collector.Prefixes.Add(to);
        collector.Start();
        await using var serve = await Served.Start("--otlp", to + "v1/metrics");
        var call = await collector.GetContextAsync().WaitAsync(
            TimeSpan.FromMinutes(2),
            TestContext.Current.CancellationToken
        );
        Assert.Equal("/v1/metrics", call.Request.Url!.AbsolutePath);
        Assert.Equal("application/x-protobuf", call.Request.ContentType);
        var file = Path.GetTempFileName();
        await using (var body = File.Create(file))
            await call.Request.InputStream.CopyToAsync(body, TestContext.Current.CancellationToken);
        call.Response.Close();

        // protoc knows nothing of OpenTelemetry: it reads the fields by number.
        var (status, output) = DeployTests.Run("sh", "", "-c", $"protoc --decode_raw < {file}");
        File.Delete(file);
        Assert.SkipWhen(status == 127, "protoc is not there");
        Assert.Equal(0, status);
        Assert.Contains("\"lazykick\"", output, StringComparison.Ordinal);
        foreach (var name in new[] { "lazykick.cpu.state.time", "lazykick.events.lost" })
            Assert.Contains($"1: \"{name}\"", output, StringComparison.Ordinal);
    }

    /// <summary>A running <c>serve</c>.</summary>
    private sealed class Served(Process process, string address) : IAsyncDisposable
    {
        public string Address => address;

        public static async Task<Served> Start(params string[] more)
        {
            if (Environment.UserName != "root" || !Directory.Exists("/sys/kernel/tracing/instances"))
                Assert.Skip("serve needs root and tracefs");
            var address = $"127.0.0.1:{FreePort()}";
            // OpenTelemetry pushes once a minute unless it is told otherwise.
            var process = LazykickProcess.Start(
                ["serve", "--listen", address, "--for", "4m", .. more],
                ("OTEL_METRIC_EXPORT_INTERVAL", "1000")
            );
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            var served = new Served(process, address);
            var waited = Stopwatch.StartNew();
            while (!(await served.Metrics()).Contains("lazykick_events_lost", StringComparison.Ordinal))
            {
                Assert.False(process.HasExited, "serve has ended");
                Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "serve does not answer");
                await Task.Delay(200);
            }

            return served;
        }

        public async Task<string> Metrics()
        {
            using var client = new HttpClient();
            try
            {
                return await client.GetStringAsync(new Uri($"http://{address}/metrics"));
            }
            catch (HttpRequestException)
            {
                return "";
            }
        }

        public static string FreePort()
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        }

        public async ValueTask DisposeAsync()
        {
            // As a service manager ends it: its instance in tracefs goes with it.
            using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
