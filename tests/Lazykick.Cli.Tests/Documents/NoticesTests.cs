using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Documents;

/// <summary>A package names whose code it ships.</summary>
public sealed class NoticesTests
{
    // They run while the tool is built, and are no part of it.
    private static readonly string[] s_analyzers = ["Meziantou.Analyzer", "Microsoft.CodeAnalysis."];

    [Fact]
    public void Every_package_in_the_tool_has_its_notice()
    {
        var project = Repository.PathOf("src/Lazykick.Cli");
        var notices = File.ReadAllText(Path.Combine(project, "THIRD-PARTY-NOTICES.txt"));
        using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(project, "packages.lock.json")));
        var shipped = locked
            .RootElement.GetProperty("dependencies")
            .EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            .Select(package => package.Name)
            .Where(name => !s_analyzers.Any(a => name.StartsWith(a, StringComparison.Ordinal)))
            .ToList();
        Assert.NotEmpty(shipped);
        Assert.All(shipped, name => Assert.Contains($"\n{name} ", notices, StringComparison.Ordinal));
    }
}
