using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Documents;

/// <summary>README keeps its promises: two commands, code that runs, and no more lines than somebody reads.</summary>
public sealed class ReadmeTests
{
    private const int MostLines = 150;
    private static readonly string s_text = Pages.Text("README.md");

    [Fact]
    public void README_names_the_two_commands_that_do_everything()
    {
        Assert.Contains(
            "dotnet run -c Release --project src/Lazykick.Cli -- check v2 --set patch4=off --memory sc",
            s_text,
            StringComparison.Ordinal
        );
        Assert.Contains("dotnet test -c Release", s_text, StringComparison.Ordinal);
    }

    [Fact]
    public void README_is_short() => Assert.InRange(s_text.Split('\n').Length, 1, MostLines);

    [Fact]
    public void The_code_in_README_is_that_of_a_sample_that_runs()
    {
        var samples = Directory
            .EnumerateFiles(Repository.PathOf("samples"), "Program.cs", SearchOption.AllDirectories)
            .Select(f => Compact(File.ReadAllText(f)))
            .ToList();
        var snippets = s_text
            .Split("```csharp\n")
            .Skip(1)
            .Select(s => s[..s.IndexOf("```", StringComparison.Ordinal)])
            .ToList();
        Assert.NotEmpty(snippets);
        Assert.All(
            snippets,
            snippet => Assert.Contains(samples, s => s.Contains(Compact(snippet), StringComparison.Ordinal))
        );

        // Indentation differs: a member stands alone in README.
        static string Compact(string code) =>
            string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
    }
}
