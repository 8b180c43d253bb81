using System.Text;
using System.Text.RegularExpressions;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Documents;

/// <summary>Links of pages lead somewhere, and what code and schemes say of pages is true.</summary>
public sealed partial class LinkTests
{
    private static readonly string[] s_sources = ["src", "tests", "schemes", "eng", "bench", "samples"];

    public static TheoryData<string> All { get; } = [.. Pages.All];

    [Theory]
    [MemberData(nameof(All))]
    public void Each_link_of_a_page_leads_to_a_file_or_a_section_that_is_there(string page)
    {
        var text = WithoutCode(Pages.Text(page));
        foreach (var link in Link().Matches(text).Select(m => m.Groups["link"].Value))
        {
            if (link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal))
                continue;
            Assert.NotEqual("", link);
            var parts = link.Split('#');
            var target = parts[0].Length == 0 ? page : Normal(page, parts[0]);
            Assert.True(Path.Exists(Repository.PathOf(target)), $"{page} links to {link}, which is not there");
            if (parts.Length > 1 && target.EndsWith(".md", StringComparison.Ordinal))
            {
                Assert.True(
                    Anchors(target).Contains(parts[1]),
                    $"{page} links to {link}; {target} has no such section"
                );
            }
        }
    }

    [Fact]
    public void Each_page_that_code_or_a_scheme_names_is_there()
    {
        var missing = s_sources
            .Select(Repository.PathOf)
            .SelectMany(d => Directory.EnumerateFiles(d, "*", SearchOption.AllDirectories))
            .Where(f => Path.GetExtension(f) is ".cs" or ".kick" or ".claim" or ".csproj" or ".py" or ".txt" or "")
            .Where(f =>
                !f.Contains("/bin/", StringComparison.Ordinal) && !f.Contains("/obj/", StringComparison.Ordinal)
            )
            .SelectMany(f =>
                Mention()
                    .Matches(File.ReadAllText(f))
                    .Select(m => m.Value)
                    .Where(name => !File.Exists(Repository.PathOf(name)))
                    .Select(name => $"{Path.GetRelativePath(Repository.Root, f)}: {name}")
            );
        Assert.Empty(missing);
    }

    private static string Normal(string page, string link) =>
        Path.GetRelativePath(
                Repository.Root,
                Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Repository.PathOf(page))!, link))
            )
            .Replace('\\', '/');

    // As GitHub makes them: lower case, blanks to hyphens, other signs dropped; a second one of a name gets -1.
    private static HashSet<string> Anchors(string page)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in CodeBlock().Replace(Pages.Text(page), "\n").Split('\n'))
        {
            foreach (Match named in Named().Matches(line))
                anchors.Add(named.Groups["name"].Value);
            if (!line.StartsWith('#'))
                continue;
            var title = new StringBuilder();
            foreach (var letter in line.TrimStart('#').Trim())
            {
                if (char.IsLetterOrDigit(letter) || letter is '-' or '_')
                    title.Append(char.ToLowerInvariant(letter));
                else if (letter == ' ')
                    title.Append('-');
            }

            var anchor = title.ToString();
            for (var n = 1; !anchors.Add(anchor); n++)
                anchor = $"{title}-{n}";
        }

        return anchors;
    }

    private static string WithoutCode(string text) => CodeSpan().Replace(CodeBlock().Replace(text, "\n"), "x");

    [GeneratedRegex(@"\]\(<?(?<link>[^)\s>]+)>?\)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Link();

    [GeneratedRegex(@"docs/[A-Za-z0-9_/-]+\.md", RegexOptions.None, 10_000)]
    private static partial Regex Mention();

    [GeneratedRegex(@"^ *```.*?^ *```", RegexOptions.Singleline | RegexOptions.Multiline, 10_000)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"`[^`\n]*`", RegexOptions.None, 10_000)]
    private static partial Regex CodeSpan();

    [GeneratedRegex("<a (?:id|name)=\"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Named();
}
