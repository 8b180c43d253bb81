using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

/// <summary><c>check --sweep</c>, its shards, and <c>merge</c>.</summary>
public sealed class SweepTests : IDisposable
{
    private const string Sweep = "check v2 --memory sc --sweep patch3,patch4,gic";

    private static readonly Lazy<string[]> s_parts = new(() =>
        [.. Enumerable.Range(1, 3).Select(i => LazykickProcess.Run($"{Sweep} --shard {i}/3 --json".Split(' ')).Output)]
    );

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lazykick-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Each_row_is_what_check_says_of_that_combination()
    {
        var run = LazykickProcess.Run($"{Sweep} --json".Split(' '));
        Assert.Equal((1, ""), (run.Status, run.Messages));
        using var sweep = JsonDocument.Parse(run.Output);
        var rows = sweep.RootElement.GetProperty("rows");
        Assert.Equal(8, rows.GetArrayLength());
        Assert.True(sweep.RootElement.GetProperty("complete").GetBoolean());
        foreach (var row in rows.EnumerateArray().Where((_, i) => i % 3 == 1))
        {
            var values = row.GetProperty("values").EnumerateArray().Select(v => v.GetString()).ToList();
            var set = $"--set patch3={values[0]} --set patch4={values[1]} --set gic={values[2]}";
            using var check = JsonDocument.Parse(
                LazykickProcess.Run($"check v2 --memory sc --cpus 2 {set} --json".Split(' ')).Output
            );
            var one = check.RootElement.GetProperty("checks")[0];
            foreach (var name in (string[])["states", "moves", "answer", "end"])
                Assert.Equal(one.GetProperty(name).ToString(), row.GetProperty(name).ToString());
            Assert.Equal(
                one.GetProperty("properties").EnumerateArray().Select(Verdict),
                row.GetProperty("properties").EnumerateArray().Select(Verdict)
            );
        }

        static string Verdict(JsonElement property) =>
            $"{property.GetProperty("name")} {property.GetProperty("verdict")} "
            + (property.TryGetProperty("length", out var length) ? $"{length}" : "");
    }

