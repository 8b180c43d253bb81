using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

public sealed class WrongCallTests
{
    [Theory]
    [InlineData("chekc v2", "lazykick: unknown command 'chekc'; did you mean 'check'?")]
    [InlineData("check", "lazykick check: Required argument 'SCHEME' missing for command: 'check'.")]
    [InlineData("check v2 --jsn", "lazykick check: unknown option '--jsn'; did you mean '--json'?")]
    [InlineData("check v2 vv3", "lazykick: there is no scheme 'vv3' in the catalogue")]
    [InlineData("check v2 --cpus x", "lazykick check: --cpus takes a number from 2 to 8, not 'x'.")]
    [InlineData("check v2 --cpus 9", "lazykick check: --cpus takes a number from 2 to 8, not '9'.")]
    [InlineData("check v2 --in-flight x", "lazykick check: --in-flight takes a number from 1 to ")]
    [InlineData("check v2 --memory powerpc", "lazykick check: Argument 'powerpc' not recognized.")]
    [InlineData("check v2 --max-states 0", "lazykick check: --max-states takes a number from 1, not '0'.")]
    [InlineData(
        "check v2 --max-memory lots",
        "lazykick check: --max-memory takes a size such as 500M or 2G, not 'lots'."
    )]
    [InlineData("check v2 --timeout -1", "lazykick check: --timeout takes a positive number of seconds, not '-1'.")]
    [InlineData("check v2 --set patch4", "lazykick check: --set takes knob=value, not 'patch4'.")]
    [InlineData("check v2 --memory sc --property S99", "lazykick: 'v2' has no property 'S99'")]
    [InlineData(
        "check v2 --set patch9=off",
        """
        --set:1:1: error LK0106: scheme 'v2' has no knob 'patch9'
            patch9=off
            ^^^^^^
            did you mean 'patch1'?
        """
    )]
    [InlineData("check pm-idle --set x=off", "its knobs: ")]
    [InlineData(
        "check v2 --set gic=v4",
        """
        --set:1:5: error LK0107: 'v4' is not a value of knob 'gic'
            gic=v4
                ^^
            its values: v2, v3
        """
    )]
    [InlineData("check v2 --html /nonexistent/page.html", "/nonexistent/page.html: there is no such directory")]
    [InlineData("check v2 --junit docs", "lazykick: docs: a directory, and no file")]
    [InlineData("report --html /nonexistent/page.html", "/nonexistent/page.html: there is no such directory")]
    [InlineData("export v2 --promela -o /nonexistent/v2.pml", "/nonexistent/v2.pml: there is no such directory")]
    [InlineData("check arm64-rcu", "lazykick: 'arm64-rcu' is a base that schemes include; it has no CPUs to check")]
    [InlineData("check vv2", "lazykick: there is no scheme 'vv2' in the catalogue")]
    [InlineData("check ./no/such.kick", "lazykick: ./no/such.kick: there is no such file")]
    [InlineData("check v2.kick", "the scheme of the catalogue is named without a path: v2")]
    [InlineData("check schemes/v2x.kick", "did you mean 'v2.kick'?")]
    [InlineData("check docs/", "lazykick: docs/: a directory, and no scheme")]
    [InlineData("check schemes/field", "name files, one or several: schemes/field/*.kick")]
    [InlineData("check docs", "it holds no .kick file")]
    [InlineData("check v2 --at el1_irk:eret", "--at: no CPU takes a path 'el1_irk'")]
    [InlineData("check v2 --at el1_irq:erut", "did you mean 'eret'?")]
    [InlineData(
        "check v2 --at el1_irq:eret --property S1",
        "--at asks about a position, and nothing else: leave out --property"
    )]
    [InlineData("check v2 --expected --another", "--expected draws nothing: leave out --another")]
    [InlineData("claims 30 --max-states 0", "lazykick claims: --max-states takes a number from 1, not '0'.")]
    [InlineData("schemes shwo", "lazykick schemes: unknown command 'shwo'; did you mean 'show'?")]
    [InlineData("schemes show v9", "lazykick: there is no scheme 'v9' in the catalogue")]
    [InlineData("litmus no-such.litmus", "no-such.litmus: error: cannot be read")]
    [InlineData("litmus docs", "docs: error: a directory, and no test")]
    [InlineData("litmus x --in-flight 65", "lazykick litmus: --in-flight takes a number from 1 to 64, not '65'.")]
    [InlineData("report no-such-trace.dat", "no-such-trace.dat")]
    [InlineData("report --cpu 2", "lazykick report: unknown option '--cpu'; did you mean '--cpus'?")]
    [InlineData("report --phse=x", "lazykick report: unknown option '--phse=x'; did you mean '--phase'?")]
    [InlineData("report --diff one.dat", "lazykick report: --diff takes two recordings: report --diff BEFORE AFTER.")]
    [InlineData("report --diff a b --fail-on nothing>0", "--diff does not compare 'nothing'; it compares breaks, ")]
    [InlineData("report --diff a b", "lazykick: a: there is no such file")]
    public void A_wrong_call_ends_with_2_and_says_what_is_wrong_on_standard_error(string call, string message)
    {
        var run = WrongCall.IsRefused(call, message);
        Assert.Equal("", run.Output);
        Assert.InRange(run.Errors.Split('\n').Length, 2, 8);
    }

