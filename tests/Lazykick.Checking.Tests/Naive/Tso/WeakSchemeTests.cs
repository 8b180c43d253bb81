using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Naive.Tso;

/// <summary>
/// Random schemes with text, interrupts and kicks under weak memory: under tso against a machine of store buffers;
/// under arm against what must hold of any model that is weaker than tso, and the same as sc where a <c>dsb</c> stands
/// before every step.
/// </summary>
public class WeakSchemeTests
{
    // Properties that must be seen to differ from sc.
    private static readonly string[] s_differing = ["S2", "S3", "S9", "P"];

    private const int MaxStates = 6_000;

    // S2, S3, S4 and S9 have rules of their own under weak memory (W13 to W16): TsoChecker has them.
    private static readonly string[] s_compared =
    [
        "S1",
        "S1.windows",
        "S2",
        "S3",
        "S4",
        "S5a",
        "S5b",
        "S6",
        "S7",
        "S9",
        "P",
        "Q",
        "R",
        "T",
    ];

    private static int Count(int ordinary) =>
        Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1" ? 100 * ordinary : ordinary;

    [Fact]
    public void Under_tso_the_engine_and_store_buffers_agree()
    {
        var compared = 0;
        var first = 700_000;
        for (var seed = first; seed < first + Count(50); seed++)
        {
            var text = new SchemeGenerator(seed).Generate();
            if (TsoDifferences(text) is not { } differences)
                continue;
            compared++;
            if (differences.Length > 0)
            {
                var smallest = SchemeShrinker.Shrink(text, t => IsScheme(t) && TsoDifferences(t) is { Length: > 0 });
                Assert.Fail($"seed {seed}\n{TsoDifferences(smallest)}\n{smallest}");
            }
        }

        Assert.True(compared > Count(50) / 4, $"only {compared} were small enough to compare");
    }

    [Fact]
    public void Under_tso_the_engine_and_store_buffers_agree_where_the_stores_make_the_difference()
    {
        var (compared, judged) = (0, new Dictionary<string, int>(StringComparer.Ordinal));
        for (var seed = 950_000; seed < 950_000 + Count(45); seed++)
        {
            var racing = new RacingScheme(seed);
            var text = racing.Generate();
            if (TsoDifferences(text, out var weak) is not { } differences)
                continue;
            compared++;
            if (differences.Length > 0)
            {
                var smallest = SchemeShrinker.Shrink(text, t => IsScheme(t) && TsoDifferences(t) is { Length: > 0 });
                Assert.Fail($"seed {seed}\n{TsoDifferences(smallest)}\n{smallest}");
            }

            // An engine that did without the buffers would be found out by each scheme that counts here.
            if (Check(SchemeText.Load(text), MemoryModel.Sc, MaxStates) is not { } strong)
                continue;
            if (!Violated(strong).SetEquals(Violated(weak!)))
                judged[racing.Property] = judged.GetValueOrDefault(racing.Property) + 1;
        }

        var counts = string.Join(", ", judged.Select(j => $"{j.Key} {j.Value}"));
        Assert.True(compared > Count(45) / 2, $"only {compared} were small enough to compare");
        Assert.True(judged.Values.Sum() > compared / 5, $"of {compared} only {counts} are other than under sc");
        Assert.True(s_differing.All(judged.ContainsKey), counts);
    }

    [Fact]
    public void What_sc_violates_tso_violates_and_what_tso_violates_arm_violates()
    {
        var compared = 0;
        for (var seed = 800_000; seed < 800_000 + Count(20); seed++)
        {
            var scheme = SchemeText.Load(new SchemeGenerator(seed).Generate());
            MemoryModel[] models = [MemoryModel.Sc, MemoryModel.Tso, MemoryModel.Arm];
            var results = models.Select(m => Check(scheme, m, 40_000)).ToList();
            if (results.Any(r => r is null))
                continue;
            compared++;
            for (var i = 0; i + 1 < models.Length; i++)
            {
                var lost = Violated(results[i]!).Except(Violated(results[i + 1]!)).ToList();
                Assert.True(
                    lost.Count == 0,
                    $"seed {seed}: {string.Join(", ", lost)} violated under {models[i]} and not under {models[i + 1]}"
                );
            }
        }

        Assert.True(compared > Count(20) / 5, $"only {compared} were small enough");
    }

