using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Tests.Naive;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Weak;

/// <summary>
/// A reduced space gives the answers of the whole one: verdicts, lengths, windows, steps that are never taken, what
/// policies answer. The differential tests against the axioms run with reductions, too (SchemeDifferentialTests).
/// </summary>
public sealed class ReductionTests
{
    private static readonly bool s_isLong = Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1";

    public static TheoryData<string> Names =>
        [
            .. Catalogue
                .Instance.Names.Where(n => !n.Contains('/', StringComparison.Ordinal))
                .Where(n => !SchemeLoader.FromCatalogue(n)!.IsBase)
                .Concat(Catalogue.Instance.Field),
        ];

    /// <summary>
    /// Every configuration of the catalogue's .expected files whose whole space is not larger than the limit, which
    /// LAZYKICK_LONG=1 lifts.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_catalogue_has_the_answers_of_its_whole_spaces(string name)
    {
        var scheme = SchemeLoader.FromCatalogue(name)!;
        var differences = ExpectationFile
            .Parse(Catalogue.Instance.Read(name + ".expected")!, new DiagnosticCollection())
            .Where(e => s_isLong || e.States < 5_000)
            .AsParallel()
            .AsOrdered()
            .SelectMany(e =>
                Differences(
                    scheme,
                    new CheckOptions
                    {
                        Cpus = e.Cpus,
                        Memory = Enum.Parse<MemoryModel>(e.Memory, ignoreCase: true),
                        Knobs = e.Knobs,
                    }
                )
                    .Select(d => $"{e.Configuration}: {d}")
            )
            .ToList();
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Theory]
    [InlineData(MemoryModel.Sc)]
    [InlineData(MemoryModel.Tso)]
    [InlineData(MemoryModel.Arm)]
    public void Random_schemes_have_the_answers_of_their_whole_spaces(MemoryModel memory)
    {
        var (compared, smaller) = (0, 0);
        var count = s_isLong ? 5_000 : 30;
        for (var seed = 1_000_000; seed < 1_000_000 + count; seed++)
        {
            var text = new SchemeGenerator(seed).Generate();
            if (Differences(text, memory, ref smaller) is not { } differences)
                continue;
            compared++;
            if (differences.Count == 0)
                continue;
            var ignored = 0;
            var smallest = SchemeShrinker.Shrink(
                text,
                t => IsScheme(t) && Differences(t, memory, ref ignored) is { Count: > 0 }
            );
            Assert.Fail(
                $"seed {seed} under {memory}\n{string.Join('\n', Differences(smallest, memory, ref ignored)!)}\n"
                    + $"{smallest}"
            );
        }

        Assert.True(compared > count / 5, $"only {compared} of {count} were small enough to compare");
        Assert.True(smaller > count / 20, $"only {smaller} of {compared} were reduced at all");
    }

    private static IReadOnlyList<string>? Differences(string text, MemoryModel memory, ref int smaller)
    {
        var scheme = SchemeText.Load(text);
        var limits = SearchLimits.Default with { MaxStates = 60_000 };
        var options = new CheckOptions { Memory = memory, Limits = limits };
        if (Check(scheme, options with { Exact = true }) is not { End: SearchEnd.Exhausted } exact)
            return null;
        var reduced = Check(scheme, options)!;
        smaller += reduced.States < exact.States ? 1 : 0;
        return ReductionTest.Differences(exact, reduced);
    }

    private static IReadOnlyList<string> Differences(Scheme scheme, CheckOptions options) =>
        ReductionTest.Differences(Check(scheme, options with { Exact = true })!, Check(scheme, options)!);

    private static bool IsScheme(string text) =>
        SchemeLoader.Load(new SourceText("random.kick", text), Catalogue.Instance, new DiagnosticCollection())
            is not null;

    private static CheckResult? Check(Scheme scheme, CheckOptions options) =>
        SchemeCheck.Run(scheme, options, new DiagnosticCollection(), TestContext.Current.CancellationToken);
}
