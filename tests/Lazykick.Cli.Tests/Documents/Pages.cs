using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Documents;

/// <summary>The pages of the repository that people read.</summary>
public static class Pages
{
    /// <summary>Paths in the repository, in order.</summary>
    public static IReadOnlyList<string> All { get; } = Find();

    public static string Text(string page) => File.ReadAllText(Repository.PathOf(page)).ReplaceLineEndings("\n");

    private static string[] Find()
    {
        string[] roots = ["docs", "src", "samples", "bench", "schemes", "deploy", ".github"];
        return
        [
            .. Directory
                .EnumerateFiles(Repository.Root, "*.md")
                .Concat(
                    roots
                        .Select(Repository.PathOf)
                        .Where(Directory.Exists)
                        .SelectMany(r => Directory.EnumerateFiles(r, "*.md", SearchOption.AllDirectories))
                )
                .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))
                .Where(f => !f.Contains("/bin/", StringComparison.Ordinal))
                .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }
}
