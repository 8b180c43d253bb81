using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>
/// The engine and the naive interpreter agree on the catalogue: sizes, moves, verdicts with their lengths, positions,
/// steps that are never taken. With LAZYKICK_LONG=1 over every value of every knob and with three CPUs.
/// </summary>
public class CatalogueComparisonTests
{
    private static readonly bool s_long = Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1";

    public static TheoryData<string> Names() =>
        [
            .. Catalogue.Instance.Names.Where(n =>
                Catalogue.Instance.Find(n)!.Text.StartsWith("scheme ", StringComparison.Ordinal)
            ),
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheyAgreeOnEverySchemeWithItsDefaults(string name)
    {
        var scheme = SchemeLoader.FromCatalogue(name)!;
        var limit = s_long ? 1_000_000 : 50_000;
        if (!Agree(scheme, new Dictionary<string, string>(), 2, limit))
            Assert.Skip($"more than {limit} states; LAZYKICK_LONG=1 goes further");
        if (s_long)
            Agree(scheme, new Dictionary<string, string>(), 3, 300_000);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheyAgreeOnEverySchemeWithOtherKnobs(string name)
    {
        var scheme = SchemeLoader.FromCatalogue(name)!;
        var compared = 0;
        foreach (var setting in s_long ? Singles(scheme) : Samples(scheme, 3))
            compared += Agree(scheme, setting, 2, s_long ? 300_000 : 15_000) ? 1 : 0;
        if (compared == 0)
            Assert.Skip("none of these settings is small enough; LAZYKICK_LONG=1 goes further");
    }

    /// <summary>False if the space is too large to compare.</summary>
    private static bool Agree(Scheme scheme, Dictionary<string, string> knobs, int cpus, int maxStates)
    {
        var differences = EngineComparison.Differences(scheme, knobs, cpus, maxStates);
        Assert.True(
            string.IsNullOrEmpty(differences),
            $"{scheme.Name}, {cpus} CPUs, {string.Join(' ', knobs.Select(k => $"{k.Key}={k.Value}"))}\n{differences}"
        );
        return differences is not null;
    }

    private static IEnumerable<Dictionary<string, string>> Singles(Scheme scheme) =>
        scheme.Knobs.Values.SelectMany(
            k => k.Values.Where(v => v != k.Values[k.Default]),
            (k, v) => new Dictionary<string, string>(StringComparer.Ordinal) { [k.Name] = v }
        );

    /// <summary>Settings of a few knobs each, the same in every run.</summary>
    private static IEnumerable<Dictionary<string, string>> Samples(Scheme scheme, int count)
    {
        var random = new Random(scheme.Name.Sum(c => c));
        for (var i = 0; i < count; i++)
        {
            yield return scheme
                .Knobs.Values.Where(_ => random.Next(4) == 0)
                .ToDictionary(k => k.Name, k => k.Values[random.Next(k.Values.Count)], StringComparer.Ordinal);
        }
    }
}
