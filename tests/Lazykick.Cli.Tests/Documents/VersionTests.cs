using System.Text.RegularExpressions;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Documents;

/// <summary>One version number, wherever it stands.</summary>
public sealed partial class VersionTests
{
    [Fact]
    public void The_build_the_citation_and_the_changelog_have_one_version()
    {
        var properties = File.ReadAllText(Repository.PathOf("Directory.Build.props"));
        var version = Prefix().Match(properties).Groups["version"].Value;
        Assert.NotEqual("", version);
        Assert.Contains(
            $"\nversion: {version}\n",
            File.ReadAllText(Repository.PathOf("CITATION.cff")),
            StringComparison.Ordinal
        );
        var changes = Pages.Text("CHANGELOG.md");
        // Until the first release all that there is is unreleased.
        Assert.True(
            changes.Contains($"\n## {version} - ", StringComparison.Ordinal)
                || changes.Contains("\n## Unreleased\n", StringComparison.Ordinal),
            $"CHANGELOG.md has neither {version} nor changes that are to come"
        );
        Assert.StartsWith(version, LazykickProcess.Run("--version").Output, StringComparison.Ordinal);
    }

    [GeneratedRegex("<VersionPrefix>(?<version>[^<]+)<", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Prefix();
}
