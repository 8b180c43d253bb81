using Lazykick.Checking.Properties;
using Lazykick.Checking.Tests.Documents;
using Lazykick.Schemes.Loading;

namespace Lazykick.Checking.Tests.Properties;

public sealed class PropertyListTests
{
    private static readonly string s_page = File.ReadAllText(
        Path.Combine(GeneratedList.Root(), "docs/reference/machine.md")
    );

    [Fact]
    public void Every_property_has_a_name_of_its_own_words_and_a_rule_on_the_page_of_the_machine()
    {
        Assert.Equal(PropertyList.All.Count, PropertyList.All.Select(p => p.Id).Distinct().Count());
        Assert.All(PropertyList.All, p => Assert.NotEmpty(p.Sentence));
        Assert.All(PropertyList.All, p => Assert.NotEmpty(p.Violation));
        Assert.All(PropertyList.All, p => Assert.Matches($@"\*\*M\d+ [^*]*\b{p.Id}\b", s_page));
    }

    [Fact]
    public void The_page_of_the_properties_has_each_one_as_check_prints_it()
    {
        var page = File.ReadAllText(Path.Combine(GeneratedList.Root(), "docs/reference/properties.md"));
        Assert.All(
            PropertyList.All,
            p =>
            {
                var promised = p.IsPromisedByDefault ? "yes" : "no";
                Assert.Contains($"| `{p.Id}` | {p.Sentence} | {promised} |", page, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public void Every_property_is_stated_by_some_scheme_of_the_catalogue()
    {
        var stated = Catalogue
            .Instance.Names.Where(n => !n.Contains('/'))
            .Select(n => SchemeLoader.FromCatalogue(n)!)
            .Where(s => !s.IsBase)
            .SelectMany(PropertyList.Of)
            .Select(p => p.Id)
            .ToHashSet();
        Assert.Empty(PropertyList.All.Where(p => !stated.Contains(p.Id)).Select(p => p.Id));
    }

    [Theory]
    [InlineData("v2", "S1", true)]
    [InlineData("v2", "S5b", false)]
    [InlineData("v2", "S1.windows", false)]
    [InlineData("site", "S1.windows", true)]
    [InlineData("site", "S5a", false)]
    [InlineData("collapse", "one_each", false)]
    public void A_scheme_promises_what_it_says_or_else_what_counts_without_saying(
        string scheme,
        string property,
        bool isPromised
    ) => Assert.Equal(isPromised, PropertyList.IsPromised(SchemeLoader.FromCatalogue(scheme)!, property));
}
