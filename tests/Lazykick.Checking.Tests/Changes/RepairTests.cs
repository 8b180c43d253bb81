using Lazykick.Checking.Changes;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Properties;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Editing;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Changes;

/// <summary>What <c>repair</c> finds is what trying every set of additions finds.</summary>
public sealed class RepairTests
{
    [Fact]
    public void Under_sc_the_minimal_sets_are_those_of_all_single_additions_and_pairs()
    {
        var scheme = SmallScheme.Load("run entry");
        var options = new CheckOptions { Memory = MemoryModel.Sc };
        var found = Find(scheme, options);
        Assert.NotEmpty(found.Found);
        var additions = Additions(scheme, options);
        var mending = additions.Where(p => Holds(scheme, options, [p])).Select(p => p.ToString()).ToList();
        Assert.Equal(
            mending.Order(StringComparer.Ordinal),
            found.Found.Where(f => f.Parts.Count == 1).Select(f => f.Parts[0].ToString()).Order(StringComparer.Ordinal)
        );
        var rest = additions.Where(p => p.OnlyRestricts && !mending.Contains(p.ToString())).ToList();
        var pairs = Pairs(rest).Where(p => Holds(scheme, options, p)).Select(Text);
        Assert.Equal(
            pairs.Order(StringComparer.Ordinal),
            found.Found.Where(f => f.Parts.Count == 2).Select(f => Text(f.Parts)).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Under_arm_every_pair_at_the_entry_that_mends_does_what_a_set_that_was_found_does()
    {
        var scheme = SmallScheme.Load("run entry");
        var options = new CheckOptions { Memory = MemoryModel.Arm };
        var found = Find(scheme, options);
        Assert.NotEmpty(found.Found);
        Assert.All(found.Found, f => Assert.True(Holds(scheme, options, f.Parts), Text(f.Parts)));
        var parts = Additions(scheme, options).Where(p => p.OnlyRestricts && p.Block == "el0_svc").ToList();
        var mending = Pairs(parts).Where(p => Holds(scheme, options, p)).ToList();
        Assert.NotEmpty(mending);
        Assert.All(
            mending,
            pair =>
                Assert.True(
                    found.Found.Any(f => f.Parts.All(p => pair.Any(q => IsAtLeast(q, p)))),
                    $"{Text(pair)} mends; found: {string.Join("; ", found.Found.Select(f => Text(f.Parts)))}"
                )
        );
    }

    [Fact]
    public void Each_part_of_a_set_is_needed()
    {
        var scheme = SmallScheme.Load("run entry");
        var options = new CheckOptions { Memory = MemoryModel.Arm };
        foreach (var repair in Find(scheme, options).Found)
        {
            for (var i = 0; i < repair.Parts.Count; i++)
            {
                var part = repair.Parts[i];
                var rest = repair.Parts.Where(p => p != part).ToList();
                var check = Check(scheme, options, rest)!;
                Assert.Equal(
                    (Verdict.Violated, repair.Without[i]),
                    (check[S1Text.Name].Verdict, check[S1Text.Name].Length)
                );
            }
        }
    }

    [Fact]
    public void Of_v2_without_patch_4_it_finds_patch_4()
    {
        var options = new CheckOptions
        {
            Knobs = new Dictionary<string, string>(StringComparer.Ordinal) { ["patch4"] = "off" },
        };
        var found = Find(SchemeLoader.FromCatalogue("v2")!, options, mostParts: 1);
        var part = Assert.Single(Assert.Single(found.Found).Parts);
        Assert.Equal(("isb after 'rmw watching := 1 full'", "rcu_dynticks_eqs_exit"), (part.Text, part.Block));
        Assert.Contains(found.Refused, r => r.Parts[0].Text == Part.SkipNobody && r.Broken == "S5a");
        Assert.True(found.IsComplete);
    }

    [Fact]
    public void Of_v2_under_arm_it_finds_the_dsb_that_patch_4_needs()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1",
            "ten seconds of CPU time; LAZYKICK_LONG=1 runs it"
        );
        var scheme = SchemeLoader.FromCatalogue("v2")!;
        var options = new CheckOptions { Memory = MemoryModel.Arm };
        var part = Assert.Single(Assert.Single(Find(scheme, options, mostParts: 1).Found).Parts);
        Assert.Equal(("dsb after 'rmw watching := 1 full'", "rcu_dynticks_eqs_exit"), (part.Text, part.Block));
    }

