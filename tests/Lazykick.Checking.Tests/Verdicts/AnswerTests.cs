using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Verdicts;

/// <summary>Plausible mistakes of an author: none of them may come out as "holds".</summary>
public sealed class AnswerTests
{
    private const string V2 = "scheme t \"t\"\ninclude v2\nset patch4 = off\n";

    [Fact]
    public void A_promise_that_is_no_property_is_an_error_with_a_suggestion()
    {
        var diagnostics = Refused(V2 + "promises S01\n");
        var mistake = Assert.Single(diagnostics);
        Assert.Equal("LK0508", mistake.Code);
        Assert.Contains("did you mean 'S1'?", mistake.Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_role_of_the_cpus_line_that_no_CPU_has_is_a_gap()
    {
        const string Text = V2 + "override role peer\n    starts task\n    takes el1_irq\ncpus kicker peer target\n";
        var answer = Check(Text).AnswerOn([]);
        Assert.Equal(AnswerKind.NotShown, answer.Kind);
        Assert.Contains(answer.Reasons, r => r.Contains("role target of the cpus line", StringComparison.Ordinal));
    }

    [Fact]
    public void A_kick_that_returns_for_nothing_shows_nothing_of_text()
    {
        const string Text = V2 + "in aarch64_insn_patch_text replace @kick: kick kick_all_cpus_sync\n";
        var result = Check(Text);
        Assert.Equal(Verdict.NotChecked, result["S1"].Verdict);
        Assert.Equal(AnswerKind.NotShown, result.AnswerOn([]).Kind);
        Assert.Contains("returns LOCATION", result.NotChecked["S1"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_never_leaves_user_mode_shows_nothing()
    {
        const string Text = V2 + "override role target\n    is nohz_full\n    starts user\n    takes el1_irq\n";
        var result = Check(Text);
        var answer = result.AnswerOn([]);
        Assert.Equal(AnswerKind.NotShown, answer.Kind);
        Assert.Contains(answer.Reasons, r => r.Contains("CPU1 (target) never leaves user", StringComparison.Ordinal));
        Assert.Contains(
            result.Remarks,
            r =>
                r.StartsWith("taken by no role: ", StringComparison.Ordinal)
                && r.Contains("el0_svc", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_policy_that_looks_at_the_kicker_instead_of_its_target_shows_nothing()
    {
        const string Text =
            V2
            + "override policy rcu_get_eqs_cpus serves kick_all_cpus_sync\n    skip t when eqs\n    trace skip when "
                + "off\n";
        var answer = Check(Text, ("patch1", "off"), ("patch3", "off")).AnswerOn(["S1"]);
        Assert.Equal(AnswerKind.NotShown, answer.Kind);
        Assert.Contains(answer.Reasons, r => r.Contains("does not look at t", StringComparison.Ordinal));
    }

    [Fact]
    public void A_policy_that_never_skipped_anybody_shows_nothing_of_skipping()
    {
        var result = Check("scheme t \"t\"\ninclude v2\n", ("context_tracking", "off"), ("idle", "none"));
        Assert.Equal(Verdict.Holds, result["S1"].Verdict);
        var answer = result.AnswerOn(["S1"]);
        Assert.Equal(AnswerKind.NotShown, answer.Kind);
        Assert.Contains(answer.Reasons, r => r.Contains("never skipped a CPU", StringComparison.Ordinal));
    }

    [Fact]
    public void An_assumption_that_hangs_on_a_knob_says_how_to_explore_without_it()
    {
        var result = Check("scheme t \"t\"\ninclude before\n");
        Assert.Contains(
            result.Assumptions,
            a =>
                a.StartsWith("GICv3", StringComparison.Ordinal)
                && a.EndsWith("(without it: --set gic=v2)", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_price_for_what_the_policy_never_skips_is_an_error()
    {
        const string Text =
            V2
            + "override policy rcu_get_eqs_cpus serves kick_all_cpus_sync\n    skip t when eqs[t] and off\n    trace "
                + "skip when user_eqs or idle\n";
        var diagnostics = Refused(Text);
        Assert.All(diagnostics, d => Assert.Equal("LK0507", d.Code));
        Assert.Contains(
            diagnostics,
            d => d.Message.Contains("never skips a CPU in state user_eqs", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_kick_that_waits_for_what_another_CPU_may_do_at_will_need_not_return()
    {
        const string Text = """
            scheme free "waits for a second kicker"
            arch powerpc
            shared flag : bit = 0
            place task
            role first
                starts task
                takes a
            role second
                starts task
                takes b
            cpus first second
            path a from task
                kick k
            path b from task
                flag := 1
            kick k
                wait flag = 1

            """;
        Assert.Equal(Verdict.Violated, Check(Text)["S8"].Verdict);
    }

    [Fact]
    public void A_scheme_without_a_kick_is_judged_by_what_it_asserts()
    {
        const string Text = """
            scheme flag "a protocol with an assertion"
            arch powerpc
            shared x : bit = 0
            place task
            role one
                starts task
                takes a
            cpus one one
            path a from task
                x := 1
                assert x = 1 for set "it is lost"

            """;
        var result = Check(Text);
        Assert.Equal(AnswerKind.Holds, result.AnswerOn([]).Kind);
        Assert.Equal("never: it is lost", result["set"].Definition.Sentence);
    }

    [Fact]
    public void Knobs_of_the_bases_that_are_off_are_named_and_change_no_status()
    {
        var result = Check("scheme t \"t\"\ninclude v2\n");
        Assert.Equal(AnswerKind.Holds, result.AnswerOn([]).Kind);
        Assert.Contains("serror=on", result.NotExplored);
        Assert.Contains("sdei=on", result.NotExplored);
        Assert.Contains("el1_debug=on", result.NotExplored);
    }

    private static CheckResult Check(string text, params (string Name, string Value)[] knobs)
    {
        var diagnostics = new DiagnosticCollection();
        var result = Run(text, diagnostics, knobs);
        Assert.Empty(diagnostics.Select(d => d.Render()));
        return result!;
    }

    private static DiagnosticCollection Refused(string text)
    {
        var diagnostics = new DiagnosticCollection();
        Assert.Null(Run(text, diagnostics, []));
        Assert.NotEmpty(diagnostics);
        return diagnostics;
    }

    private static CheckResult? Run(
        string text,
        DiagnosticCollection diagnostics,
        IEnumerable<(string Name, string Value)> knobs
    )
    {
        var scheme = SchemeLoader.Load(new SourceText("t.kick", text), Catalogue.Instance, diagnostics);
        Assert.Empty(diagnostics.Select(d => d.Render()));
        var options = new CheckOptions { Knobs = knobs.ToDictionary(k => k.Name, k => k.Value) };
        return SchemeCheck.Run(scheme!, options, diagnostics, TestContext.Current.CancellationToken);
    }
}
