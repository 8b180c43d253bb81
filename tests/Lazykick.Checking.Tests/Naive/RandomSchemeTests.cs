using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>
/// The engine and the naive interpreter agree on random schemes. LAZYKICK_SEED picks another first seed,
/// LAZYKICK_LONG=1 runs thousands; a failure shows the smallest scheme that still differs.
/// </summary>
public class RandomSchemeTests
{
    private const int MaxStates = 4_000;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void TheyAgreeOnRandomSchemes(int cpus)
    {
        var first = int.TryParse(Environment.GetEnvironmentVariable("LAZYKICK_SEED"), out var seed)
            ? seed
            : cpus * 100_000;
        var count = Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1" ? 5_000 : 40;
        var compared = 0;
        for (seed = first; seed < first + count; seed++)
        {
            var text = new SchemeGenerator(seed).Generate();
            var differences = Differences(SchemeText.Load(text), cpus);
            if (!string.IsNullOrEmpty(differences))
            {
                var smallest = SchemeShrinker.Shrink(
                    text,
                    t => Load(t) is { } scheme && Differences(scheme, cpus) is { Length: > 0 }
                );
                Assert.Fail($"seed {seed}, {cpus} CPUs\n{Differences(SchemeText.Load(smallest), cpus)}\n{smallest}");
            }

            compared += differences is null ? 0 : 1;
        }

        Assert.True(compared > count / 4, $"only {compared} of {count} were small enough to compare");
    }

    [Fact]
    public void BitsAndSetsOfVersionsAgreeOnRandomSchemes()
    {
        var violated = 0;
        for (var seed = 1; seed <= 90; seed++)
        {
            var scheme = SchemeText.Load(new SchemeGenerator(seed).Generate());
            try
            {
                var bits = NaiveChecker.Run(scheme, new Dictionary<string, int>(), 2, MaxStates);
                var sets = NaiveChecker.RunWithVersions(scheme, new Dictionary<string, int>(), 2, 3, 4 * MaxStates);
                if (bits.GaveUp || sets.GaveUp)
                    continue;
                Assert.True(
                    bits.Verdicts["S1"] == sets.Verdicts["S1"]
                        && bits.Verdicts["S1.windows"] == sets.Verdicts["S1.windows"],
                    $"seed {seed}\n{bits}\n{sets}"
                );
                violated += bits.Verdicts["S1.windows"] is null ? 0 : 1;
                Assert.Equal(bits.Positions.Where(p => p.IsStale), sets.Positions.Where(p => p.IsStale));
            }
            catch (NaiveSchemeException)
            {
                // An error is an error in both forms; the comparison with the engine looks at those.
            }
        }

        Assert.True(violated > 10, $"only {violated} schemes have a window");
    }

    private static string? Differences(Scheme scheme, int cpus) =>
        EngineComparison.Differences(scheme, new Dictionary<string, string>(), cpus, MaxStates);

    private static Scheme? Load(string text) =>
        SchemeLoader.Load(new SourceText("random.kick", text), Catalogue.Instance, new DiagnosticCollection());
}
