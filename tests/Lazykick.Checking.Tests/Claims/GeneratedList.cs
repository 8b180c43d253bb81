namespace Lazykick.Checking.Tests.Claims;

/// <summary>A part of docs/claims.md that tests write: between a line with its name and the next end mark. LAZYKICK_UPDATE=schemes (the path of <c>schemes/</c>) rewrites it.</summary>
internal static class GeneratedList
{
    private const string End = "<!-- end -->\n";

    public static bool IsUpdate => Environment.GetEnvironmentVariable("LAZYKICK_UPDATE") is { Length: > 0 };

    public static string Read(string name)
    {
        var (text, begin, end) = Find(name);
        return text[begin..end];
    }

    /// <summary>Fails if the document says something else, or writes what it is to say.</summary>
    public static void Check(string name, string expected)
    {
        var (text, begin, end) = Find(name);
        if (IsUpdate)
            File.WriteAllText(DocumentPath, text[..begin] + expected + text[end..]);
        else
            Assert.Equal(expected, text[begin..end]);
    }

    private static string DocumentPath => Path.Combine(IsUpdate ? Path.Combine(Environment.GetEnvironmentVariable("LAZYKICK_UPDATE")!, "..") : Root(), "docs", "claims.md");

    private static (string Text, int Begin, int End) Find(string name)
    {
        var mark = $"<!-- begin: {name} -->\n";
        var text = File.ReadAllText(DocumentPath);
        var begin = text.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        var end = begin < mark.Length ? -1 : text.IndexOf(End, begin, StringComparison.Ordinal);
        Assert.True(end >= 0, $"docs/claims.md has lost its marks around '{name}'");
        return (text, begin, end);
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Lazykick.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
