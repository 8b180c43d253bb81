using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Claims;

/// <summary><c>lazykick claims</c> as a user runs it.</summary>
public sealed class ClaimsCommandTests
{
    [Fact]
    public void Claim_30_draws_the_race_of_the_diagram_in_72_columns()
    {
        var (status, output, errors) = Run("claims", "30");
        Assert.Equal((0, ""), (status, errors));
        Assert.Contains(" 30 confirmed", output);
        Assert.Contains("mail 6", output);
        var drawing = output[output.IndexOf("CPU0 (kicker", StringComparison.Ordinal)..]
            .Split('\n')
            .TakeWhile(l => l.Length > 0)
            .ToList();
        Assert.All(drawing, l => Assert.InRange(l.Length, 0, 72));
        var target = drawing[0].IndexOf("CPU1", StringComparison.Ordinal);
        int[] rows =
        [
            Row("isb", true),
            Row("write site", false),
            Row("kick_all_cpus_sync returns", false),
            Row("leave EQS", true),
            Row("<< STALE", true),
        ];
        Assert.Equal(rows.Order(), rows);
        Assert.DoesNotContain(-1, rows);

        int Row(string text, bool isTarget) =>
            drawing.FindIndex(l =>
                l.IndexOf(text, StringComparison.Ordinal) is >= 0 and var at && at >= target - 4 == isTarget
            );
    }

    /// <summary>The output with its lines joined, so that where it wraps plays no part.</summary>
    private static string Joined(string output) =>
        string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void All_claims_end_with_a_summary_and_no_colour_in_a_pipe()
    {
        var (status, output, _) = Run("claims");
        Assert.Equal(0, status);
        Assert.DoesNotContain('\u001b', output);
        Assert.Matches(@" 49 claims: .* explorations, [\d,]+ states", Joined(output));
        Assert.DoesNotContain(output.Split('\n'), line => line.Length > 100);
        for (var number = 1; number <= 49; number++)
            Assert.Matches($@"(^|\n) *{number} (confirmed|refuted|depends|in part|not explored)", output);
    }

    [Fact]
    public void Json_has_the_documented_schema()
    {
        var (status, output, _) = Run("claims", "30", "12", "--json");
        Assert.Equal(0, status);
        using var document = JsonDocument.Parse(output);
        Assert.Equal("lazykick.claims/2", document.RootElement.GetProperty("schema").GetString());
        var claims = document
            .RootElement.GetProperty("claims")
            .EnumerateArray()
            .ToDictionary(c => c.GetProperty("number").GetInt32());
        Assert.Equal("confirmed", claims[30].GetProperty("outcome").GetString());
        Assert.Equal("depends", claims[12].GetProperty("outcome").GetString());
        Assert.Contains("GICv3", claims[12].GetProperty("points")[0].GetProperty("dependsOn").GetString());
        Assert.Equal(
            "violated",
            claims[30].GetProperty("runs")[0].GetProperty("verdicts").GetProperty("S1").GetString()
        );
    }

    [Fact]
    public void Further_results_are_named_with_an_E()
    {
        var (status, output, _) = Run("claims", "E5-E6", "30");
        Assert.Equal(0, status);
        Assert.Matches(
            @"^E5 confirmed Version 1's empty rcu_eqs_special_exit\(\).*? not in the thread ",
            Joined(output)
        );
        Assert.Contains("\n E6 ", output);
        Assert.Contains("1 claim: 1 confirmed; 2 further results: ", Joined(output));
    }

    [Fact]
    public void Under_arm_it_says_what_comes_out_otherwise_than_under_sc()
    {
        var (status, output, _) = Run("claims", "20", "30", "--memory", "arm", "--in-flight", "1");
        Assert.Equal(0, status);
        Assert.Contains(
            "+ with the isb behind the exit from the EQS it is gone: refuted (sc: confirmed)",
            Joined(output)
        );
        Assert.Contains("fixed = v2-svc --memory arm", output);
        Assert.EndsWith(
            "memory arm where a claim names none, at most 1 accesses of a CPU in flight (--in-flight); otherwise than "
                + "under sc: 30",
            Joined(output)
        );
    }

