using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Documents;

/// <summary>What the pages for authors and for coding assistants show is what the program does.</summary>
public sealed class GuideTests
{
    [Fact]
    public void The_race_that_the_guide_shows_is_the_one_that_check_draws()
    {
        var shown = Blocks("docs/guide/your-own-protocol.md", "text");
        var run = LazykickProcess.Run("check", "field/twizzler-spin");
        Assert.Equal(1, run.Status);
        var output = run.Output.Replace("\r", "", StringComparison.Ordinal);
        Assert.NotEmpty(shown);
        Assert.All(shown, block => Assert.Contains(block, output, StringComparison.Ordinal));
        Assert.Equal(0, LazykickProcess.Run("check", "field/twizzler-spin", "--set", "poll=on").Status);
    }

    [Fact]
    public void Each_example_for_assistants_holds_and_breaks_as_the_page_says()
    {
        var examples = Blocks("docs/guide/assistants.md", "kick");
        Assert.NotEmpty(examples);
        var directory = Directory.CreateTempSubdirectory("lazykick-assistants");
        try
        {
            foreach (var example in examples)
            {
                var path = Path.Combine(directory.FullName, example.Split(' ')[1] + ".kick");
                File.WriteAllText(path, example);
                Assert.Equal(0, LazykickProcess.Run("check", path).Status);
                Assert.Equal(1, LazykickProcess.Run("check", path, "--set", "masked=on").Status);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_scheme_that_the_guide_to_check_writes_is_the_one_that_its_commands_run()
    {
        var example = Assert.Single(Blocks("docs/guide/check.md", "kick"));
        Assert.Equal(File.ReadAllText(Repository.PathOf("docs/guide/examples/mine.kick")), example);
    }

    [Fact]
    public void The_wake_up_is_lost_as_the_guide_says_and_each_barrier_of_the_mend_is_needed()
    {
        var file = Repository.PathOf("docs/guide/examples/wakeup.kick");
        var example = Assert.Single(Blocks("docs/guide/your-own-protocol.md", "kick"));
        Assert.Equal(File.ReadAllText(file), example);
        Assert.Equal(0, LazykickProcess.Run("check", file, "--set", "first=on", "--cpus", "2").Status);
        var directory = Directory.CreateTempSubdirectory("lazykick-wakeup");
        try
        {
            var path = Path.Combine(directory.FullName, "wakeup.kick");
            var parts = example.Split("smp_mb");
            Assert.Equal(3, parts.Length);
            for (var left = 0; left < 2; left++)
            {
                File.WriteAllText(path, parts[0] + Step(0) + parts[1] + Step(1) + parts[2]);
                var run = LazykickProcess.Run("check", path, "--set", "first=on", "--cpus", "2");
                Assert.True(run.Status == 1, $"without barrier {left}: {run.Output}");

                string Step(int barrier) => barrier == left ? "step nothing" : "smp_mb";
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_command_of_the_workflow_fails_when_a_verdict_changes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        var workflow = Assert.Single(Blocks("docs/guide/your-own-protocol.md", "yaml"));
        var command = Assert.Single(workflow.Split('\n'), l => l.Contains("run: lazykick", StringComparison.Ordinal));
        var directory = Directory.CreateTempSubdirectory("lazykick-workflow");
        try
        {
            var schemes = directory.CreateSubdirectory("schemes").FullName;
            var expected = Path.Combine(schemes, "hermit-wake.expected");
            File.Copy(Repository.PathOf("schemes/field/hermit-wake.kick"), Path.Combine(schemes, "hermit-wake.kick"));
            File.Copy(Repository.PathOf("schemes/field/hermit-wake.expected"), expected);
            var shell = $"cd '{directory.FullName}' && {command.Split("run: ")[1]}; echo status $?";

            Assert.EndsWith("status 0\n", LazykickProcess.Shell(shell).Output, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(directory.FullName, "schemes.xml")));
            File.WriteAllText(
                expected,
                File.ReadAllText(expected).Replace("S8 holds", "S8 violated 3", StringComparison.Ordinal)
            );
            Assert.EndsWith("status 1\n", LazykickProcess.Shell(shell).Output, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static List<string> Blocks(string page, string language) =>
        File.ReadAllText(Repository.PathOf(page))
            .Split($"```{language}\n")
            .Skip(1)
            .Select(s => s[..s.IndexOf("```", StringComparison.Ordinal)])
            .ToList();
}
