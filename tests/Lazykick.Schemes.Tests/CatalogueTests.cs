using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Tests;

public sealed class CatalogueTests
{
    public static TheoryData<string> Schemes { get; } = [.. Catalogue.Instance.Names.Where(n => !Header(n).IsBase)];

    public static TheoryData<string> Bases { get; } = [.. Catalogue.Instance.Names.Where(n => Header(n).IsBase)];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_scheme_of_the_catalogue_loads_without_a_complaint(string name)
    {
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(Catalogue.Instance.Find(name)!, Catalogue.Instance, diagnostics);
        Assert.True(scheme is not null, string.Concat(diagnostics.Select(d => d.Render())));
        Assert.Equal(name, scheme.Header.Name);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_scheme_of_the_catalogue_says_what_its_policy_means_on_a_trace(string name)
    {
        var scheme = SchemeLoader.FromCatalogue(name)!;
        if (scheme.Kernel is null && name.StartsWith("runtime-", StringComparison.Ordinal))
            Assert.Skip("the library's own protocol: no kernel trace shows its threads");
        Assert.NotEmpty(scheme.Policies);
        Assert.All(scheme.Policies.Values, p => Assert.NotNull(p.TraceSkip));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_scheme_of_the_catalogue_fits_a_page(string name)
    {
        // Over a base a scheme is short; one that stands alone may take two pages.
        var pages = SchemeLoader.FromCatalogue(name)!.Files.Count > 1 ? 1 : 2;
        Assert.InRange(Catalogue.Instance.Find(name)!.Text.TrimEnd('\n').Split('\n').Length, 3, 66 * pages);
    }

    [Theory]
    [MemberData(nameof(Bases))]
    public void A_base_is_named_like_its_file_and_some_scheme_includes_it(string name)
    {
        Assert.Equal(name, Header(name).Name);
        Assert.Contains(
            Schemes.Select(s => s.Data).Concat(Catalogue.Instance.Field),
            s => SchemeLoader.FromCatalogue(s)!.Files.Any(f => f.Path == $"schemes/{name}.kick")
        );
    }

    private static HeaderDeclaration Header(string name) =>
        Parser.Parse(Catalogue.Instance.Find(name)!, []).Declarations.OfType<HeaderDeclaration>().First();
}
