using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Watch;

public sealed class WatchCommandTests
{
    [Fact]
    public void In_a_pipe_each_second_is_a_line_whose_shares_make_up_the_whole()
    {
        NeedsTracefs();
        var run = LazykickProcess.Run("watch", "--for", "4s", "--json");
        Assert.Equal(0, run.Status);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        var page = File.ReadAllText(Repository.PathOf("docs/reference/json.md"));
        var section = page[page.IndexOf("## `lazykick.watch/1`", StringComparison.Ordinal)..];
        foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            Assert.Equal("lazykick.watch/1", root.GetProperty("schema").GetString());
            foreach (var cpu in root.GetProperty("cpus").EnumerateArray())
            {
                string[] states = ["user", "idle", "guest", "kernel", "unknown"];
                Assert.InRange(states.Sum(s => cpu.GetProperty(s).GetDouble()), 0.98, 1.02);
                foreach (var field in cpu.EnumerateObject())
                    Assert.Contains($"`{field.Name}`", section, StringComparison.Ordinal);
            }

            foreach (var sender in root.GetProperty("senders").EnumerateArray())
            {
                foreach (var field in sender.EnumerateObject())
                    Assert.Contains($"`{field.Name}`", section, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_reader_that_goes_away_ends_it_and_nothing_is_left_behind()
    {
        NeedsTracefs();
        var before = Directory.GetDirectories("/sys/kernel/tracing/instances");
        var run = LazykickProcess.Shell("lazykick watch | head -n 1");
        Assert.Equal(0, run.Status);
        Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(before, Directory.GetDirectories("/sys/kernel/tracing/instances"));
    }

    [Fact]
    public void A_wrong_list_of_CPUs_is_refused()
    {
        var run = LazykickProcess.Run("watch", "--cpus", "two");
        Assert.Equal(2, run.Status);
        Assert.Contains("--cpus takes a list of CPUs", run.Errors, StringComparison.Ordinal);
    }

    private static void NeedsTracefs()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "recording needs root");
        Assert.SkipUnless(File.Exists("/sys/kernel/tracing/trace_clock"), "tracefs is not mounted");
    }
}
