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
    public void A_protocol_of_the_field_has_less_than_70_lines(string name) =>
        Assert.InRange(Catalogue.Instance.Find(name)!.Text.TrimEnd().Split('\n').Length, 8, 69);

    /// <summary>
    /// What was found broken is mended by a change. What holds as found is broken by a change that takes away what it
    /// stands on: "holds" without that would be no evidence.
    /// </summary>
    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_protocol_of_the_field_breaks_a_promise_in_one_configuration_and_keeps_all_in_another(string name)
    {
        var scheme = SchemeLoader.FromCatalogue(name)!;
        var entries = ExpectationFile.Parse(Catalogue.Instance.Read(name + ".expected")!, []);
        Assert.Empty(entries[0].Knobs);
        var alike = entries.Where(e => e.Memory == entries[0].Memory && e.Cpus == entries[0].Cpus).ToList();
        Assert.Contains(alike, e => scheme.Promises.Any(p => e.Lengths.GetValueOrDefault(p) > 0));
        Assert.Contains(alike, e => scheme.Promises.All(p => e.Lengths.TryGetValue(p, out var moves) && moves == 0));
    }
}
