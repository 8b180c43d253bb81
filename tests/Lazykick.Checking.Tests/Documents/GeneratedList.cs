namespace Lazykick.Checking.Tests.Documents;

/// <summary>
/// A part of a page of docs/ that tests write: between a line with its name and the next end mark. Its prose wraps at
/// 100 columns, as that of the page does.
/// LAZYKICK_UPDATE=schemes (the path of <c>schemes/</c>) rewrites it.
/// </summary>
internal static class GeneratedList
{
    private const string End = "<!-- end -->\n";
    private const int Columns = 100;
    private static readonly Lock s_pages = new();

    public static bool IsUpdate => Environment.GetEnvironmentVariable("LAZYKICK_UPDATE") is { Length: > 0 };

    /// <summary>Fails if the document says something else, or writes what it is to say.</summary>
    /// <param name="page">A file of docs/.</param>
    /// <param name="name">What its first mark says.</param>
    /// <param name="expected">What is to stand there.</param>
    public static void Check(string page, string name, string expected)
    {
        var path = Path.Combine(
            IsUpdate ? Path.Combine(Environment.GetEnvironmentVariable("LAZYKICK_UPDATE")!, "..") : Root(),
            "docs",
            page
        );
        lock (s_pages)
            Check(path, File.ReadAllText(path), $"<!-- begin: {name} -->\n", Wrapped(expected));
    }

    private static string Wrapped(string text) => string.Join('\n', text.Split('\n').SelectMany(Lines));

    /// <summary>A line as lines; a row of a table stays one.</summary>
    private static IEnumerable<string> Lines(string line)
    {
        var indent = line.StartsWith("- ", StringComparison.Ordinal) ? "  " : "";
        while (line.Length > Columns && line[0] != '|' && line.LastIndexOf(' ', Columns) is var space and > 2)
        {
            yield return line[..space];
            line = indent + line[(space + 1)..];
        }

        yield return line;
    }

    private static void Check(string path, string text, string mark, string expected)
    {
        var begin = text.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        var end = begin < mark.Length ? -1 : text.IndexOf(End, begin, StringComparison.Ordinal);
        Assert.True(end >= 0, $"{path} has lost its marks: {mark}");
        if (IsUpdate)
            File.WriteAllText(path, text[..begin] + expected + text[end..]);
        else
            Assert.Equal(expected, text[begin..end]);
    }

    /// <summary>The directory of the repository.</summary>
    public static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Lazykick.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
