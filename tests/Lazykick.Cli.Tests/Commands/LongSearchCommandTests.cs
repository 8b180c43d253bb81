using System.Text.RegularExpressions;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

/// <summary>Searches that are killed and go on, and those of which only bits are kept.</summary>
public sealed partial class LongSearchCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lazykick-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_search_that_was_killed_goes_on_and_ends_as_if_it_had_not_been()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent with kill");
        var file = Path.Combine(_directory, "v1.search");
        string[] call = ["check", "v1", "--memory", "arm", "--checkpoint", file];
        var first = LazykickProcess.Run([.. call, "--max-states", "200000"]);
        // Violated it is by then, too.
        Assert.Equal((1, ""), (first.Status, first.Messages));
        Assert.Contains("gave up at --max-states", first.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(file));
        using (var killed = LazykickProcess.Start(call))
        {
            Thread.Sleep(500);
            killed.Kill();
            killed.WaitForExit();
        }

        Assert.True(File.Exists(file));
        var last = LazykickProcess.Run(call);
        Assert.False(File.Exists(file));
        var whole = LazykickProcess.Run("check", "v1", "--memory", "arm");
        Assert.Equal(1, whole.Status);
        Assert.Equal((whole.Status, Timeless(whole.Output)), (last.Status, Timeless(last.Output)));
    }

    [Fact]
    public void A_file_that_is_no_checkpoint_is_refused_and_kept()
    {
        var file = Path.Combine(_directory, "notes");
        File.WriteAllText(file, "mine");
        var run = LazykickProcess.Run("check", "v2", "--memory", "sc", "--checkpoint", file);
        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Contains("notes is no checkpoint", run.Messages, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(file));
        var order = LazykickProcess.Run("check", "v2", "--memory", "sc", "--order", file);
        Assert.Equal((2, ""), (order.Status, order.Output));
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void Bits_of_states_show_nothing_and_find_what_is_violated()
    {
        var holds = LazykickProcess.Run("check", "v2", "--memory", "sc", "--bitstate", "1M");
        Assert.Equal(4, holds.Status);
        Assert.Contains("NOT SHOWN", holds.Output.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("bitstate, ", holds.Output, StringComparison.Ordinal);
        Assert.Contains("NOT exhaustive: a few bits of each state", holds.Output, StringComparison.Ordinal);
        var broken = LazykickProcess.Run("check", "v2", "--memory", "arm", "--bitstate", "1M");
        Assert.Equal(1, broken.Status);
        Assert.Contains("S1", broken.Output.Split('\n')[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--bitstate 1M --checkpoint x", "--bitstate keeps no states: leave out --checkpoint and --order")]
    [InlineData("--bitstate 1M --sweep all", "--bitstate is for one search: leave out --sweep")]
    [InlineData("--order x v1", "--order is for one search: name only one scheme")]
    [InlineData("--bitstate much", "--bitstate takes a size such as 500M or 2G, not 'much'.")]
    [InlineData("--workers 0", "--workers")]
    public void What_does_not_go_together_is_refused(string options, string message)
    {
        var run = LazykickProcess.Run(["check", "v2", .. options.Split(' ')]);
        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Contains(message, run.Messages, StringComparison.Ordinal);
    }

    private static string Timeless(string output) => Seconds().Replace(output, "");

    [GeneratedRegex(@", [0-9.]+ s$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Seconds();
}
