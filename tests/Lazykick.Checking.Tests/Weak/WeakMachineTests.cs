using Lazykick.Checking.Compilation;
using Lazykick.Checking.Exploration;
using Lazykick.Checking.Machines;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Checking.Weak;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Weak;

/// <summary>The machine with windows, against the machine without them and against what is known of Arm.</summary>
public sealed class WeakMachineTests
{
    [Theory]
    [InlineData("v2")]
    [InlineData("v1")]
    [InlineData("paul")]
    [InlineData("lazytext")]
    [InlineData("v3-soft")]
    [InlineData("x86-work")]
    public void With_windows_that_wait_for_everything_verdicts_are_those_of_sc(string name)
    {
        var scheme = SchemeLoader.FromCatalogue(name)!;
        var strong = Check(scheme, MemoryModel.Sc, []);
        var diagnostics = new DiagnosticCollection();
        var knobs = scheme.Knobs.Values.ToDictionary(k => k.Name, k => k.Default);
        var compiled = SchemeCompiler.Compile(scheme, knobs, 2, MemoryModel.Sc, 2, diagnostics)!;
        Assert.True(compiled.Fields.Layout.Words <= 4);
        var space = new SchemeSearch<Pair<Pair<Word>>>(
            new WeakMachine<Pair<Pair<Word>>>(compiled),
            new SearchControl(SearchLimits.Default, null, TestContext.Current.CancellationToken)
        ).Run();
        foreach (var (verdict, id) in strong.Verdicts.Select((v, i) => (v, i)))
        {
            Assert.Equal(
                (verdict.Property, verdict.Verdict == Verdict.Violated),
                (verdict.Property, space.Shortest[id] >= 0)
            );
        }
    }

    [Fact]
    public void Patch_4_holds_under_sc_and_tso_and_fails_under_arm_until_a_dsb_precedes_its_isb()
    {
        var v2 = SchemeLoader.FromCatalogue("v2")!;
        Assert.Equal(Verdict.Holds, Check(v2, MemoryModel.Sc, [])["S1"].Verdict);
        Assert.Equal(Verdict.Holds, Check(v2, MemoryModel.Tso, [])["S1"].Verdict);
        Assert.Equal(Verdict.Violated, Check(v2, MemoryModel.Arm, [])["S1"].Verdict);
        Assert.Equal(Verdict.Holds, Check(v2, MemoryModel.Arm, new() { ["dsb"] = "on" })["S1"].Verdict);
        Assert.Equal(
            Verdict.Holds,
            Check(v2, MemoryModel.Arm, new() { ["dsb"] = "on", ["atomics"] = "llsc" })["S1"].Verdict
        );
    }

    [Fact]
    public void A_wider_window_reaches_more_and_keeps_every_violation()
    {
        var v2 = SchemeLoader.FromCatalogue("v2")!;
        var narrow = Check(v2, MemoryModel.Arm, [], window: 1);
        var wide = Check(v2, MemoryModel.Arm, [], window: 2);
        Assert.True(wide.States > narrow.States);
        foreach (var verdict in narrow.Verdicts.Where(v => v.Verdict == Verdict.Violated))
            Assert.Equal(Verdict.Violated, wide[verdict.Property].Verdict);
    }

    [Fact]
    public void A_window_that_was_never_full_hides_nothing()
    {
        var scheme = SchemeLoader.FromCatalogue("jump-label")!;
        var narrow = Check(scheme, MemoryModel.Tso, [], window: 1);
        var wide = Check(scheme, MemoryModel.Tso, [], window: 2);
        var wider = Check(scheme, MemoryModel.Tso, [], window: 4);
        Assert.True(narrow.InFlightReached);
        Assert.False(wide.InFlightReached);
        Assert.False(wider.InFlightReached);
        Assert.True(narrow.States < wide.States);
        Assert.Equal((wide.States, wide.Transitions), (wider.States, wider.Transitions));
        Assert.Contains(narrow.Assumptions, a => a.Contains("may reach more", StringComparison.Ordinal));
        Assert.DoesNotContain(wide.Assumptions, a => a.Contains("in flight", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(MemoryModel.Sc)]
    [InlineData(MemoryModel.Tso)]
    [InlineData(MemoryModel.Arm)]
    public void W2_A_step_that_only_a_wrong_guess_reaches_is_never_taken(MemoryModel memory)
    {
        const string Text = """
            scheme guesses "x is never 1"
            place start
            shared x : bit
            shared y : bit
            percpu idle : bit
            state eqs = idle = 1
            private r : bit
            role one
                starts start
                takes look
            role two
                starts start
                takes write
            cpus one two
            path look from start
                r := x
                smp_rmb
                when r = 1:
                    step by_value
                    y := 1
                when x = 1: step by_test
                when y = 1: step reached
                step last
            path write from start
                y := 1
                y := 0
            """;
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(new SourceText("guesses.kick", Text), Catalogue.Instance, diagnostics);
        Assert.Empty(diagnostics);
        var never = Check(scheme!, memory, []).NeverTaken.Select(p => p.Step).ToList();
        Assert.Equal(["step by_value", "y := 1", "step by_test"], never);
    }

    private static CheckResult Check(
        Scheme scheme,
        MemoryModel memory,
        Dictionary<string, string> knobs,
        int window = 2
    )
    {
        var diagnostics = new DiagnosticCollection();
        var result = SchemeCheck.Run(
            scheme,
            new CheckOptions
            {
                Memory = memory,
                Knobs = knobs,
                InFlight = window,
                Exact = true,
            },
            diagnostics,
            TestContext.Current.CancellationToken
        );
        Assert.Empty(diagnostics);
        return result!;
    }
}
