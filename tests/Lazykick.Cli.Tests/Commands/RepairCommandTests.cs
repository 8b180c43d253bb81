using System.Diagnostics;
using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

public sealed class RepairCommandTests
{
    [Fact]
    public void A_scheme_that_holds_has_nothing_to_mend()
    {
        var run = LazykickProcess.Run("repair", "runtime-grace", "--memory", "sc");
        Assert.Equal((0, ""), (run.Status, run.Messages));
        Assert.Contains(
            "nothing that it promises is violated: there is nothing to mend",
            run.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("not looked at: barriers and orders of accesses", run.Output, StringComparison.Ordinal);
    }

    // A barrier that mends under these knobs may be too little under others: serror=on breaks v2 with its dsb.
    [Fact]
    public void What_mends_is_said_with_the_knobs_that_were_not_explored_and_what_it_rests_on()
    {
        string[] call = ["repair", "v2", "--set", "patch4=off", "--memory", "sc", "--parts", "1"];
        var text = LazykickProcess.Run(call).Output;
        Assert.Matches(@"\nnot explored \(--set\): [^:]*\bserror=on\b", text);
        Assert.Contains("\nassuming:\n  GICv3: ", text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(LazykickProcess.Run([.. call, "--json"]).Output);
        var scope = json.RootElement.GetProperty("notExplored").EnumerateArray().Select(k => k.GetString());
        Assert.Contains("serror=on", scope);
        var check = LazykickProcess.Run("check", "v2", "--set", "patch4=off", "--memory", "sc", "--json").Output;
        using var checkedJson = JsonDocument.Parse(check);
        Assert.Equal(
            Assumptions(checkedJson.RootElement.GetProperty("checks")[0]),
            Assumptions(json.RootElement)
        );

        static IEnumerable<string?> Assumptions(JsonElement element) =>
            element.GetProperty("assumptions").EnumerateArray().Select(a => a.GetString());
    }

    [Fact]
    public void A_property_that_is_none_is_refused_in_words()
    {
        var run = LazykickProcess.Run("repair", "runtime-grace", "--memory", "sc", "--property", "S99");
        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.Equal("lazykick: S99 is not checked of 'runtime-grace': it has no such property\n", run.Messages);
    }

    [Fact]
    public void A_time_limit_ends_the_command_with_status_3()
    {
        var run = LazykickProcess.Run("repair", "v1", "--timeout", "0.01");
        Assert.Equal((3, ""), (run.Status, run.Output));
        Assert.Contains("gave up at --timeout", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_of_states_that_the_scheme_itself_exceeds_leaves_nothing_to_compare_with()
    {
        var run = LazykickProcess.Run("repair", "v2", "--memory", "sc", "--max-states", "500");
        Assert.Equal((3, ""), (run.Status, run.Output));
        Assert.Contains("nothing can be compared", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_scheme_that_holds_it_says_how_many_parts_are_tried_and_an_interrupt_leaves_those()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent with kill");
        // Nothing is to be mended, and half a minute of work.
        var process = LazykickProcess.Start(["repair", "v2", "--set", "dsb=on"]);
        var line = "";
        while (!line.StartsWith("repair: redundant: ", StringComparison.Ordinal))
            line = process.StandardError.ReadLine() ?? throw new InvalidOperationException("it ended");
        using (var kill = Process.Start("/bin/kill", ["-INT", $"{process.Id}"]))
            kill.WaitForExit();
        var run = LazykickProcess.Finish(process);
        Assert.Equal(3, run.Status);
        Assert.Contains("there is nothing to mend", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"given up: \d+ of \d+ parts are not known, nor which may go together", run.Output);
        Assert.Contains("not tried: the search was given up", run.Output, StringComparison.Ordinal);
        // Some were tried.
        Assert.Matches(@"\n(needed|without these something that is violated holds):|redundant: [1-9]", run.Output);
    }

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public void An_interrupt_leaves_what_was_found(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent with kill");
        // Minutes of work; the first line of progress says that the scheme itself was searched.
        var process = LazykickProcess.Start(["repair", "v1", "--parts", "3"]);
        Assert.StartsWith("repair: ", process.StandardError.ReadLine(), StringComparison.Ordinal);
        using (var kill = Process.Start("/bin/kill", [signal, $"{process.Id}"]))
            kill.WaitForExit();
        var run = LazykickProcess.Finish(process);
        Assert.Equal(3, run.Status);
        Assert.Contains("given up: there may be others", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("interrupted", run.Errors, StringComparison.Ordinal);
    }
}