    [Fact]
    public void A_file_that_is_no_text_gets_one_message()
    {
        var file = Path.Combine(Path.GetTempPath(), $"lazykick-{Guid.NewGuid():N}.kick");
        File.WriteAllBytes(file, [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 10, 200, 201, 0, 10, 7]);
        try
        {
            var run = LazykickProcess.Run("check", file);
            Assert.Equal((2, ""), (run.Status, run.Output));
            Assert.Equal(
                $"{file}:1:1: error LK0009: this is no text file: it holds bytes that are 0\n    a scheme is text in "
                    + "UTF-8; is this the right file?\n1 error\n",
                run.Errors
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_misspelt_scheme_gets_a_suggestion() =>
        Assert.Contains("did you mean 'v2'?", LazykickProcess.Run("check", "vv2").Errors, StringComparison.Ordinal);

    [Fact]
    public void A_call_without_a_command_shows_the_commands_on_standard_error()
    {
        var run = LazykickProcess.Run();
        Assert.Equal(2, run.Status);
        Assert.Equal("", run.Output);
        Assert.Contains("check <SCHEME>", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("check --help")]
    [InlineData("--version")]
    public void Help_that_was_asked_for_goes_to_standard_output(string call)
    {
        var run = LazykickProcess.Run(call.Split(' '));
        Assert.Equal(0, run.Status);
        Assert.NotEqual("", run.Output);
        Assert.Equal("", run.Errors);
    }

    [Fact]
    public void A_broken_scheme_file_gets_every_mistake_with_its_line_a_caret_and_a_hint()
    {
        var file = Path.Combine(Path.GetTempPath(), $"lazykick-{Guid.NewGuid():N}.kick");
        File.WriteAllText(
            file,
            """
            scheme broken "a few mistakes"
            include arm64-v4.16
            include arm64-poke
            cpus kicker targt

            policy lazy serves kick_all_cpus_sync
                skip t when eqz[t]
                trace skip when idle

            in rcu_dynticks_eqs_exit after @count
                isbb
            """
        );
        try
        {
            var run = LazykickProcess.Run("check", file);
            Assert.Equal(2, run.Status);
            Assert.Equal("", run.Output);
            Assert.Equal(
                """
                FILE:4:13: error LK0110: there is no role 'targt'
                    cpus kicker targt
                                ^^^^^
                    did you mean 'target'?
                FILE:10:26: error LK0030: the patch has no steps
                    in rcu_dynticks_eqs_exit after @count
                                             ^^^^^
                    indent them below this line
                FILE:11:5: error LK0015: 'isbb' is not a step
                        isbb
                        ^^^^
                    did you mean 'isb'?
                3 errors

                """,
                run.Errors.Replace(file, "FILE", StringComparison.Ordinal).ReplaceLineEndings("\n")
            );
        }
        finally
        {
            File.Delete(file);
        }
    }
}
