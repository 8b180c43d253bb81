using System.Text.Json;
using System.Xml.Linq;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

/// <summary>What <c>check</c> writes for a CI: it may be green only where the exit status is 0.</summary>
public sealed class ReportFileTests
{
    private const string Broken = "include v2\nset patch4 = off\n";
    private const string Holding = "include v2\n";
    private const string NoPlace =
        "include v2\nset patch4 = off\nin aarch64_insn_patch_text replace @kick: kick kick_all_cpus_sync\n";
    private const string NoTarget =
        "include v2\noverride role peer\n    starts task\n    takes el1_irq\ncpus kicker target peer\n";

    [Theory]
    [InlineData(Holding, "", 0, 0, 0)]
    [InlineData(Broken, "", 1, 1, 0)]
    [InlineData(NoPlace, "", 4, 0, 2)]
    [InlineData(NoTarget, "--cpus 2", 4, 0, 1)]
    [InlineData(Holding, "--max-states 900", 3, 0, 6)]
    public void JUnit_is_green_only_with_status_0(string scheme, string options, int status, int failures, int errors)
    {
        using var files = new Files(scheme);
        Assert.Equal(status, files.Check(options).Status);
        var suites = XDocument.Load(files.JUnit).Root!;
        Assert.Equal("testsuites", suites.Name.LocalName);
        var suite = Assert.Single(suites.Elements("testsuite"));
        var cases = suite.Elements("testcase").ToList();
        Assert.Equal(cases.Count, (int)suite.Attribute("tests")!);
        foreach (var (kind, count) in new[] { ("failure", failures), ("error", errors) })
        {
            Assert.Equal(count, cases.Count(c => c.Element(kind) is not null));
            Assert.Equal(count, (int)suite.Attribute(kind + "s")!);
        }

        Assert.Equal(cases.Count(c => c.Element("skipped") is not null), (int)suite.Attribute("skipped")!);
        Assert.All(cases, c => Assert.True(c.Attribute("name") is not null && c.Attribute("classname") is not null));
    }

    [Theory]
    [InlineData(Holding, "", 0, 0, 0)]
    [InlineData(Broken, "", 1, 1, 0)]
    [InlineData(NoPlace, "", 4, 0, 2)]
    [InlineData(NoTarget, "--cpus 2", 4, 0, 1)]
    [InlineData(Holding, "--max-states 900", 3, 0, 5)]
    public void Sarif_is_empty_only_with_status_0(string scheme, string options, int status, int fails, int open)
    {
        using var files = new Files(scheme);
        Assert.Equal(status, files.Check(options).Status);
        using var log = JsonDocument.Parse(File.ReadAllText(files.Sarif));
        var results = Valid(log.RootElement);
        Assert.Equal(fails, results.Count(r => r.GetProperty("kind").GetString() == "fail"));
        Assert.Equal(open, results.Count(r => r.GetProperty("kind").GetString() == "open"));
    }

