using Lazykick.Checking.Changes;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Tests.Documents;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;

namespace Lazykick.Checking.Tests.Changes;

/// <summary>
/// Every barrier, synchronisation, mask, wait, order and condition of the catalogue is taken away in turn: it breaks
/// something that held, or docs/reference/redundant.md names it.
/// </summary>
public sealed class RedundancyTests
{
    // Whole spaces of more states are left to LAZYKICK_LONG=1.
    private const long UsualStates = 2_000;

    public static TheoryData<string> Names =>
        [
            .. Catalogue
                .Instance.Names.Where(n => !n.Contains('/', StringComparison.Ordinal))
                .Where(n => !SchemeLoader.FromCatalogue(n)!.IsBase),
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_scheme_of_the_catalogue_could_do_without_is_in_the_page(string name)
    {
        var scheme = SchemeLoader.FromCatalogue(name)!;
        var study = Study(scheme, MemoryModel.Sc);
        var isLong = GeneratedList.IsUpdate || Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1";
        Assert.SkipUnless(isLong || study.Check.States <= UsualStates, "a large space; LAZYKICK_LONG=1 runs it");
        var found = study.FindRedundant([])!;
        Assert.NotEmpty(found.Parts);
        Assert.DoesNotContain(found.Parts, p => p.Verdict == RemovalVerdict.Undecided);
        GeneratedList.Check("reference/redundant.md", name, Rows(found));
    }

    [Fact]
    public void Under_arm_the_barrier_before_a_synchronisation_is_needed_and_the_order_of_the_atomic_is_not()
    {
        var found = Study(SmallScheme.Load("dsb; isb"), MemoryModel.Arm).FindRedundant([])!;
        Assert.Contains("S1", found.Held);
        var entry = found.Parts.Where(p => p.Part.Block == "el0_svc").ToDictionary(p => p.Part.Text, p => p.Verdict);
        Assert.Equal(RemovalVerdict.Needed, entry["dsb"]);
        Assert.Equal(RemovalVerdict.Needed, entry["isb"]);
        Assert.Equal(RemovalVerdict.Redundant, entry["full of rmw inside := 1 full"]);
    }

    [Fact]
    public void Of_two_parts_that_do_the_same_each_is_redundant_and_one_has_to_stay()
    {
        var found = Study(SmallScheme.Load("isb; isb"), MemoryModel.Sc).FindRedundant([])!;
        var both = found.Parts.Where(p => p.Part.Block == "el0_svc" && p.Part.Text == "isb").ToList();
        Assert.Equal(2, both.Count);
        Assert.All(both, p => Assert.Equal(RemovalVerdict.Redundant, p.Verdict));
        Assert.Contains(both[0].Part, found.Together);
        Assert.DoesNotContain(both[1].Part, found.Together);
        Assert.Contains("does the same", both[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_tried_before_it_was_cancelled_is_kept_and_the_rest_is_not_known()
    {
        using var cancellation = new CancellationTokenSource();
        var study = RepairStudy.Of(
            SmallScheme.Load("dsb; isb"),
            new CheckOptions { Memory = MemoryModel.Arm },
            new(),
            cancellation.Token
        )!;
        var tried = new List<(int Parts, int Of)>();
        var found = study.FindRedundant(
            [],
            (parts, of) =>
            {
                lock (tried)
                    tried.Add((parts, of));
                cancellation.Cancel();
            }
        )!;
        Assert.False(found.IsComplete);
        Assert.Empty(found.Together);
        Assert.NotEmpty(tried);
        Assert.All(tried, t => Assert.Equal(found.Parts.Count, t.Of));
        var left = found.Parts.Count(p => p.Reason.StartsWith("not tried", StringComparison.Ordinal));
        Assert.Equal(found.Parts.Count - tried.Count, left);
        Assert.InRange(left, 1, found.Parts.Count - 1);
    }

    private static RepairStudy Study(Scheme scheme, MemoryModel memory) =>
        RepairStudy.Of(scheme, new CheckOptions { Memory = memory }, new(), TestContext.Current.CancellationToken)!;

    private static string Rows(Redundancy found)
    {
        var survivors = found.Parts.Where(p => p.Verdict != RemovalVerdict.Needed).ToList();
        var head =
            $"{found.Parts.Count - survivors.Count} of {found.Parts.Count} parts are needed for "
                + $"{string.Join(", ", found.Held)}.\n";
        return survivors.Count == 0
            ? head
            : $"{head}\n| without | where | what is known |\n|---|---|---|\n"
                + string.Concat(
                    survivors.Select(p =>
                        $"| `{p.Part.Text.Replace("|", "\\|", StringComparison.Ordinal)}` | {p.Part.Block}, "
                            + $"{Path.GetFileName(p.Part.Span.Source.Path)}:{p.Part.Span.Line} | {p.Reason} |\n"
                    )
                );
    }
}
