using Lazykick.Checking.Exploration;
using Lazykick.Checking.Export;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Properties;
using Lazykick.Checking.Tests.Naive;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Export;

/// <summary>
/// Random schemes: each race to old text is exported as a test that is allowed, or refused in words; nothing else ever
/// happens.
/// </summary>
public sealed class RandomSchemeTests
{
    private static readonly SearchLimits s_small = SearchLimits.Default with { MaxStates = 60_000 };

    [Fact]
    public void A_race_of_a_random_scheme_is_exported_or_refused_in_words()
    {
        var exported = 0;
        var count = Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1" ? 3_000 : 14;
        for (var seed = 1; seed <= count; seed++)
        {
            var text = new SchemeGenerator(seed).Generate();
            var scheme = SchemeText.Load(text);
            var memory = seed % 3 == 0 ? MemoryModel.Sc : MemoryModel.Arm;
            var options = new CheckOptions
            {
                Memory = memory,
                InFlight = 2,
                Limits = s_small,
            };
            foreach (var property in PropertyList.Of(scheme).Select(p => p.Id))
            {
                var diagnostics = new DiagnosticCollection();
                var result = LitmusExport.Run(
                    scheme,
                    new ExportOptions { Check = options, Property = property },
                    diagnostics,
                    TestContext.Current.CancellationToken
                );
                if (result is null)
                {
                    Assert.NotEmpty(diagnostics);
                    continue;
                }

                if (result.Refusal is { } refusal)
                {
                    Assert.True(
                        refusal.Message.Length > 20 && refusal.Hint.Length > 10,
                        $"seed {seed}, {property}: {refusal}"
                    );
                    if (property.StartsWith("S1", StringComparison.Ordinal))
                    {
                        Assert.True(
                            refusal.GaveUp
                                || refusal.Message.EndsWith("there is no race to export", StringComparison.Ordinal)
                                || refusal.Message.Contains("is not checked", StringComparison.Ordinal),
                            $"seed {seed}, {property}: {refusal}"
                        );
                    }

                    continue;
                }

                var test = Assert.Single(Exported.Tests(result));
                Assert.True(test.Verdict == "Allowed", $"seed {seed}, {property}: {test.Text}");
                exported++;
            }
        }

        Assert.True(exported > count / 4, $"only {exported} races of {count} schemes were exported");
    }
}
