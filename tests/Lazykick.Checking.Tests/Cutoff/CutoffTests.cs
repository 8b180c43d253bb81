using Lazykick.Checking.Cutoff;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Tests.Documents;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Cutoff;

/// <summary>Where the cutoff applies, why not elsewhere, and that no space contradicts it.</summary>
public sealed class CutoffTests
{
    private static IEnumerable<Scheme> Schemes =>
        Catalogue
            .Instance.Names.Where(n => !n.Contains('/', StringComparison.Ordinal))
            .Select(n => SchemeLoader.FromCatalogue(n)!)
            .Where(s => !s.IsBase);

    public static TheoryData<string> Names => [.. Schemes.Select(s => s.Name)];

    [Fact]
    public void The_page_lists_to_which_schemes_of_the_catalogue_the_cutoff_applies()
    {
        var lines = Schemes.Select(s => $"| `{s.Name}` | {Answer(s).Reason ?? "any number of targets"} |\n").ToList();
        Assert.True(lines.Count(l => l.Contains("any number", StringComparison.Ordinal)) >= 15);
        GeneratedList.Check("design/cutoff.md", "written by CutoffTests", string.Concat(lines));
    }

    /// <summary>
    /// What the theorem says of the catalogue, against whole spaces with one target more. Spaces of more states than
    /// the limit are left out; LAZYKICK_LONG=1 raises it.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void No_whole_space_with_3_CPUs_contradicts_it(string name)
    {
        var isLong = Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1";
        var limits = SearchLimits.Default with { MaxStates = isLong ? 30_000_000 : 150_000 };
        var scheme = SchemeLoader.FromCatalogue(name)!;
        if (!Answer(scheme).Applies)
            return;
        var narrow = Check(scheme, 2, limits);
        var wide = Check(scheme, 3, limits);
        foreach (var verdict in narrow.Verdicts.Where(v => v.Verdict == Verdict.Holds))
        {
            Assert.NotEqual(
                (name, verdict.Property, Verdict.Violated),
                (name, verdict.Property, wide[verdict.Property].Verdict)
            );
        }

        if (wide.End != SearchEnd.Exhausted)
            return;
        foreach (var verdict in narrow.Verdicts)
        {
            Assert.Equal(
                (verdict.Property, verdict.Verdict == Verdict.Violated),
                (verdict.Property, wide[verdict.Property].Verdict == Verdict.Violated)
            );
        }
    }

    [Fact]
    public void A_kicker_that_does_for_each_what_it_does_for_one_needs_one_target()
    {
        var scheme = Load(
            """
            percpu ack : bit
            percpu note : bit
            private got : bit
            private mask : set
            path go from task
                kick all_others
                repeat: linger "done"
            kick all_others
                for t in others:
                    got := note[t]
                    when got = 0: mask := mask + {t}
                for t in mask: wait ack[t] = 1
                mask := {}
                assert done = 0 for P
            path answer from task
                note := 1
                ack := 1
                repeat: linger "done"
            """
        );
        Assert.Null(Answer(scheme).Reason);
        Assert.Equal(Verdict.Holds, Check(scheme, 2)["P"].Verdict);
        Assert.Equal(Verdict.Holds, Check(scheme, 3)["P"].Verdict);
    }

