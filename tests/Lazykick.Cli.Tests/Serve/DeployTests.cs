using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Serve;

/// <summary>The files in deploy: what Prometheus says of them, and whether they name metrics that exist.</summary>
public sealed partial class DeployTests
{
    [Theory]
    [InlineData("check", "rules", "deploy/prometheus-rules.yml")]
    [InlineData("check", "config", "deploy/prometheus-scrape.yml")]
    public void Promtool_accepts(string verb, string kind, string file)
    {
        var (status, output) = Run("promtool", "", verb, kind, Repository.PathOf(file));
        Assert.True(status == 0, output);
    }

    [Fact]
    public void Every_metric_that_rules_and_dashboard_ask_for_is_one_that_serve_has()
    {
        var code = File.ReadAllText(Repository.PathOf("src/Lazykick.Cli/Serve/ServeMetrics.cs"));
        // As the exporter writes them: dots become underscores, then the unit, then _total for counters.
        var known = Instrument()
            .Matches(code)
            .Select(static m =>
                m.Groups["name"].Value.Replace('.', '_')
                + (m.Groups["unit"].Value == "s" ? "_seconds" : "")
                + (m.Groups["kind"].Value == "Counter" ? "_total" : "")
            )
            .ToHashSet(StringComparer.Ordinal);
        Assert.Equal(11, known.Count);
        foreach (var file in new[] { "deploy/prometheus-rules.yml", "deploy/grafana-dashboard.json" })
        {
            var asked = Metric()
                .Matches(File.ReadAllText(Repository.PathOf(file)))
                .Select(static m => m.Value)
                .ToHashSet(StringComparer.Ordinal);
            Assert.NotEmpty(asked);
            Assert.Subset(known, asked);
        }
    }

    [Fact]
    public void The_dashboard_is_a_document_whose_panels_do_not_overlap()
    {
        var dashboard = JsonDocument
            .Parse(File.ReadAllText(Repository.PathOf("deploy/grafana-dashboard.json")))
            .RootElement;
        var places = dashboard
            .GetProperty("panels")
            .EnumerateArray()
            .Select(static p => p.GetProperty("gridPos"))
            .SelectMany(static g =>
                from x in Enumerable.Range(g.GetProperty("x").GetInt32(), g.GetProperty("w").GetInt32())
                from y in Enumerable.Range(g.GetProperty("y").GetInt32(), g.GetProperty("h").GetInt32())
                select (x, y)
            )
            .ToList();
        Assert.Equal(places.Count, places.Distinct().Count());
        Assert.All(places, static place => Assert.InRange(place.x, 0, 23));
    }

    internal static (int Status, string Output) Run(string program, string input, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            foreach (var argument in arguments)
                start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            process.WaitForExit();
            return (process.ExitCode, output.Result + errors.Result);
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed (eng/install-oracles)");
            return default;
        }
    }

    [GeneratedRegex(
        """CreateObservable(?<kind>Counter|Gauge)\(\s*"(?<name>[a-z.]+)",.*?"(?<unit>s|\{[a-z]+\})",""",
        RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Instrument();

    [GeneratedRegex("lazykick_[a-z_]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Metric();
}
