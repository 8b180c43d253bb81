using System.Diagnostics;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Commands;

/// <summary>Interrupts, closed pipes and terminals.</summary>
public sealed class EndingTests
{
    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public void An_interrupt_ends_a_long_search_with_3_what_it_covered_and_nothing_left_behind(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent with kill");
        var directory = Directory.CreateTempSubdirectory("lazykick-test-");
        try
        {
            // Far more states than can be explored before the signal; the first line of progress says that the search
            // runs.
            var process = LazykickProcess.Start(
                ["check", "v2", "--memory", "sc", "--cpus", "4"],
                ("TMPDIR", directory.FullName)
            );
            var progress = process.StandardError.ReadLine();
            Assert.StartsWith("level ", progress);

            // Twice at once, as timeout(1) does.
            using (var kill = Process.Start("/bin/kill", [signal, $"{process.Id}", $"{process.Id}"]))
                kill.WaitForExit();
            var run = LazykickProcess.Finish(process);
            Assert.Equal(3, run.Status);
            Assert.Contains("NOT exhaustive: interrupted", run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
            // The runtime's own debugger files are not ours.
            Assert.DoesNotContain(
                directory.EnumerateFileSystemInfos(),
                f =>
                    !f.Name.StartsWith("clr-debug-pipe", StringComparison.Ordinal)
                    && !f.Name.StartsWith("dotnet-diagnostic", StringComparison.Ordinal)
            );
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("schemes show v2")]
    [InlineData("schemes --json")]
    [InlineData("check v2 --memory sc --windows")]
    [InlineData("check v2 --memory sc --json")]
    [InlineData("check v2 --memory sc --sweep patch3")]
    public void A_reader_that_closes_the_pipe_is_no_error(string call)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        var run = LazykickProcess.Shell($"lazykick {call} | head -n 1; echo status ${{PIPESTATUS[0]}}");
        // A machine that is busy may take long enough for a line of progress.
        Assert.All(
            run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Matches("^(level [0-9]+: |sweep: )", line)
        );
        Assert.EndsWith("status 0\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(3, run.Output.Split('\n').Length);
    }

    [Theory]
    [InlineData("check v2 --set patch4=off")]
    [InlineData("schemes show v2")]
    [InlineData("report")]
    [InlineData("--help")]
    public void A_pipe_gets_plain_text(string call)
    {
        var run = LazykickProcess.Shell($"lazykick {call} | cat", ("TERM", "xterm-256color"), ("NO_COLOR", ""));
        Assert.NotEqual("", run.Output);
        Assert.DoesNotContain('\x1b', run.Output);
    }

    [Fact]
    public void A_terminal_gets_colour_unless_NO_COLOR_is_set()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "needs script of util-linux for a terminal");
        const string Call = "check v2 --memory sc --set patch4=off";
        var coloured = LazykickProcess.Terminal(Call, ("NO_COLOR", ""));
        var plain = LazykickProcess.Terminal(Call, ("NO_COLOR", "1"));
        Assert.Contains("\x1b[1;", coloured.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', plain.Output);
        Assert.Contains("VIOLATED", plain.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("report --scheme none", "NO_COLOR")]
    [InlineData("report --scheme none > /dev/null", "COLOR")]
    [InlineData("report --scheme none | cat", "COLOR")]
    [InlineData("report /there/is/no/such/file", "NO_COLOR")]
    [InlineData("check v2 --memory sc", "NO_COLOR")]
    [InlineData("watch --for 2s", "NO_COLOR")]
    [InlineData("--help", "NO_COLOR")]
    public void No_terminal_gets_a_control_sequence_that_nobody_wants(string call, string variable)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "needs script of util-linux for a terminal");
        var run = LazykickProcess.Terminal(call, ("NO_COLOR", ""), (variable, "1"));

        Assert.DoesNotContain('\x1b', run.Output);
    }
}
