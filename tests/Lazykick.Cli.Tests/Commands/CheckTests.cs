using System.Globalization;
using Lazykick.Cli.Tests.Documents;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

public sealed class CheckTests
{
    [Theory]
    [InlineData("check v2 --memory sc", 0)]
    [InlineData("check v2", 1)]
    [InlineData("check v2 --set dsb=on", 0)]
    [InlineData("check v2 --memory sc --set patch4=off", 1)]
    [InlineData("check v2 --memory sc --set patch4=off --property S7", 0)]
    [InlineData("check v2 --memory sc --property S5b", 1)]
    [InlineData("check v2 --memory sc --max-states 1000", 3)]
    public void The_exit_status_says_what_the_verdicts_say(string call, int status)
    {
        var run = LazykickProcess.Run(call.Split(' '));
        Assert.Equal(status, run.Status);
        Assert.Equal("", run.Messages);
        Assert.Contains("states, ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_race_of_patch_4_is_drawn_as_its_commit_message_draws_it()
    {
        var text = LazykickProcess.Run("check", "v2", "--memory", "sc", "--set", "patch4=off").Output;

        // mail 6: ISB, patch text, kick, exit from the EQS, use of patched text.
        var synchronised = text.IndexOf("text synchronised: too early", StringComparison.Ordinal);
        var write = text.IndexOf("write site", StringComparison.Ordinal);
        var kick = text.IndexOf("kick kick_all_cpus_sync", StringComparison.Ordinal);
        var skip = text.IndexOf("policy skips CPU1", StringComparison.Ordinal);
        var exit = text.IndexOf("leave EQS", StringComparison.Ordinal);
        var stale = text.IndexOf("<< STALE: old instruction", StringComparison.Ordinal);
        int[] order = [synchronised, write, kick, skip, exit, stale];
        Assert.True(synchronised > 0 && order.Order().SequenceEqual(order), text);
    }

    [Theory]
    [InlineData("v2", "tso", "arm64's entries, returns and interrupt controller, with the memory of x86_64: no")]
    [InlineData("x86-work", "arm", "x86_64's entries, returns and interrupt controller, with the memory of arm64: no")]
    [InlineData("v2", "sc", null)]
    [InlineData("x86-work", "tso", null)]
    public void The_memory_of_another_architecture_is_said_to_be_no_verdict_about_it(
        string scheme,
        string memory,
        string? assumption
    )
    {
        var text = LazykickProcess.Run("check", scheme, "--memory", memory).Output;
        if (assumption is null)
        {
            Assert.DoesNotContain("with the memory of", text, StringComparison.Ordinal);
            return;
        }

        var assuming = text[text.IndexOf("\nassuming:\n", StringComparison.Ordinal)..];
        Assert.Contains(assumption, assuming, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_that_synchronises_nothing_is_not_drawn_as_one_that_does()
    {
        // FEAT_ExS with EIS=0 (M11): the exception is no context synchronisation event.
        var text = LazykickProcess
            .Run("check", "v2", "--memory", "sc", "--set", "patch4=off", "--set", "eis=off")
            .Output;
        Assert.Contains("el0_irq: exception", text, StringComparison.Ordinal);
        Assert.Contains("<< STALE: old instruction", text, StringComparison.Ordinal);
        Assert.DoesNotContain("text synchronised", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_gets_the_verdicts_of_the_same_scheme_in_the_catalogue()
    {
        var file = LazykickProcess.Run(
            "check",
            Repository.PathOf("schemes/v2.kick"),
            "--memory",
            "sc",
            "--set",
            "patch4=off"
        );
        var catalogue = LazykickProcess.Run("check", "v2", "--memory", "sc", "--set", "patch4=off");
        Assert.Equal(1, file.Status);
        Assert.Equal(WithoutTime(catalogue.Output), WithoutTime(file.Output));
    }

    [Fact]
    public void Verdicts_say_for_how_many_CPUs_they_hold_unless_the_number_was_chosen()
    {
        var any = LazykickProcess.Run("check", "v2", "--memory", "sc");
        Assert.Contains("\nfor any number of targets: ", any.Output, StringComparison.Ordinal);
        var two = LazykickProcess.Run("check", "pm-idle", "--memory", "sc");
        Assert.Contains("\n2 CPUs only: inside may hold another target\n", two.Output, StringComparison.Ordinal);
        Assert.Contains("\n  3 CPUs: nothing else is violated in up to level ", two.Output, StringComparison.Ordinal);
        var chosen = LazykickProcess.Run("check", "v2", "--memory", "sc", "--cpus", "2").Output;
        Assert.DoesNotContain("any number", chosen, StringComparison.Ordinal);
        Assert.DoesNotContain("2 CPUs only", chosen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--max-states", "500", "gave up at --max-states")]
    [InlineData("--max-memory", "1K", "gave up at --max-memory")]
    [InlineData("--timeout", "0.000001", "gave up at --timeout")]
    public void A_limit_ends_with_3_and_says_what_was_covered(string option, string value, string reason)
    {
        var run = LazykickProcess.Run("check", "v2", "--memory", "sc", option, value);
        Assert.Equal(3, run.Status);
        Assert.Contains($"NOT exhaustive: {reason}", run.Output, StringComparison.Ordinal);
        Assert.Contains("undecided", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("holds  ", run.Output, StringComparison.Ordinal);
        var states = run.Output.TrimEnd().Split('\n')[^1].Split(" states, ")[0];
        Assert.InRange(int.Parse(states, NumberStyles.AllowThousands, CultureInfo.InvariantCulture), 1, 11_000);
    }

    [Fact]
    public void A_violation_found_below_a_limit_is_a_violation()
    {
        var run = LazykickProcess.Run("check", "v2", "--memory", "sc", "--set", "patch4=off", "--max-states", "9000");
        Assert.Equal(1, run.Status);
        Assert.Contains("NOT exhaustive", run.Output, StringComparison.Ordinal);
        Assert.Contains("<< STALE", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wider_machine_is_as_wide_as_asked_for()
    {
        var run = LazykickProcess.Run("check", "v2", "--memory", "sc", "--cpus", "3", "--max-states", "20000");
        Assert.Equal(3, run.Status);
        Assert.Contains("3 CPUs (kicker, target, target)", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void All_positions_are_listed_on_demand_with_their_lines()
    {
        var run = LazykickProcess.Run("check", "v2", "--memory", "sc", "--windows");
        Assert.Matches(@"old text +in EQS +step kernel_entry +arm64-entry\.kick:\d+", run.Output);
    }

    // The last line ends with the time that the search took.
    private static string WithoutTime(string output) => ShownBlock.WithoutTime(output);
}
