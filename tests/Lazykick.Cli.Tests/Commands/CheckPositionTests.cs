using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

/// <summary><c>check --at</c> and <c>check --another</c>.</summary>
public sealed class CheckPositionTests
{
    [Theory]
    [InlineData("el1_irq:eret", 1, "OLD TEXT is possible at el1_irq: eret")]
    [InlineData("el0_irq:body", 0, "NEW TEXT at el0_irq: body whenever a CPU stands there after the kick")]
    [InlineData("el0_svc:isb [do_idle]", 4, "NOT SHOWN: no CPU ever stands there")]
    public void A_position_is_answered_for(string at, int status, string answer)
    {
        var run = LazykickProcess.Run("check", "v2", "--memory", "sc", "--at", at);
        Assert.Equal((status, ""), (run.Status, run.Messages));
        Assert.StartsWith(answer, run.Output, StringComparison.Ordinal);
        Assert.Equal(status == 1, run.Output.Contains("<< STALE", StringComparison.Ordinal));
    }

    [Fact]
    public void The_race_leads_to_the_position_that_was_asked_about()
    {
        var run = LazykickProcess.Run("check", "v2", "--memory", "sc", "--at", "el1_irq:eret");
        var last = run.Output.Split('\n').ToList().FindIndex(l => l.Contains("<< STALE", StringComparison.Ordinal));
        Assert.Contains("eret", run.Output.Split('\n')[last - 1], StringComparison.Ordinal);
        Assert.Contains("el1_irq: exception", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_answer_is_that_of_the_list_of_all_positions()
    {
        var all = LazykickProcess.Run("check", "v2", "--memory", "sc", "--json");
        using var document = JsonDocument.Parse(all.Output);
        var positions = document
            .RootElement.GetProperty("checks")[0]
            .GetProperty("positions")
            .EnumerateArray()
            .ToList();
        foreach (
            var position in positions.Where(p => p.GetProperty("visited").GetBoolean()).Where((_, i) => i % 17 == 0)
        )
        {
            var file = Path.GetFileName(position.GetProperty("file").GetString());
            var at = $"{position.GetProperty("path").GetString()}:{file}:{position.GetProperty("line").GetInt32()}";
            using var asked = JsonDocument.Parse(
                LazykickProcess.Run("check", "v2", "--memory", "sc", "--at", at, "--json").Output
            );
            // Positions and races have the form of the other document.
            var undescribed = JsonPage.Undescribed(asked.RootElement, "lazykick.position/1");
            Assert.Empty(undescribed.Intersect(JsonPage.Undescribed(asked.RootElement, "lazykick.check/2")));
            var answers = asked.RootElement.GetProperty("answers")[0].GetProperty("positions").EnumerateArray();
            Assert.Contains(
                answers,
                a =>
                    a.GetProperty("step").GetString() == position.GetProperty("step").GetString()
                    && a.GetProperty("mayRunStale").GetBoolean() == position.GetProperty("mayRunStale").GetBoolean()
                    && a.GetProperty("mayBeInEqs").GetBoolean() == position.GetProperty("mayBeInEqs").GetBoolean()
            );
        }
    }

    [Fact]
    public void A_search_that_ended_at_a_limit_says_nothing_of_a_position()
    {
        var run = LazykickProcess.Run("check", "v2", "--memory", "sc", "--at", "el0_irq:body", "--max-states", "500");
        Assert.Equal(3, run.Status);
        Assert.StartsWith("NOT SHOWN: gave up at --max-states", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_race_runs_old_text_in_another_path()
    {
        string[] call = ["check", "v2", "--memory", "sc", "--set", "patch4=off", "--another", "--another"];
        var run = LazykickProcess.Run(call);
        Assert.Equal(1, run.Status);
        var races = run.Output.Split("S1 of another kind, in ");
        Assert.Equal(3, races.Length);
        Assert.Contains("el0_irq: exception", races[0], StringComparison.Ordinal);
        Assert.Contains("el0_svc: exception", races[1], StringComparison.Ordinal);
        Assert.Contains("el1_irq: exception", races[2], StringComparison.Ordinal);
        using var document = JsonDocument.Parse(LazykickProcess.Run([.. call, "--json"]).Output);
        Assert.Empty(JsonPage.Undescribed(document.RootElement, "lazykick.check/2"));
        var others = document.RootElement.GetProperty("checks")[0].GetProperty("others").EnumerateArray();
        Assert.Equal(
            ["el0_svc", "el1_irq"],
            others.Select(o => o.GetProperty("race").GetProperty("oldText").GetProperty("path").GetString())
        );
    }

    [Fact]
    public void When_all_races_end_in_the_same_places_it_says_so()
    {
        var run = LazykickProcess.Run("check", "field/twizzler-spin", "--property", "S8", "--another");
        Assert.Equal(1, run.Status);
        Assert.Contains("S8: its races are of one kind", run.Output, StringComparison.Ordinal);
        string[] calls = ["check", "v2", "--memory", "sc", "--set", "patch4=off", .. Enumerable.Repeat("--another", 9)];
        Assert.Contains(
            "S1: no race of another kind; all end in el0_irq, el0_svc, el1_irq",
            LazykickProcess.Run(calls).Output,
            StringComparison.Ordinal
        );
    }
}
