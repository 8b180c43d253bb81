using System.CommandLine;
using System.CommandLine.Parsing;
using Lazykick.Checking.Properties;
using Lazykick.Cli.Help;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Help;

/// <summary>Help, the manual page and completion say what the commands are.</summary>
public sealed class HelpTests
{
    private static readonly string[] s_commands = [.. CommandTree.Create().Subcommands.Select(c => c.Name)];

    public static TheoryData<string> Commands { get; } = [.. s_commands];

    public static TheoryData<string> Calls { get; } =
    [.. Examples.Commands.SelectMany(c => Examples.Of(c)).Select(e => e.Call).Distinct()];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Each_command_has_examples_and_its_help_shows_them_and_the_exit_statuses(string command)
    {
        var help = LazykickProcess.Run(command, "--help");
        Assert.Equal(0, help.Status);
        Assert.NotEmpty(Examples.Of(command));
        Assert.Contains("Examples:", help.Output, StringComparison.Ordinal);
        Assert.Contains(Examples.Of(command)[0].Call, help.Output, StringComparison.Ordinal);
        Assert.All(help.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 100));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void An_example_is_a_call_that_the_program_takes(string call)
    {
        var parsed = CommandTree.Create().Parse(CommandLineParser.SplitCommandLine(call).Skip(1).ToArray());
        Assert.Empty(parsed.Errors);
        Assert.Empty(parsed.UnmatchedTokens);
    }

    [Fact]
    public void Help_of_check_names_every_property_and_every_exit_status()
    {
        var help = LazykickProcess.Run("check", "--help").Output;
        Assert.All(PropertyList.All, p => Assert.Contains($"  {p.Id} ", help, StringComparison.Ordinal));
        Assert.Contains("Exit status:", help, StringComparison.Ordinal);
        Assert.Contains("  70 ", help, StringComparison.Ordinal);
    }

    [Fact]
    public void The_value_of_every_option_has_a_name_that_says_what_it_is()
    {
        var options = All(CommandTree.Create()).SelectMany(c => c.Options).Where(ValueNames.TakesAValue).ToList();
        Assert.NotEmpty(options);
        Assert.All(options, o => Assert.False(string.IsNullOrEmpty(o.HelpName), $"{o.Name} has no name for its value"));
        var help = LazykickProcess.Run("record", "--help").Output;
        Assert.Contains("--cpus <LIST>", help, StringComparison.Ordinal);

        static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Append(command);
    }

    [Fact]
    public void The_manual_page_has_every_command_and_groff_takes_it()
    {
        var page = LazykickProcess.Run("man").Output;
        Assert.All(s_commands, c => Assert.Contains($".SS \"lazykick {c}", page, StringComparison.Ordinal));
        var groff = LazykickProcess.Shell(
            "command -v groff > /dev/null || exit 77; lazykick man | groff -man -Tutf8 -ww -z"
        );
        Assert.SkipWhen(groff.Status == 77, "groff is missing");
        Assert.Equal("", groff.Errors);
        Assert.Equal(0, groff.Status);
    }

    [Theory]
    [InlineData("lazykick che", "check")]
    [InlineData("lazykick check lazysy", "lazysync")]
    [InlineData("lazykick check v2 --mem", "--memory")]
    [InlineData("lazykick check v2 --memory t", "tso")]
    public void Bash_completes(string line, string expected)
    {
        var words = line.Split(' ');
        var bash = LazykickProcess.Shell(
            $"source <(lazykick completion bash); COMP_WORDS=({line}); COMP_CWORD={words.Length - 1}; _lazykick; "
                + "printf '%s\\n' \"${COMPREPLY[@]}\""
        );
        Assert.Equal("", bash.Errors);
        Assert.Equal(expected, bash.Output.Trim());
    }

    [Theory]
    [InlineData("zsh", "zsh -n")]
    [InlineData("fish", "fish --no-execute")]
    public void A_shell_takes_its_script(string shell, string check)
    {
        var run = LazykickProcess.Shell(
            $"command -v {shell} > /dev/null || exit 77; file=$(mktemp); lazykick completion {shell} > $file; {check} "
                + "$file; "
                + "status=$?; rm $file; exit $status"
        );
        Assert.SkipWhen(run.Status == 77, $"{shell} is missing");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.Status);
    }

    [Fact]
    public void A_full_disk_is_told_and_is_no_defect()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "/dev/full is missing");
        var run = LazykickProcess.Shell("lazykick schemes > /dev/full");
        Assert.Equal(2, run.Status);
        Assert.Contains("no space is left", run.Errors, StringComparison.Ordinal);
    }
}