    [Fact]
    public void Masks_around_steps_are_those_of_all_masks_that_there_are_as_short_as_they_can_be()
    {
        var scheme = Load(Torn);
        var options = new CheckOptions { Memory = MemoryModel.Sc };
        var compiled = new Prober(scheme, options, CancellationToken.None).Compile([])!;
        var space = new Prober(scheme, options, CancellationToken.None).Search(compiled, [])!.Space;
        // The steps of 'work' but the first, which is taken from the place; those of the handler run masked.
        var run = Assert.Single(MaskRun.Of(compiled, space));
        Assert.Equal(("work", 5, 15), (run.Block, run.Steps.Count, run.Count));
        var mending = new List<(int First, int Count)>();
        for (var first = 0; first < run.Steps.Count; first++)
        {
            for (var count = 1; first + count <= run.Steps.Count; count++)
            {
                if (Holds(scheme, options, [run.Around(first, count)], "P"))
                    mending.Add((first, count));
            }
        }

        var shortest = mending.Where(m =>
            !mending.Exists(o => o != m && o.First >= m.First && o.First + o.Count <= m.First + m.Count)
        );
        var found = RepairStudy
            .Of(scheme, options, new(), TestContext.Current.CancellationToken)!
            .FindRepairs("P", 1)
            .Found.SelectMany(f => f.Parts)
            .Where(p => p.Text.StartsWith("mask I ", StringComparison.Ordinal))
            .Select(p => p.Text);
        Assert.Equal(shortest.Select(m => run.Around(m.First, m.Count).Text), found);
        Assert.Equal(["mask I from before 'a := 1' until after 'b := 1'"], found);
    }

    [Fact]
    public void A_mask_may_begin_earlier_and_end_later()
    {
        var scheme = Load(
            Torn.Replace("run head", "mask I", StringComparison.Ordinal)
                .Replace("run tail", "unmask I", StringComparison.Ordinal)
                .Replace("linger", "mask I\n    linger", StringComparison.Ordinal)
        );
        var texts = Additions(scheme, new CheckOptions { Memory = MemoryModel.Sc }).Select(p => p.Text).ToList();
        Assert.Contains("'unmask I' only after 'run last'", texts);
        Assert.Contains("'mask I' already before 'run last'", texts);
    }

    // An interrupt between the two stores finds them different.
    private const string Torn = """
        scheme torn "an interrupt must find two variables equal"
        arch arm64
        private a : bit = 0
        private b : bit = 0
        state eqs = away
        place task
        place away
        role worker
            starts task
            takes work, el1_irq
        role other
            starts away
        cpus worker other
        promises P

        path work from task
            run head
            run more
            a := 1
            b := 1
            run tail
            run last
            linger "worked"

        path el1_irq on irq from kernel
            exception
            assert a = b for P "both are set"
            eret
        """;

