using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Layers;

/// <summary>How wide the lines of code are. <c>dotnet format</c> breaks no line, so nothing else looks.</summary>
public sealed class LineTests
{
    private const int Columns = 120;

    private static readonly string[] s_folders = ["src", "tests", "samples", "bench"];

    /// <summary>Files with wider lines, each with the reason.</summary>
    private static readonly Dictionary<string, string> s_exempt = new(StringComparer.Ordinal)
    {
        ["tests/Lazykick.Cli.Tests/Demo/DemoReportTests.cs"] = "what the demo prints, as it prints it",
    };

    [Fact]
    public void A_line_of_code_has_at_most_120_columns()
    {
        var wide = Wide().Where(w => !s_exempt.ContainsKey(w.File)).Select(w => $"{w.File}:{w.Line}").ToList();
        Assert.True(wide.Count == 0, $"break these lines:\n{string.Join('\n', wide)}");
    }

    [Fact]
    public void A_file_that_may_have_wider_lines_has_some()
    {
        Assert.Equal(s_exempt.Keys.Order(), Wide().Select(w => w.File).Distinct().Intersect(s_exempt.Keys).Order());
    }

    private static IEnumerable<(string File, int Line)> Wide() =>
        from folder in s_folders
        from path in Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
        let file = Path.GetRelativePath(Repository.Root, path).Replace(Path.DirectorySeparatorChar, '/')
        where !file.Split('/').Any(part => part is "bin" or "obj")
        from line in File.ReadLines(path).Index()
        where line.Item.Length > Columns
        select (file, line.Index + 1);
}
