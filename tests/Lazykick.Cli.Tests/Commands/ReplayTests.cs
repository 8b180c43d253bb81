using System.Text.Json;
using System.Text.RegularExpressions;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

/// <summary><c>check --save</c> and <c>replay</c>.</summary>
public sealed class ReplayTests : IDisposable
{
    private static readonly Lazy<string> s_saved = new(() =>
    {
        var file = Path.GetTempFileName();
        try
        {
            var run = LazykickProcess.Run(
                ["check", "v2", "--memory", "sc", "--set", "patch4=off", "--save", file]
            );
            Assert.Equal((1, ""), (run.Status, run.Messages));
            return File.ReadAllText(file);
        }
        finally
        {
            File.Delete(file);
        }
    });

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lazykick-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void In_a_pipe_every_move_is_shown_with_what_it_changes()
    {
        var run = LazykickProcess.Run("replay", Write("race.json", s_saved.Value));
        Assert.Equal((0, ""), (run.Status, run.Messages));
        Assert.Contains("      watching[1]: 0 -> 1\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("      CPU1 (target) at user, in the EQS\n", run.Output, StringComparison.Ordinal);
        Assert.EndsWith(
            "S1 is violated: CPU1 may run old text, 'run trace_user_exit' in el0_irq\n",
            run.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("\n  16  CPU", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\n  17  CPU", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_documents_are_described()
    {
        using var saved = JsonDocument.Parse(s_saved.Value);
        Assert.Empty(JsonPage.Undescribed(saved.RootElement, "lazykick.execution/1"));
        var run = LazykickProcess.Run("replay", Write("race.json", s_saved.Value), "--json");
        using var replay = JsonDocument.Parse(run.Output);
        Assert.Empty(JsonPage.Undescribed(replay.RootElement, "lazykick.replay/1"));
        Assert.Equal(16, replay.RootElement.GetProperty("moves").GetArrayLength());
    }

    [Fact]
    public void A_scheme_whose_text_has_changed_is_refused_with_the_line()
    {
        var mine = Write("mine.kick", "scheme mine \"v2\"\ninclude v2\nset patch4 = off\n");
        var race = Path.Combine(_directory.FullName, "race.json");
        var check = LazykickProcess.Run("check", mine, "--memory", "sc", "--save", race);
        Assert.Equal((1, ""), (check.Status, check.Messages));
        Assert.Equal(0, LazykickProcess.Run("replay", race).Status);
        Assert.Equal(0, LazykickProcess.Run("replay", race, mine).Status);
        Write("mine.kick", "scheme mine \"v2\"\ninclude v2\nset patch3 = off\n");
        var run = LazykickProcess.Run("replay", race, mine);
        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Contains("the text of 'mine' is not that of the saved execution", run.Errors, StringComparison.Ordinal);
        Assert.Contains(
            "mine.kick:3: saved 'set patch4 = off', now 'set patch3 = off'",
            run.Errors,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_scheme_of_the_catalogue_is_compared_without_being_named()
    {
        var race = Write(
            "race.json",
            s_saved.Value.Replace("smp_mb  ", "smp_wmb ", StringComparison.Ordinal)
        );
        var run = LazykickProcess.Run("replay", race);
        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Contains("the text of 'v2' is not that of the saved execution", run.Errors, StringComparison.Ordinal);
        Assert.Contains("arm64-kick.kick:15: saved 'smp_wmb", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_race_no_file_is_written_and_that_is_said()
    {
        var file = Path.Combine(_directory.FullName, "none.json");
        var run = LazykickProcess.Run("check", "runtime-grace", "--memory", "sc", "--save", file);
        Assert.Equal(0, run.Status);
        Assert.Equal($"lazykick: {file} is not written: there is no race to save\n", run.Messages);
        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData("\"step\": \"isb\"", "\"step\": \"dsb\"", "cannot make 'dsb' there")]
    [InlineData("\"cpu\": 1", "\"cpu\": -1", "CPU-1 cannot make")]
    [InlineData("\"property\": \"S1\"", "\"property\": \"S99\"", "the scheme does not state S99")]
    [InlineData("\"patch4\": \"off\"", "\"patch4\": \"maybe\"", "its settings are none of the scheme")]
    [InlineData("\"memory\": \"sc\"", "\"memory\": \"arm\"", "it is for 0 accesses in flight")]
    [InlineData("\"memory\": \"sc\"", "\"memory\": \"best\"", "not a saved execution")]
    [InlineData("\"inFlight\": 0", "\"inFlight\": 5", "it is for 5 accesses in flight")]
    [InlineData("\"cpus\": [", "\"cpus\": [ \"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", ", "it is for 9 CPUs")]
    [InlineData("\"moves\": [", "\"moves\": [ null, ", "a move is not whole")]
    [InlineData("\"changes\": {", "\"changes\": { \"x\": [1], ", "a move is not whole")]
    [InlineData("\"files\": [", "\"files\": [], \"x\": [", "its texts are not there")]
    [InlineData("\"scheme\": \"v2\"", "\"scheme\": \"v9\"", "its texts are not the scheme that it names")]
    [InlineData("lazykick.execution/1", "lazykick.sweep/1", "a saved execution is lazykick.execution/1")]
    [InlineData("}", "", "it is no JSON, or it is cut")]
    public void A_file_that_was_changed_is_refused_in_words(string from, string to, string message)
    {
        var file = Write("race.json", s_saved.Value.Replace(from, to, StringComparison.Ordinal));
        var run = LazykickProcess.Run("replay", file);
        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_any_byte_changed_is_replayed_or_refused_and_nothing_else()
    {
        const int Seed = 20180405;
        var random = new Random(Seed);
        var text = s_saved.Value;
        // The texts of the scheme are most of the file, and are compared as a whole: the rest is where it matters.
        var begin = text.IndexOf("\"memory\"", StringComparison.Ordinal);
        for (var i = 0; i < 12; i++)
        {
            var changed = text.ToCharArray();
            for (var n = 0; n < 3; n++)
                changed[random.Next(begin, text.Length)] = "{}[]\",:0159-enul \n"[random.Next(17)];
            var file = Write("race.json", new string(changed));
            var run = LazykickProcess.Run("replay", file);
            Assert.True(run.Status is 0 or 2, $"seed {Seed}, {i}: {run.Status}: {run.Errors}");
        }
    }

    [Theory]
    [InlineData("replay no-such.json", "no-such.json: there is no such file")]
    [InlineData("replay docs", "docs: a directory")]
    [InlineData("replay README.md", "it is no JSON, or it is cut")]
    [InlineData("replay", "Required argument 'FILE' missing")]
    [InlineData("check v2 v1 --save x.json", "--save is for one scheme: name only one")]
    [InlineData("check v2 --expected --save x.json", "--save saves a race, and --expected looks for none")]
    [InlineData("check v2 --sweep gic --save x.json", "--sweep prints a matrix, and nothing else: leave out --save")]
    [InlineData("check v2 --memory sc --set patch4=off --save no/such/x.json", "no/such/x.json: ")]
    public void A_mistake_ends_with_2_and_says_what_is_wrong(string call, string message) =>
        WrongCall.IsRefused(call, message);

    [Fact]
    public void On_a_terminal_keys_go_forth_and_back_and_the_screen_is_given_back()
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || LazykickProcess.Shell("command -v script > /dev/null").Status != 0,
            "needs script of util-linux"
        );
        var race = Write("race.json", s_saved.Value);
        var command = $"{LazykickProcess.Command} replay '{race}'";
        var run = LazykickProcess.Shell(
            $"(sleep 1; for key in n n p G q; do sleep 0.3; printf $key; done) | script -qec \"{command}\" /dev/null",
            ("TERM", "xterm"),
            ("NO_COLOR", "")
        );
        Assert.Equal(0, run.Status);
        var text = Regex.Replace(run.Output, @"\x1b\[[0-9;]*m", "", RegexOptions.NonBacktracking);
        var shown = text.Split("move ").Skip(1).Select(s => s.Split(' ')[0]).Where(s => int.TryParse(s, out _));
        Assert.Equal(["0", "1", "2", "1", "16"], shown);
        Assert.Contains("\u001b[?1049h", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("\u001b[?1049l", run.Output.TrimEnd(), StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_directory.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }
}