    private static Scheme Load(string text)
    {
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("torn.kick", text), Catalogue.Instance, diagnostics);
        return scheme ?? throw new InvalidOperationException(string.Concat(diagnostics.Select(d => d.Render())));
    }

    [Fact]
    public void A_search_that_is_cancelled_says_that_it_is_not_complete()
    {
        using var cancellation = new CancellationTokenSource();
        var options = new CheckOptions { Memory = MemoryModel.Arm };
        var study = RepairStudy.Of(SmallScheme.Load("run entry"), options, new(), cancellation.Token)!;
        cancellation.Cancel();
        var found = study.FindRepairs(S1Text.Name, 2);
        Assert.False(found.IsComplete);
        Assert.Empty(found.Found);
    }

    [Fact]
    public void What_an_edit_leaves_out_and_puts_in_is_in_the_copy_only()
    {
        var scheme = SmallScheme.Load("isb");
        var before = scheme.Paths["el0_svc"].Body;
        var edits = new SchemeEdits()
            .Instead(before[2])
            .Before(before[1], Fragment.Steps("dsb"))
            .After(before[3], Fragment.Steps("smp_mb", "isb"));
        var diagnostics = new DiagnosticCollection();
        var after = edits.Apply(scheme, diagnostics)!.Paths["el0_svc"].Body;
        Assert.Equal(
            ["exception", "dsb", "rmw inside := 1 full", "body", "smp_mb", "isb", "rmw inside := 0 full", "eret"],
            after.Select(s => s.Span.Text)
        );
        Assert.Same(before, scheme.Paths["el0_svc"].Body);
        Assert.Equal(6, before.Count);
    }

    [Fact]
    public void An_edit_that_leaves_no_scheme_is_reported()
    {
        var scheme = SmallScheme.Load("isb");
        var diagnostics = new DiagnosticCollection();
        Assert.Null(
            new SchemeEdits()
                .Instead(scheme.Paths["el0_svc"].Body[0], Fragment.Steps("x := 1"))
                .Apply(scheme, diagnostics)
        );
        Assert.NotEmpty(diagnostics);
    }

    private static RepairResult Find(Scheme scheme, CheckOptions options, int mostParts = 2) =>
        RepairStudy
            .Of(scheme, options, new(), TestContext.Current.CancellationToken)!
            .FindRepairs(S1Text.Name, mostParts);

    private static IReadOnlyList<Part> Additions(Scheme scheme, CheckOptions options) =>
        [
            .. Checking
                .Changes.Additions.Of(new Prober(scheme, options, default).Compile([])!)
                .Where(p => Check(scheme, options, [p]) is not null),
        ];

    private static IEnumerable<IReadOnlyList<Part>> Pairs(List<Part> parts) =>
        parts.SelectMany((p, i) => parts.Skip(i + 1).Select(q => (IReadOnlyList<Part>)[p, q]));

    private static bool Holds(
        Scheme scheme,
        CheckOptions options,
        IReadOnlyList<Part> parts,
        string property = S1Text.Name
    ) => Check(scheme, options, parts) is { } check && check[property].Verdict == Verdict.Holds;

    private static CheckResult? Check(Scheme scheme, CheckOptions options, IReadOnlyList<Part> parts)
    {
        var edits = new SchemeEdits();
        foreach (var part in parts.OrderBy(p => p.Kind))
            part.Edit(edits);
        var diagnostics = new DiagnosticCollection();
        return edits.Apply(scheme, diagnostics) is { } changed
            ? SchemeCheck.Run(changed, options, diagnostics, TestContext.Current.CancellationToken)
            : null;
    }

    // Of one place, and of one access: what the language's barriers and orders include.
    private static bool IsAtLeast(Part one, Part other)
    {
        string[] barriers = ["smp_rmb", "smp_wmb", "smp_mb", "dsb"];
        if (one.ToString() == other.ToString())
            return true;
        if (one.Kind != other.Kind || one.Step != other.Step)
            return false;
        var (a, b) = (one.Text.Split(' ', 2), other.Text.Split(' ', 2));
        return a[1] == b[1]
            && (
                one.Kind == PartKind.Order
                    ? a[0] == "full"
                    : Array.IndexOf(barriers, a[0]) >= 2
                        && Array.IndexOf(barriers, a[0]) > Array.IndexOf(barriers, b[0])
            );
    }

    private static string Text(IReadOnlyList<Part> parts) =>
        string.Join(" + ", parts.Select(p => p.ToString()).Order(StringComparer.Ordinal));
}