    /// <summary>Schemes in which the number of targets matters, each by breaking one condition.</summary>
    [Theory]
    [InlineData(
        "1",
        "sends interrupts",
        "path answer from task\n    for t in others: send poke to t\npath poked on irq from task\n    exception\n    "
            + "discover m\n    when m = poke:\n        assert done = 1 for P\n    m := none\n    eret\npath go from "
            + "task\n    step nothing"
    )]
    [InlineData(
        "2",
        "which targets write",
        "shared turn : bit\npath answer from task\n    when turn = 1: assert done = 1 for P\n    turn := 1\n    "
            + "repeat: linger \"done\"\npath go from task\n    step nothing"
    )]
    [InlineData(
        "2, another target's variable",
        "about other targets",
        "pairwise met : bit\npath answer from task\n    for k in others: met[self, k] := 1\n    for k in others:\n     "
            + "   when met[k, self] = 1: assert done = 1 for P\n    repeat: linger \"done\"\npath go from task\n    "
            + "step nothing"
    )]
    [InlineData(
        "3, scratch",
        "from another target's turn",
        "private got : bit\npath answer from task\n    step nothing\npath go from task\n    for t in others:\n        "
            + "assert got = 0 for P\n        got := 1\n    got := 0"
    )]
    [InlineData(
        "2, through another",
        "which others read",
        "pairwise met : bit\npath answer from task\n    for k in others: met[self, k] := 1\n    for k in others:\n     "
            + "   when met[k, self] = 1: done := 1\n    assert done = 0 for P\n    repeat: linger \"done\"\npath go "
            + "from task\n    step nothing"
    )]
    [InlineData(
        "3, common",
        "writes count",
        "shared count : 0..7\npath answer from task\n    step nothing\npath go from task\n    for t in others: rmw "
            + "count := count + 1 full\n    assert count < 2 for P\n    repeat: linger \"done\""
    )]
    [InlineData(
        "3, the set",
        "as a whole",
        "private mask : set\npath answer from task\n    step nothing\npath go from task\n    mask := {}\n    for t in "
            + "others: mask := mask + {t}\n    for t in others: assert mask = {t} for P\n    repeat: linger \"done\""
    )]
    [InlineData(
        "3, exit",
        "left in the middle",
        "percpu flag : bit\nshared all_there : bit\npath answer from task\n    flag := 1\n    repeat: linger "
            + "\"done\"\npath look on brk from task\n    exception\n    when all_there = 1: assert flag = 1 for P\n    "
            + "eret\npath go from task\n    repeat:\n        step nothing\n        for t in others:\n            when "
            + "flag[t] = 1: break\n    all_there := 1\n    repeat: linger \"done\""
    )]
    [InlineData(
        "3, loop within a loop",
        "within a loop",
        "path answer from task\n    step nothing\npath go from task\n    for t in others:\n        for u in others: "
            + "assert t = u for P\n    repeat: linger \"done\""
    )]
    [InlineData(
        "4",
        "which targets write",
        "shared answers : 0..7\npath answer from task\n    rmw answers := answers + 1 full\n    repeat: linger "
            + "\"done\"\npath go from task\n    assert answers < 2 for P"
    )]
    [InlineData(
        "4, the set",
        "as a whole",
        "percpu up : bit = 1\npercpu fresh : bit\nprivate some : set\nshared none : bit\npath answer from task\n    up "
            + ":= 0\n    repeat: linger \"done\"\npath go from task\n    some := {}\n    for t in others: some := some "
            + "+ {t} when up[t] = 0\n    for t in some:\n        assert some = {t} for P\n    repeat: linger \"done\""
    )]
    [InlineData(
        "5",
        "may hold another target",
        "shared inside : set\nprivate old : set\npath answer from task\n    rmw old := inside := inside + self full\n  "
            + "  assert old = {} for P\n    repeat: linger \"done\"\npath go from task\n    step nothing"
    )]
    public void Where_the_number_of_targets_matters_it_does_not_apply(string condition, string reason, string text)
    {
        var scheme = Load(text);
        Assert.NotEqual((condition, Verdict.Violated), (condition, Check(scheme, 2)["P"].Verdict));
        Assert.Equal((condition, Verdict.Violated), (condition, Check(scheme, 3)["P"].Verdict));
        Assert.Contains(reason, Answer(scheme).Reason ?? "applies", StringComparison.Ordinal);
    }

    [Fact]
    public void A_third_role_is_not_what_two_CPUs_show()
    {
        var scheme = SchemeLoader.Load(
            new SourceText(
                "test.kick",
                Head
                    + "role kicker\n    starts task\n    takes go\nrole good\n    starts task\n    takes answer\n"
                    + "role bad\n    starts task\n    takes fail\ncpus kicker good bad\n"
                    + "path go from task\n    step nothing\npath answer from task\n    assert done = 0 for P "
                        + "\"wrong\"\n"
                    + "path fail from task\n    assert done = 1 for P \"wrong\"\n"
            ),
            Catalogue.Instance,
            new DiagnosticCollection()
        )!;
        Assert.Equal(Verdict.Holds, Check(scheme, 2)["P"].Verdict);
        Assert.Equal(Verdict.Violated, Check(scheme, 3)["P"].Verdict);
        Assert.Contains("role", Answer(scheme).Reason, StringComparison.Ordinal);
    }

    private const string Head = """
        scheme test "how many targets"
        place task
        message poke
        private m : irq
        ghost done : bit
        percpu idle : bit
        state eqs = idle = 1

        """;

    private static Scheme Load(string text)
    {
        var paths = text.Split('\n')
            .Where(l => l.StartsWith("path ", StringComparison.Ordinal))
            .Select(l => l.Split(' ')[1]);
        var source =
            Head
            + "role kicker\n    starts task\n    takes go\nrole target\n    starts task\n    takes "
            + string.Join(", ", paths.Where(p => p != "go"))
            + "\ncpus kicker target\n"
            + Named(text)
            + "\n";
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("test.kick", source), Catalogue.Instance, diagnostics);
        Assert.True(diagnostics.Count == 0, string.Join('\n', diagnostics) + source);
        return scheme!;
    }

    /// <summary>Every assertion says what its violation means.</summary>
    private static string Named(string text) =>
        string.Join(
            '\n',
            text.Split('\n').Select(l => l.EndsWith(" for P", StringComparison.Ordinal) ? l + " \"wrong\"" : l)
        );

    private static CutoffAnswer Answer(Scheme scheme) =>
        CutoffCheck.Of(scheme, scheme.Knobs.Values.ToDictionary(k => k.Name, k => k.Default), MemoryModel.Sc)!;

    private static CheckResult Check(Scheme scheme, int cpus, SearchLimits? limits = null)
    {
        var diagnostics = new DiagnosticCollection();
        var options = new CheckOptions { Cpus = cpus, Limits = limits ?? SearchLimits.Default };
        var result = SchemeCheck.Run(scheme, options, diagnostics, TestContext.Current.CancellationToken);
        Assert.True(diagnostics.Count == 0, string.Join('\n', diagnostics));
        return result!;
    }
}
