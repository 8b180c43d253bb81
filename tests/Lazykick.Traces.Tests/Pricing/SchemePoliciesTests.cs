using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.States;

namespace Lazykick.Traces.Tests.Pricing;

/// <summary>The join of proof and price: what schemes serve, kicks have; what is refuted is known as such.</summary>
public sealed class SchemePoliciesTests
{
    // Purposes of functions that may wait and that no scheme of the catalogue serves yet, with the reason.
    private static readonly string[] s_servedByNobody = [];

    public static TheoryData<string> Schemes => [.. Catalogue.Instance.Names];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Every_kick_that_a_scheme_skips_has_functions_in_the_table(string name)
    {
        var classes = Classes(Deferrability.Deferrable).Concat(Classes(Deferrability.Unknown)).ToHashSet();
        if (SchemeLoader.FromCatalogue(name) is not { IsBase: false } scheme)
            return;
        foreach (var rule in SchemePolicies.Of(scheme, null, IsPromised))
            Assert.All(rule.Serves.Except(["nothing"]), serves => Assert.Contains(serves, classes));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Nothing_of_the_catalogue_is_without_a_price(string name)
    {
        if (SchemeLoader.FromCatalogue(name) is { IsBase: false } scheme)
            Assert.Empty(SchemePolicies.NotPriced(scheme));
    }

    [Fact]
    public void Every_purpose_that_may_wait_is_served_by_a_scheme()
    {
        var served = SchemePolicies.OfCatalogue(null, IsPromised).SelectMany(static rule => rule.Serves).ToHashSet();
        Assert.All(Classes(Deferrability.Deferrable).Except(s_servedByNobody), name => Assert.Contains(name, served));
    }

    [Theory]
    [InlineData("x86_64", "x86-work", "v2")]
    [InlineData("x86_64", "kernel-tlb", "lazysync")]
    [InlineData("aarch64", "v2", "x86-work")]
    [InlineData("aarch64", "lazysync/lazily", "kernel-tlb")]
    public void The_catalogue_is_asked_by_architecture(string machine, string fits, string doesNot)
    {
        var names = SchemePolicies.OfCatalogue(machine, IsPromised).Select(static rule => rule.Name).ToList();
        Assert.Contains(fits, names);
        Assert.DoesNotContain(doesNot, names);
        Assert.DoesNotContain("collapse", names);
        Assert.DoesNotContain("isb-position", names);
    }

    [Theory]
    [InlineData("v2", "S1")]
    [InlineData("collapse", "S1")] // only its entries with svc=off say so under arm
    [InlineData("isb-position", "S1")]
    [InlineData("lazysync", null)]
    [InlineData("x86-work", null)]
    public void A_scheme_that_the_checker_refutes_carries_its_race(string name, string? property)
    {
        var scheme = SchemeLoader.FromCatalogue(name)!;
        var rules = SchemePolicies.Of(scheme, Catalogue.Instance.Read(name + ".expected"), IsPromised);
        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.Equal(property, rule.Refutation?.Property));
    }

    [Fact]
    public void All_policies_of_the_catalogue_can_be_priced_in_one_pass()
    {
        var policies = SchemePolicies
            .OfCatalogue(null, IsPromised)
            .Select(static rule => rule.Policy)
            .Distinct()
            .Count();
        Assert.InRange(policies, 5, AnalysisOptions.MostPolicies);
    }

    [Fact]
    public void A_state_is_what_the_named_states_of_schemes_say()
    {
        var rule = SchemePolicies.Of(SchemeLoader.FromCatalogue("v2")!, null, IsPromised).Single();
        Assert.Equal([CpuState.UserEqs, CpuState.Idle], rule.Skips.Order());
        Assert.False(rule.IsChecked);
    }

    // What a scheme promises is the checker's to say; to this test ordinary text is enough.
    private static bool IsPromised(Scheme scheme, string property) => property == "S1";

    private static IEnumerable<string> Classes(Deferrability deferrability) =>
        FunctionTable
            .Default.Rows.Values.Where(row => row.Deferrability == deferrability)
            .Select(static row => row.KickClass)
            .Distinct(StringComparer.Ordinal);
}
