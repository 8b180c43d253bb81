using Lazykick.Schemes.Loading;

namespace Lazykick.Schemes.Tests;

/// <summary>What a scheme of <c>schemes/field/</c> must be, beside its verdicts.</summary>
public sealed class FieldTests
{
    public static TheoryData<string> Protocols { get; } = [.. Catalogue.Instance.Field];

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_protocol_of_the_field_is_named_like_its_file_and_says_where_it_was_read(string name)
    {
        var scheme = SchemeLoader.FromCatalogue(name)!;
        Assert.Equal(name, "field/" + scheme.Name);
        Assert.False(scheme.IsBase);
        Assert.NotEmpty(scheme.Sources);
        Assert.NotEmpty(scheme.Promises);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_protocol_of_the_field_fits_a_screen(string name) =>
        Assert.InRange(Catalogue.Instance.Find(name)!.Text.Split('\n').Length, 8, 96);

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_protocol_of_the_field_breaks_a_promise_as_found_and_keeps_all_with_a_change(string name)
    {
        var scheme = SchemeLoader.FromCatalogue(name)!;
        var entries = ExpectationFile.Parse(Catalogue.Instance.Read(name + ".expected")!, []);
        Assert.Empty(entries[0].Knobs);
        Assert.Contains(scheme.Promises, p => entries[0].Lengths.GetValueOrDefault(p) > 0);
        Assert.Contains(entries, e => e.Knobs.Count > 0 && scheme.Promises.All(p => e.Lengths[p] == 0));
    }
}
