using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lazykick.Analyzers.Tests;

/// <summary>An IDE leads from a diagnostic to its rule's section of the reference page.</summary>
public class HelpLinkTests
{
    private const string Repository = "https://github.com/lazykick/lazykick/blob/main/";

    [Fact]
    public void The_help_link_of_each_rule_leads_to_a_section_of_its_own()
    {
        var rules = Rules().ToList();
        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.Equal(rule.Id, SectionAt(rule.HelpLinkUri), ignoreCase: true));
        Assert.Equal(rules.Count, rules.Select(rule => rule.HelpLinkUri).Distinct().Count());
    }

    private static IEnumerable<DiagnosticDescriptor> Rules() =>
        typeof(WaitAnalyzer)
            .Assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<DiagnosticAnalyzerAttribute>() is not null)
            .SelectMany(type => ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics)
            .DistinctBy(rule => rule.Id);

    /// <summary>The heading that a link leads to; its anchor is the heading in small letters.</summary>
    private static string? SectionAt(string link)
    {
        Assert.StartsWith(Repository, link, StringComparison.Ordinal);
        var parts = link[Repository.Length..].Split('#');
        return File.ReadLines(Path.Combine(Root(), parts[0]))
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal))
            .Select(line => line[3..])
            .SingleOrDefault(heading => string.Equals(heading, parts[1], StringComparison.OrdinalIgnoreCase));
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Lazykick.slnx")))
            directory = directory.Parent ?? throw new InvalidOperationException("the tests run outside the repository");
        return directory.FullName;
    }
}