    [Fact]
    public void Json_under_arm_has_both_outcomes()
    {
        var (status, output, _) = Run("claims", "30", "--memory", "arm", "--in-flight", "1", "--json");
        Assert.Equal(0, status);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(
            ("arm", 1),
            (
                document.RootElement.GetProperty("memory").GetString(),
                document.RootElement.GetProperty("inFlight").GetInt32()
            )
        );
        var claim = document.RootElement.GetProperty("claims")[0];
        Assert.Equal(
            ("confirmed", "confirmed"),
            (claim.GetProperty("outcome").GetString(), claim.GetProperty("underSc").GetString())
        );
        Assert.Equal(
            ("refuted", "confirmed"),
            (
                claim.GetProperty("points")[1].GetProperty("outcome").GetString(),
                claim.GetProperty("points")[1].GetProperty("underSc").GetString()
            )
        );
    }

    [Fact]
    public void A_search_that_ends_at_a_limit_leaves_its_claims_open_and_no_others()
    {
        // Claim 17 compares lists and explores nothing; claim 30's space is larger than that.
        var (status, output, errors) = Run("claims", "17", "30", "--max-states", "500");
        Assert.Equal((3, ""), (status, errors));
        Assert.Contains("\n 30 not explored ", output);
        Assert.Contains("the search ended at a limit in ", Joined(output));
        Assert.Matches("(^|\n) 17 (confirmed|not explored)", output);
        Assert.Contains("NOT each space whole", Joined(output));
        Assert.Contains("not decided: interrupted, or a search ended at a limit", output);
        Assert.DoesNotContain(" 30 refuted", output);
    }

    [Fact]
    public void An_interrupt_keeps_the_claims_that_are_decided()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent with kill");
        var process = LazykickProcess.Start(["claims", "--memory", "arm"]);
        // Some explorations are done; all of them take minutes.
        string? line;
        do line = process.StandardError.ReadLine();
        while (line is not null && line.StartsWith("claims: 0 ", StringComparison.Ordinal));
        using (var kill = System.Diagnostics.Process.Start("/bin/kill", ["-INT", $"{process.Id}"]))
            kill.WaitForExit();
        var run = LazykickProcess.Finish(process);
        Assert.Equal(3, run.Status);
        Assert.Contains("interrupted before ", Joined(run.Output), StringComparison.Ordinal);
        Assert.Matches(" 49 claims: .*not explored", Joined(run.Output));
        Assert.Matches(@"\n *\d+ (confirmed|refuted|depends|in part) ", run.Output);
    }

    [Theory]
    [InlineData("50", "there is no claim 50; claims go from 1 to 49")]
    [InlineData("E7", "there is no further result E7; there are E1, E2, E3, E4, E5, E6, E14, E15")]
    [InlineData("thirty", "'thirty' is no claim: write a number")]
    [InlineData("9-", "'9-' is no claim")]
    [InlineData("nowhere.claim", "nowhere.claim: ")]
    public void A_wrong_number_ends_with_2_and_says_why(string argument, string message)
    {
        var (status, output, errors) = Run("claims", argument);
        Assert.Equal((2, ""), (status, output));
        Assert.Contains(message, errors);
        Assert.DoesNotContain("   at ", errors);
    }

    [Fact]
    public async Task A_claim_of_ones_own_is_decided_from_its_file()
    {
        var directory = Directory.CreateTempSubdirectory("lazykick");
        try
        {
            var file = Path.Combine(directory.FullName, "mine.claim");
            var token = TestContext.Current.CancellationToken;
            await File.WriteAllTextAsync(
                Path.Combine(directory.FullName, "mine.kick"),
                "scheme mine \"v2 without a guard\"\ninclude v2\nset patch4 = off\nset idle = none\n",
                token
            );
            await File.WriteAllTextAsync(
                file,
                "claim 60 \"mine holds\"\nwho \"me\"\nmail 1\nrun it = mine\nconfirmed when it.S1 holds\nrefuted when "
                    + "it.S1 violated\n",
                token
            );
            var (status, output, _) = Run("claims", file);
            Assert.Equal(0, status);
            Assert.Contains(" 60 refuted", output);
            await File.WriteAllTextAsync(
                file,
                "claim 60 \"mine holds\"\nwho \"me\"\nmail 1\nrun it = mien\nconfirmed when it.S1 holds\n",
                token
            );
            (status, output, var errors) = Run("claims", file);
            Assert.Equal((2, ""), (status, output));
            Assert.Contains("mine.claim:4:10: error LK0611: there is no scheme 'mien'", errors);
            Assert.Contains("did you mean 'mine'?", errors);
        }
        finally
        {
            directory.Delete(true);
        }
    }

    private static (int Status, string Output, string Errors) Run(params string[] arguments)
    {
        var run = LazykickProcess.Run(arguments);
        return (run.Status, run.Output, run.Messages);
    }
}