    [Fact]
    public void With_a_dsb_before_every_step_arm_is_sc()
    {
        var compared = 0;
        for (var seed = 900_000; seed < 900_000 + Count(20); seed++)
        {
            var scheme = SchemeText.Load(new SchemeGenerator(seed) { IsFenced = true }.Generate());
            if (
                Check(scheme, MemoryModel.Sc, 20_000) is not { } strong
                || Check(scheme, MemoryModel.Arm, 60_000) is not { } weak
            )
            {
                continue;
            }

            compared++;
            Assert.True(
                Violated(strong).SetEquals(Violated(weak)),
                $"seed {seed}: sc {string.Join(' ', Violated(strong))}, arm "
                    + $"{string.Join(' ', Violated(weak))}\n{scheme.Files[^1].Text}"
            );
            Assert.True(
                strong
                    .Positions.Where(p => p.MayRunStale)
                    .Select(Key)
                    .ToHashSet()
                    .SetEquals(weak.Positions.Where(p => p.MayRunStale).Select(Key)),
                $"seed {seed}: other windows\n{scheme.Files[^1].Text}"
            );
        }

        Assert.True(compared > Count(20) / 5, $"only {compared} were small enough");
    }

    private static string? TsoDifferences(string text) => TsoDifferences(text, out _);

    private static string? TsoDifferences(string text, out CheckResult? found)
    {
        var scheme = SchemeText.Load(text);
        found = Check(scheme, MemoryModel.Tso, 5 * MaxStates);
        if (found is not { InFlightReached: false })
            return null;
        TsoResult? expected;
        try
        {
            expected = TsoChecker.Run(scheme, 2, MaxStates);
        }
        catch (NaiveSchemeException)
        {
            return null; // an error under sc is looked at by RandomSchemeTests
        }

        if (expected is null)
            return null;
        var lines = new List<string>();
        lines.AddRange(
            expected
                .Violated.Intersect(s_compared)
                .Except(Violated(found))
                .Select(p => $"{p}: only the buffers violate it")
        );
        lines.AddRange(Violated(found).Except(expected.Violated).Select(p => $"{p}: only the engine violates it"));
        var mine = expected.Positions.ToHashSet(StringComparer.Ordinal);
        var its = Positions(found).ToHashSet(StringComparer.Ordinal);
        lines.AddRange(mine.Except(its).Select(p => $"only the buffers: {p}"));
        lines.AddRange(its.Except(mine).Select(p => $"only the engine: {p}"));
        return string.Join('\n', lines);
    }

    private static IEnumerable<string> Positions(CheckResult result) =>
        result
            .Positions.Where(p => p.IsVisited)
            .GroupBy(
                p => $"{p.Role} {p.Path} {(p.Step.Length == 0 ? "" : $"{p.Span}:{p.Span.Column}")}",
                StringComparer.Ordinal
            )
            .Select(g =>
                $"{g.Key}{(g.Any(p => p.MayRunStale) ? " stale" : "")}{(g.Any(p => p.MayBeInEqs) ? " eqs" : "")}"
            );

    private static string Key(WindowPosition p) =>
        $"{p.Role} {p.Path} {p.Span}:{p.Span.Column} {string.Join('>', p.Calls)}";

    private static HashSet<string> Violated(CheckResult result) =>
        [
            .. result
                .Verdicts.Where(v => v.Verdict == Verdict.Violated && s_compared.Contains(v.Property))
                .Select(v => v.Property),
        ];

    private static bool IsScheme(string text)
    {
        var diagnostics = new DiagnosticCollection();
        return Schemes.Loading.SchemeLoader.Load(
            new SourceText("random.kick", text),
            Schemes.Loading.Catalogue.Instance,
            diagnostics
        )
            is not null;
    }

    private static CheckResult? Check(Scheme scheme, MemoryModel memory, int maxStates)
    {
        var options = new CheckOptions
        {
            Memory = memory,
            InFlight = 8,
            Limits = SearchLimits.Default with { MaxStates = maxStates },
        };
        var result = SchemeCheck.Run(
            scheme,
            options,
            new DiagnosticCollection(),
            TestContext.Current.CancellationToken
        );
        return result is { End: SearchEnd.Exhausted } ? result : null;
    }
}