    [Fact]
    public void What_searches_that_gave_up_did_not_find_is_not_said_to_be_none()
    {
        var run = LazykickProcess.Run("check v2 --memory sc --sweep patch3,patch4 --max-states 100".Split(' '));
        Assert.Equal(3, run.Status);
        Assert.Contains("  >=0       gave up\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("changes no verdict", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Shards_in_any_order_and_more_than_once_make_the_whole_document()
    {
        var whole = LazykickProcess.Run($"{Sweep} --json".Split(' ')).Output;
        var parts = Parts();
        Assert.Equal(whole, LazykickProcess.Run("merge", parts[2], parts[0], parts[1], parts[0], "--json").Output);
        var some = LazykickProcess.Run("merge", parts[1], parts[0], "--json");
        Assert.Contains("lazykick: missing: 2 of 8 combinations\n", some.Errors, StringComparison.Ordinal);
        Assert.Contains("    patch3=off patch4=on gic=v2\n", some.Errors, StringComparison.Ordinal);
        var file = Write("some.json", some.Output);
        Assert.Equal(whole, LazykickProcess.Run("merge", file, parts[2], "--json").Output);
        Assert.Equal(
            LazykickProcess.Run(Sweep.Split(' ')).Output,
            LazykickProcess.Run(["merge", .. parts]).Output
        );
    }

    [Fact]
    public void What_is_missing_leaves_nothing_shown_even_if_all_the_rest_holds()
    {
        var part = Write(
            "part.json",
            LazykickProcess.Run("check v2 --memory sc --sweep patch1 --shard 1/2 --json".Split(' ')).Output
        );
        var run = LazykickProcess.Run("merge", part);
        Assert.Equal(4, run.Status);
        Assert.Contains("1 of 2 combinations", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_knob_that_changes_nothing_is_named_and_one_that_does_is_not()
    {
        var run = LazykickProcess.Run("check v2 --memory sc --sweep patch1,patch4".Split(' '));
        Assert.Contains("changes no verdict: patch1\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_combination_that_gave_up_counts_only_until_another_file_decides_it()
    {
        const string Call = "check v2 --memory sc --sweep patch1 --json";
        var run = LazykickProcess.Run($"{Call} --max-states 500".Split(' '));
        Assert.Equal(3, run.Status);
        var cut = Write("cut.json", run.Output);
        var whole = LazykickProcess.Run(Call.Split(' ')).Output;
        var file = Write("whole.json", whole);
        Assert.Equal(whole, LazykickProcess.Run("merge", cut, file, "--json").Output);
        Assert.Equal(whole, LazykickProcess.Run("merge", file, cut, "--json").Output);
    }

    [Theory]
    [InlineData("\"length\": 34", "\"length\": 33", "came out otherwise in")]
    [InlineData("\"scheme\": \"v2\"", "\"scheme\": \"v3\"", "scheme v3, not v2")]
    [InlineData("\"sha256\": \"", "\"sha256\": \"0", "the text of arm64-rcu.kick differs")]
    [InlineData("\"version\": \"", "\"version\": \"9", "written by lazykick 9")]
    [InlineData("\"memory\": \"sc\"", "\"memory\": \"arm\"", "memory arm, not sc")]
    [InlineData("\"dsb\": \"off\"", "\"dsb\": \"on\"", "dsb=on, not off")]
    [InlineData("\"rows\": [", "\"rows\": [ null,", "a name is null")]
    [InlineData("\"rows\": [", "\"rows\": null, \"x\": [", "not a sweep")]
    [InlineData("\"index\": 2", "\"index\": 99", "there is no combination 99")]
    [InlineData("\"index\": 2", "\"index\": 3", "combination 3 has not its values")]
    [InlineData("\"combinations\": 8", "\"combinations\": 90000000000", "its knobs have not 90000000000 combinations")]
    [InlineData("\"answer\": ", "\"no\": ", "has no answer")]
    [InlineData("\"answer\": \"broken\"", "\"answer\": 77", "not a sweep")]
    [InlineData("lazykick.sweep/1", "lazykick.check/2", "a document lazykick.check/2; a sweep is lazykick.sweep/1")]
    [InlineData("]", "", "it is no JSON, or it is cut")]
    public void A_file_that_was_changed_is_refused_in_words(string from, string to, string message)
    {
        var parts = Parts();
        var changed = Write("changed.json", File.ReadAllText(parts[2]).Replace(from, to, StringComparison.Ordinal));
        var run = LazykickProcess.Run("merge", parts[2], changed);
        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Contains($"lazykick: {changed}: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check v2 --sweep ptch3", "scheme 'v2' has no knob 'ptch3'\n    did you mean 'patch3'?")]
    [InlineData("check v2 --sweep patch3,patch3", "a knob is named twice")]
    [InlineData("check v2 --sweep patch3 --set patch3=on", "knob 'patch3' is swept, and --set gives it one value")]
    [InlineData("check v2 --sweep all", "combinations are too many for one call; 100,000 are possible")]
    [InlineData("check v2 --sweep patch3 --shard 3/2", "--shard takes i/n with i from 1 to n")]
    [InlineData("check v2 --shard 1/2", "--shard is a part of a sweep: add --sweep knob,knob")]
    [InlineData("check v2 --sweep patch3 --html x.html", "--sweep prints a matrix, and nothing else: leave out --html")]
    [InlineData("check v2 v1 --sweep gic", "--sweep is for one scheme: name only one")]
    [InlineData("check v2 --sweep patch3 --property S99", "'v2' does not state 'S99'")]
    [InlineData("check v2 --sweep patch3 --set dbs=on", "scheme 'v2' has no knob 'dbs'")]
    [InlineData("merge no-such.json", "no-such.json: there is no such file")]
    [InlineData("merge docs", "docs: a directory")]
    [InlineData("merge --jsn", "unknown option '--jsn'; did you mean '--json'?")]
    public void A_mistake_ends_with_2_and_says_what_is_wrong(string call, string message)
    {
        var run = LazykickProcess.Run(call.Split(' '));
        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_combination_that_is_no_scheme_is_a_row_with_the_reason()
    {
        var scheme = Write(
            "twice.kick",
            """
            scheme twice "counts too far"
            knob often = off
            private count : 0..1 = 0
            role one
                starts user
                takes in_and_out
            cpus one one
            path in_and_out from user
                exception
                count := count + 1 when often
                eret
            """
        );
        var run = LazykickProcess.Run("check", scheme, "--memory", "sc", "--sweep", "often");
        Assert.Contains("refused", run.Output, StringComparison.Ordinal);
        Assert.Contains("refused (1): LK0502: ", run.Output, StringComparison.Ordinal);
        Assert.Equal(4, run.Status);
    }

    [Fact]
    public void The_page_describes_the_document()
    {
        var run = LazykickProcess.Run($"{Sweep} --json".Split(' '));
        using var sweep = JsonDocument.Parse(run.Output);
        Assert.Empty(JsonPage.Undescribed(sweep.RootElement, "lazykick.sweep/1"));
    }

    [Theory]
    [InlineData("GNU parallel", "parallel")]
    [InlineData("xargs", "xargs")]
    public void The_recipe_of_the_guide_makes_the_whole_matrix(string recipe, string tool)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        Assert.SkipWhen(
            LazykickProcess.Shell($"command -v {tool} > /dev/null").Status != 0,
            $"{tool} is missing (eng/install-oracles)"
        );
        var page = File.ReadAllText(Repository.PathOf("docs/guide/questions.md"));
        var begin = page.IndexOf($"**{recipe}**", StringComparison.Ordinal);
        var code = page[begin..].Split("```sh\n")[1].Split("\n```")[0];
        // The recipe calls what the PATH has.
        var bin = _directory.CreateSubdirectory("bin");
        var command = Path.Combine(bin.FullName, "lazykick");
        File.WriteAllText(command, $"#!/bin/sh\nexec {LazykickProcess.Command} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var run = LazykickProcess.Shell(
            $"unset -f lazykick; cd '{_directory.FullName}'; {code}",
            ("PATH", $"{bin.FullName}:{Environment.GetEnvironmentVariable("PATH")}"),
            ("HOME", _directory.FullName)
        );
        Assert.Contains("all 8 combinations of patch3, patch4, gic", run.Output, StringComparison.Ordinal);
        Assert.Equal(LazykickProcess.Run(Sweep.Split(' ')).Output, run.Output);
    }

    /// <summary>Files of three shards.</summary>
    private string[] Parts() => [.. s_parts.Value.Select((text, i) => Write($"part-{i}.json", text))];

    private string Write(string name, string text)
    {
        var file = Path.Combine(_directory.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }
}
