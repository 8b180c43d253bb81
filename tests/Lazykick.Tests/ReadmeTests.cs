namespace Lazykick.Tests;

public class ReadmeTests
{
    /// <summary>The package's first example is the sample that is built and run.</summary>
    [Fact]
    public void The_example_in_the_packages_readme_is_the_quickstart_sample()
    {
        var root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "Lazykick.slnx")))
            root = Path.GetDirectoryName(root);
        Assert.SkipWhen(root is null, "not run from within the repository");
        var readme = File.ReadAllText(Path.Combine(root!, "src", "Lazykick", "README.md"));
        var sample = File.ReadAllText(Path.Combine(root!, "samples", "Quickstart", "Program.cs"));
        Assert.Contains($"```csharp\n{sample.TrimEnd()}\n```", readme, StringComparison.Ordinal);
    }
}
