namespace Lazykick.Checking.Tests.Exploration;

/// <summary>Two front ends, one semantics: what they share must not know them.</summary>
public sealed class LayerTests
{
    [Theory]
    [InlineData("Memory")]
    [InlineData("Exploration")]
    public void What_both_front_ends_share_names_nothing_outside_of_itself(string layer)
    {
        var project = Path.Combine(Root(), "src", "Lazykick.Checking");
        var others = Directory
            .GetDirectories(project)
            .Select(d => Path.GetFileName(d))
            .Append("Schemes")
            .Except([layer, "bin", "obj"])
            .ToList();
        Assert.Contains("Litmus", others);
        var lines = Directory
            .GetFiles(Path.Combine(project, layer), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => File.ReadLines(f).Select(l => (File: f, Text: l.TrimStart())))
            .Where(l => !l.Text.StartsWith("//", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(lines);
        foreach (var (file, text) in lines)
        {
            Assert.False(
                others.Exists(o =>
                    text.Contains($"{o}.", StringComparison.Ordinal)
                    || text.Contains($".{o};", StringComparison.Ordinal)
                ),
                $"{file}: {text}"
            );
        }
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Lazykick.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
