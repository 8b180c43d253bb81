using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Export;

/// <summary>
/// Whatever its knobs, an arm64 scheme that runs old text has a race that can be exported, and the test says so.
/// </summary>
public sealed class RandomKnobTests
{
    private static readonly string[] s_schemes =
    [
        "v1",
        "v2",
        "v2-peers",
        "paul",
        "site",
        "before",
        "jump-label",
        "v3-soft",
        "collapse",
    ];

    // A second path into the kernel, or a second way to idle, makes the space several times as large and adds no
    // shorter race.
    private static readonly HashSet<string> s_large =
    [
        "guest",
        "idle",
        "ia",
        "sp_pc",
        "dbg",
        "el1_debug",
        "el1_sync",
        "serror",
        "sdei",
        "sys_trace",
        "tif",
        "start",
    ];

    public static TheoryData<int> Seeds =>
        [.. Enumerable.Range(1, Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1" ? 200 : 3)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_race_to_old_text_is_exported_whatever_the_knobs(int seed)
    {
        var random = new Random(seed);
        var scheme = SchemeLoader.FromCatalogue(s_schemes[random.Next(s_schemes.Length)])!;
        var knobs = Choose(scheme, random);
        var memory = random.Next(4) == 0 ? MemoryModel.Sc : MemoryModel.Arm;
        var about =
            $"seed {seed}: {scheme.Name} {string.Join(' ', knobs.Select(k => $"{k.Key}={k.Value}"))} under {memory}";
        TestContext.Current.TestOutputHelper?.WriteLine(about);
        foreach (var property in new[] { "S1", "S1.windows" })
        {
            var result = Exported.Run(scheme, knobs, null, property, memory, 1);
            if (
                result.Refusal is { } refusal
                && refusal.Message.EndsWith("there is no race to export", StringComparison.Ordinal)
            )
            {
                var check = SchemeCheck.Run(
                    scheme,
                    new CheckOptions
                    {
                        Knobs = knobs,
                        Memory = memory,
                        InFlight = 1,
                    },
                    new DiagnosticCollection(),
                    TestContext.Current.CancellationToken
                );
                Assert.Equal(Verdict.Holds, check![property].Verdict);
                continue;
            }

            Assert.True(result.Refusal is null, $"{about}, {property}: {result.Refusal?.Message}");
            var test = Assert.Single(Exported.Tests(result));
            Assert.Equal((about, "Allowed", "Allowed"), (about, test.Verdict, test.UsualVerdict));
        }
    }

    private static Dictionary<string, string> Choose(Scheme scheme, Random random)
    {
        var candidates = scheme.Knobs.Values.Where(k => !s_large.Contains(k.Name)).ToArray();
        random.Shuffle(candidates);
        return candidates
            .Take(random.Next(1, 5))
            .ToDictionary(k => k.Name, k => k.Values[random.Next(k.Values.Count)], StringComparer.Ordinal);
    }
}
