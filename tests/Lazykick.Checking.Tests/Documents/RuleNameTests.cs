using System.Reflection;
using System.Text.RegularExpressions;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Tests.Litmus;

namespace Lazykick.Checking.Tests.Documents;

/// <summary>Every rule has a test that names it, and no test names a rule that no page has.</summary>
public partial class RuleNameTests
{
    private static readonly string[] s_pages = ["machine.md", "memory.md"];

    [Fact]
    public void Every_rule_of_the_machine_and_its_memory_is_the_beginning_of_a_tests_name()
    {
        var rules = s_pages
            .Select(page => File.ReadAllText(Path.Combine(GeneratedList.Root(), "docs/reference", page)))
            .SelectMany(text => Heading().Matches(text).Select(m => m.Groups["rule"].Value))
            .ToHashSet(StringComparer.Ordinal);
        var named = typeof(RuleNameTests)
            .Assembly.GetTypes()
            .SelectMany(t => t.GetMethods())
            .Where(m => m.GetCustomAttributes().OfType<FactAttribute>().Any())
            .Select(m => Named().Match(m.Name))
            .Where(m => m.Success)
            .Select(m => m.Groups["rule"].Value)
            .ToHashSet(StringComparer.Ordinal);
        Assert.True(rules.Count >= 45, $"{rules.Count} rules were found on the two pages");
        Assert.Equal([], rules.Except(named).Order(StringComparer.Ordinal));
        Assert.Equal([], named.Except(rules).Order(StringComparer.Ordinal));
    }

    // RuleAblationTests leaves each of these rules out, and demands that its test's verdict changes.
    [Fact]
    public void Every_ordering_rule_names_a_test_of_ours()
    {
        var tests = LitmusFiles.All.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Equal([], OrderingRules.All.Skip(1).Where(r => !tests.Contains(r.Test)).Select(r => r.Id));
    }

    [GeneratedRegex(@"^- \*\*(?<rule>[MW][0-9]+) ", RegexOptions.Multiline, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex("^(?<rule>[MW][0-9]+)(?=_|[A-Z])", RegexOptions.None, 1000)]
    private static partial Regex Named();
}