    [Fact]
    public void A_race_is_a_flow_whose_steps_lead_to_lines()
    {
        using var files = new Files(Broken);
        files.Check("");
        using var log = JsonDocument.Parse(File.ReadAllText(files.Sarif));
        var result = Assert.Single(Valid(log.RootElement));
        Assert.Equal("S1", result.GetProperty("ruleId").GetString());
        var flow = result.GetProperty("codeFlows")[0].GetProperty("threadFlows")[0].GetProperty("locations");
        Assert.Equal(16, flow.GetArrayLength()); // the 17th move is the fetch of old text
        Assert.Contains(
            flow.EnumerateArray(),
            s =>
                s.GetProperty("location")
                    .GetProperty("message")
                    .GetProperty("text")
                    .GetString()!
                    .Contains("skips CPU1", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void What_is_violated_as_expected_is_no_failure_and_a_difference_is_one()
    {
        using var files = new Files(Broken);
        const string Right =
            "cpus 2 memory sc\n    S1 violated 17\n    S1.windows violated 13\n    S5a holds\n    S5b violated 38\n    "
                + "S6 holds\n    S7 holds\n    S8 holds\n";
        files.Expect(Right);
        Assert.Equal(0, files.Check("--expected").Status);
        Assert.Empty(XDocument.Load(files.JUnit).Descendants("failure"));
        using (var log = JsonDocument.Parse(File.ReadAllText(files.Sarif)))
            Assert.Empty(Valid(log.RootElement));

        files.Expect(Right.Replace("S1 violated 17", "S1 holds", StringComparison.Ordinal));
        Assert.Equal(1, files.Check("--expected").Status);
        Assert.Contains(
            "S1: expected 'holds', found 'violated 17'",
            Assert.Single(XDocument.Load(files.JUnit).Descendants("failure")).Value
        );
        using var differing = JsonDocument.Parse(File.ReadAllText(files.Sarif));
        Assert.Equal("expected", Assert.Single(Valid(differing.RootElement)).GetProperty("ruleId").GetString());
    }

    /// <summary>
    /// The results of a log, held against what the SARIF 2.1.0 schema requires of the objects that stand in it.
    /// </summary>
    private static List<JsonElement> Valid(JsonElement log)
    {
        Assert.Equal("2.1.0", log.GetProperty("version").GetString());
        Assert.Equal("https://json.schemastore.org/sarif-2.1.0.json", log.GetProperty("$schema").GetString());
        var run = Assert.Single(log.GetProperty("runs").EnumerateArray());
        var driver = run.GetProperty("tool").GetProperty("driver");
        Assert.NotEqual("", driver.GetProperty("name").GetString());
        var rules = driver.GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("id").GetString()).ToList();
        Assert.Equal(rules.Distinct(), rules);
        Assert.All(driver.GetProperty("rules").EnumerateArray(), r => Text(r.GetProperty("shortDescription")));
        var results = run.GetProperty("results").EnumerateArray().ToList();
        foreach (var result in results)
        {
            Text(result.GetProperty("message"));
            Assert.Contains(result.GetProperty("ruleId").GetString(), rules);
            var (kind, level) = (result.GetProperty("kind").GetString(), result.GetProperty("level").GetString());
            // Section 3.27.10: only what fails has another level than none.
            Assert.True($"{kind} {level}" is "fail error" or "open none", $"{kind} {level}");
            Assert.NotEmpty(result.GetProperty("locations").EnumerateArray());
            Assert.All(result.GetProperty("locations").EnumerateArray(), Location);
            if (!result.TryGetProperty("codeFlows", out var flows))
                continue;
            foreach (var flow in flows.EnumerateArray().SelectMany(f => f.GetProperty("threadFlows").EnumerateArray()))
            {
                Assert.NotEmpty(flow.GetProperty("locations").EnumerateArray());
                Assert.All(flow.GetProperty("locations").EnumerateArray(), s => Location(s.GetProperty("location")));
            }
        }

        return results;
    }

    private static void Location(JsonElement location)
    {
        var place = location.GetProperty("physicalLocation");
        var address = place.GetProperty("artifactLocation").GetProperty("uri").GetString()!;
        Assert.True(Uri.IsWellFormedUriString(address, UriKind.RelativeOrAbsolute), address);
        Assert.True(place.GetProperty("region").GetProperty("startLine").GetInt32() >= 1);
        if (location.TryGetProperty("message", out var message))
            Text(message);
    }

    private static void Text(JsonElement message) => Assert.NotEqual("", message.GetProperty("text").GetString());

    private sealed class Files : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("lazykick report ").FullName;

        public Files(string scheme) => File.WriteAllText(Scheme, $"scheme own \"a variant\"\n{scheme}");

        public string JUnit => Path.Combine(_folder, "report.xml");

        public string Sarif => Path.Combine(_folder, "report.sarif");

        private string Scheme => Path.Combine(_folder, "own.kick");

        public void Expect(string text) => File.WriteAllText(Path.ChangeExtension(Scheme, ".expected"), text);

        public LazykickRun Check(string options) =>
            LazykickProcess.Run([
                "check",
                Scheme,
                "--memory",
                "sc",
                "--junit",
                JUnit,
                "--sarif",
                Sarif,
                .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ]);

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
