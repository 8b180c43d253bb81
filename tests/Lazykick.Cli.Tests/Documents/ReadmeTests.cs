using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Documents;

/// <summary>
/// What README shows is what its commands write: a comment <c>&lt;!-- lazykick ARGUMENTS; status N; lines A-B
/// --&gt;</c> stands above each block.
/// With LAZYKICK_UPDATE set the blocks are written anew.
/// </summary>
public sealed class ReadmeTests
{
    private static readonly string s_path = Repository.PathOf("README.md");

    public static TheoryData<string> Commands { get; } =
    [.. ShownBlock.All(File.ReadAllText(s_path)).Where(b => !b.IsDemo).Select(b => b.Marker)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_in_README_writes_what_README_shows(string marker)
    {
        var block = ShownBlock.All(File.ReadAllText(s_path)).Single(b => b.Marker == marker);
        var run = LazykickProcess.Run(block.Arguments);
        if (block.Arguments[0] != "export") // its verdicts go beside the test
            Assert.Equal("", run.Messages);
        Assert.Equal(block.Status, run.Status);
        var written = block.Selection(run.Output);
        if (Environment.GetEnvironmentVariable("LAZYKICK_UPDATE") is { Length: > 0 })
            Update(block, written);
        else
            Assert.Equal(ShownBlock.WithoutTime(block.Text), ShownBlock.WithoutTime(written));
    }

    [Fact]
    public void The_demo_in_README_has_the_form_of_a_demo()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.ProcessorCount > 1,
            "the demo needs Linux and two CPUs"
        );
        var block = ShownBlock.All(File.ReadAllText(s_path)).Single(b => b.IsDemo);
        var update = Environment.GetEnvironmentVariable("LAZYKICK_UPDATE") is { Length: > 0 };
        var run = LazykickProcess.Run("demo", "--seconds", update ? "3" : "0.3");
        Assert.SkipUnless(
            run.Status == 0 && !run.Output.Contains("no result", StringComparison.Ordinal),
            $"no result here: {run.Errors}{run.Output}"
        );
        if (update)
            Update(block, run.Output.TrimEnd());
        else
            Assert.Equal(Form(block.Text), Form(run.Output));
    }

    [Fact]
    public void README_names_the_two_commands_that_do_everything_and_links_to_files_that_are_there()
    {
        var text = File.ReadAllText(s_path);
        Assert.Contains(
            "dotnet run -c Release --project src/Lazykick.Cli -- check v2 --set patch4=off --memory sc",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("dotnet test -c Release", text, StringComparison.Ordinal);
        foreach (
            var page in (string[])
                ["README.md", "CONTRIBUTING.md", .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md")]
        )
        {
            var directory = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
            foreach (var link in Links(File.ReadAllText(Path.Combine(Repository.Root, page))))
                Assert.True(Path.Exists(Path.Combine(directory, link)), $"{page} links to {link}, which is not there");
        }
    }

    [Fact]
    public void The_code_in_README_is_that_of_a_sample_that_runs()
    {
        var sample = Compact(File.ReadAllText(Repository.PathOf("samples/Quickstart/Program.cs")));
        var snippets = File.ReadAllText(s_path)
            .Split("```csharp\n")
            .Skip(1)
            .Select(s => s[..s.IndexOf("```", StringComparison.Ordinal)])
            .ToList();
        Assert.NotEmpty(snippets);
        Assert.All(snippets, snippet => Assert.Contains(Compact(snippet), sample, StringComparison.Ordinal));

        // Indentation differs: a member stands alone in README.
        static string Compact(string code) =>
            string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
    }

    private static void Update(ShownBlock block, string written)
    {
        lock (s_path)
            File.WriteAllText(s_path, block.Replace(File.ReadAllText(s_path), written));
    }

    // The table's words without its figures; what other interrupts came differs from run to run.
    private static IEnumerable<string> Form(string text) =>
        text.Split('\n')
            .Take(6)
            .Select(line =>
                string.Join(
                    ' ',
                    line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        .Select(word => char.IsAsciiDigit(word[0]) ? "#" : word)
                        .Where(word => word is not ("ns" or "us" or "ms"))
                )
            );

    private static IEnumerable<string> Links(string markdown)
    {
        for (
            var at = markdown.IndexOf("](", StringComparison.Ordinal);
            at >= 0;
            at = markdown.IndexOf("](", at + 1, StringComparison.Ordinal)
        )
        {
            var link = markdown[(at + 2)..markdown.IndexOf(')', at)].Split('#')[0];
            if (link.Length > 0 && !link.Contains("://", StringComparison.Ordinal))
                yield return link;
        }
    }
}
