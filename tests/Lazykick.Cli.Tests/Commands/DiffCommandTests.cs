using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

public sealed class DiffCommandTests
{
    [Fact]
    public void A_scheme_and_itself_are_the_same()
    {
        var run = LazykickProcess.Run("diff", "v2", "v2", "--memory", "sc");
        Assert.Equal((0, ""), (run.Status, run.Messages));
        Assert.StartsWith("THE SAME: every verdict, and where text may be old\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("differs", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_knob_that_changes_a_verdict_ends_with_1_and_the_race_is_drawn()
    {
        var run = LazykickProcess.Run("diff", "v2", "--memory", "sc", "--against", "patch4=off");
        Assert.Equal((1, ""), (run.Status, run.Messages));
        Assert.StartsWith("DIFFERENT: S1, windows\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("S1 is violated in B in 17 moves, and not in A:", run.Output, StringComparison.Ordinal);
        Assert.Contains("<< STALE: old instruction", run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void A_property_that_is_named_decides_alone()
    {
        var run = LazykickProcess.Run("diff", "v2", "--memory", "sc", "--against", "patch4=off", "--property", "S7");
        Assert.Equal((0, ""), (run.Status, run.Messages));
        Assert.StartsWith("THE SAME: the verdicts on S7\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("windows", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Knobs_for_both_need_only_one_that_has_them()
    {
        var run = LazykickProcess.Run("diff", "v1", "v2", "--memory", "sc", "--set", "patch4=off");
        Assert.Equal((0, ""), (run.Status, run.Messages));
        Assert.Contains("with patch4=off", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_only_one_has_is_named_once_and_is_no_other_window()
    {
        // Text at the isb may be old; where else text may be old does not hang on it.
        var run = LazykickProcess.Run("diff", "v2", "--memory", "sc", "--against", "patch1=off");
        Assert.Equal((0, ""), (run.Status, run.Messages));
        Assert.StartsWith(
            "THE SAME: every verdict, and where text may be old at the steps that both have\n",
            run.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "steps\n  in A only:\n    isb  v2.kick:16  (text may be old there)\n",
            run.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("old in A only", run.Output, StringComparison.Ordinal);
        Assert.Single(run.Output.Split('\n'), l => l.Contains("v2.kick:16", StringComparison.Ordinal));
    }

    [Fact]
    public void A_limit_that_comes_first_leaves_nothing_shown()
    {
        var run = LazykickProcess.Run("diff", "v2", "v2", "--memory", "sc", "--max-states", "500");
        Assert.Equal((3, ""), (run.Status, run.Messages));
        Assert.StartsWith("NOT SHOWN: gave up at --max-states\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("windows: not compared", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("diff v2", "name another scheme, or knobs of the same one with --against knob=value")]
    [InlineData("diff v2 vv1", "there is no scheme 'vv1' in the catalogue")]
    [InlineData("diff v2 --against dsb=maybe", "'maybe' is not a value of knob 'dsb'")]
    [InlineData("diff v2 --against dbs=on", "scheme 'v2' has no knob 'dbs'")]
    [InlineData("diff v1 v2 --set dbs=on", "neither 'v1' nor 'v2' has a knob 'dbs'")]
    [InlineData("diff v2 --set dbs=on --against dsb=on", "--set: scheme 'v2' has no knob 'dbs'")]
    [InlineData("diff v1 v2 --property S99", "--property: neither scheme states 'S99'")]
    [InlineData("diff v1 v2 v3", "unknown argument 'v3'")]
    public void A_mistake_ends_with_2_and_says_what_is_wrong(string call, string message)
    {
        var run = LazykickProcess.Run(call.Split(' '));
        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_says_where_text_is_old_in_one_only()
    {
        var run = LazykickProcess.Run("diff", "v2", "--memory", "sc", "--against", "patch4=off", "--json");
        Assert.Equal((1, ""), (run.Status, run.Messages));
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;
        // The page describes a race once, with 'check'.
        var ofCheck = JsonPage.Undescribed(root, "lazykick.check/2");
        Assert.Empty(JsonPage.Undescribed(root, "lazykick.diff/1").Intersect(ofCheck));
        Assert.False(root.GetProperty("same").GetBoolean());
        Assert.False(root.GetProperty("telling").GetProperty("ofFirst").GetBoolean());
        Assert.Contains(
            root.GetProperty("positions").EnumerateArray(),
            p =>
                p.TryGetProperty("secondOld", out var second)
                && second.GetBoolean()
                && p.TryGetProperty("firstOld", out var first)
                && !first.GetBoolean()
        );
    }
}
