using System.Runtime.CompilerServices;
using Lazykick.Checking.Export;
using Lazykick.Checking.Memory;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Model;
using Lazykick.Schemes.Text;

namespace Lazykick.Checking.Tests.Export;

/// <summary>Races as litmus tests: what is kept, and that the test answers what the scheme's verdict says.</summary>
public sealed class LitmusExportTests
{
    [Theory]
    [InlineData("v2", "", "dsb=on", "v2+S1", "v2+dsb-on+S1")]
    [InlineData("v2", "atomics=llsc", "dsb=on", "v2+atomics-llsc+S1", "v2+atomics-llsc+dsb-on+S1")]
    [InlineData("v1", "", "special_isb=on", "v1+S1", "v1+special_isb-on+S1")]
    [InlineData("slab", "", "sample=acquire", "slab+S3", "slab+sample-acquire+S3")]
    public void A_race_and_its_mended_twin_are_the_files_beside_this_test(
        string scheme,
        string settings,
        string against,
        string broken,
        string mended
    )
    {
        var tests = Exported.Tests(Exported.Run(scheme, settings, against));
        Assert.Equal([(broken, "Allowed"), (mended, "Forbidden")], tests.Select(t => (t.Name, t.Verdict)));
        foreach (var test in tests)
            Golden(test);
    }

    [Fact]
    public void Patch_4_is_store_buffering_with_the_atomic_and_isb_against_text_and_the_sample()
    {
        var test = Exported.Tests(Exported.Run("v2"))[0];
        Assert.Equal("Allowed", test.Verdict);
        Assert.Equal(
            ["P0", "STR", "DC", "DSB", "IC", "DSB", "LDR", "P1", "LDADDAL", "ISB", "L0:", "MOV", "L1:"],
            Mnemonics(test.Text)
        );
    }

    [Fact]
    public void Under_sc_a_race_without_an_isb_is_a_test_that_Arm_allows_too()
    {
        var tests = Exported.Tests(Exported.Run("v2", "patch4=off", "patch4=on", memory: MemoryModel.Sc));
        Assert.Equal(("Allowed", "Allowed"), (tests[0].Verdict, tests[0].UsualVerdict));

        // The isb mends it where every access is complete before the next, and only there.
        Assert.Equal(("Forbidden", "Allowed"), (tests[1].Verdict, tests[1].UsualVerdict));
        Assert.Contains("too early to matter", tests[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jump-label", "")]
    [InlineData("v3-soft", "")]
    [InlineData("before", "gic=v2")]
    public void Where_no_access_tells_that_the_kick_has_returned_a_flag_does(string scheme, string settings)
    {
        var test = Exported.Tests(Exported.Run(scheme, settings))[0];
        Assert.Equal("Allowed", test.Verdict);
        Assert.Contains("=returned;", test.Text, StringComparison.Ordinal);
        Assert.Contains("The variable returned is added", test.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Interrupts_that_the_core_does_not_need_are_left_out_by_name()
    {
        var test = Exported.Tests(Exported.Run("before", "gic=v2"))[0];
        Assert.Contains(
            test.Dropped,
            d =>
                d.StartsWith("P0: send call_function to t", StringComparison.Ordinal)
                && d.EndsWith("an interrupt: litmus tests have none, and this one needs none", StringComparison.Ordinal)
        );
        Assert.Contains(test.Dropped, d => d.StartsWith("P1: discover m", StringComparison.Ordinal));
    }

    [Fact]
    public void A_race_about_data_on_x86_is_a_test_of_x86_64()
    {
        var test = Exported.Tests(Exported.Run("runtime-grace", "leave=store"))[0];
        Assert.Equal("Allowed", test.Verdict);
        Assert.StartsWith("X86_64 runtime-grace+leave-store+S3\n", test.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v2", "dsb=on", null, "v2 with dsb=on under arm keeps what it promises", "S1.windows")]
    [InlineData("v2", "dsb=on", "S1", "S1 holds for v2 with dsb=on under arm", "--against")]
    [InlineData("v2", "", "S99", "'v2' has no property 'S99'", "S1")]
    [InlineData("v2", "", "S5b", "S5b turns on an interrupt, at 'exception' (", "lazykick check")]
    [InlineData("before", "", "S5a", "S5a turns on an interrupt, at 'send call_function to t' (", "lazykick check")]
    [InlineData("v2", "dbg=on", "S6", "S6 turns on where", "lazykick check")]
    [InlineData("v2", "restore_args=off patch2=off", "S7", "S7 turns on registers of one CPU", "lazykick check")]
    [InlineData(
        "kernel-tlb",
        "entry_data=vmalloc",
        "S9",
        "S9 turns on a translation, at 'touch area' (",
        "lazykick check"
    )]
    [InlineData("rm-host-action", "policy=v2", null, "a scheme for powerpc", "AArch64 and X86_64")]
    [InlineData("runtime-grace", "scan=before", "S3", "needs no reordering", "lazykick check")]
    [InlineData(
        "x86-work",
        "nmi=on",
        "S1",
        "litmus tests of x86_64 have no instruction that is fetched as data is written",
        "data"
    )]
    public void What_cannot_be_exported_is_refused_with_the_reason_and_a_way_on(
        string scheme,
        string settings,
        string? property,
        string message,
        string hint
    )
    {
        var result = Exported.Run(scheme, settings, property: property);
        Assert.NotNull(result.Refusal);
        Assert.Empty(result.Tests);
        Assert.False(result.Refusal.GaveUp);
        Assert.Contains(message, result.Refusal.Message, StringComparison.Ordinal);
        Assert.Contains(hint, result.Refusal.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v2", "", "patch5=off", "CPU0 does not come to 'select t into mask by rcu_get_eqs_cpus")]
    [InlineData("before", "gic=v2", "gic=v3", "S1 holds, but not by what stands between the accesses of this race")]
    public void Knobs_that_mend_a_race_otherwise_are_refused_as_its_twin(
        string scheme,
        string settings,
        string against,
        string message
    )
    {
        var refusal = Exported.Run(scheme, settings, against).Refusal;
        Assert.Contains(message, refusal?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_is_called_like_a_register_gets_another_name()
    {
        var scheme = Own(
            """
            shared x1 : bit = 0
            shared sp : bit = 0
            private a : bit = 0
            private b : bit = 0
            path send from task
                x1 := 1
                sp := 1
                linger "done"
            path receive from task
                a := sp
                b := x1
                assert not (a = 1 and b = 0) for S2 "the flag is seen and the data is not"
                linger "done"
            """
        );
        var test = Exported.Tests(Exported.Run(scheme, [], null, null, MemoryModel.Arm, 2))[0];
        Assert.Equal("Allowed", test.Verdict);
        Assert.Contains("v_x1 is x1.", test.Text, StringComparison.Ordinal);
        Assert.Contains("v_sp is sp.", test.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_entry_within_the_core_is_an_isb_and_the_remark_says_so()
    {
        var scheme = Own(
            """
            knob eis = on
            text site
            shared flag : 0..2 = 0
            private mask : set = {}
            path send from task
                write site; dc site; dsb; ic site; dsb; isb
                kick lazy returns site
                linger "done"
            path receive from task
                flag := 1
                exception
                body
                linger "done"
            kick lazy
                smp_mb
                for t in others: select t into mask by seen
                for t in mask: wait flag = 2
            policy seen serves lazy
                skip t when flag = 0
            """,
            eqs: "flag = 0"
        );
        var test = Exported.Tests(Exported.Run(scheme, [], null, "S1", MemoryModel.Arm, 2))[0];
        Assert.Equal(
            ["P0", "STR", "DC", "DSB", "IC", "DSB", "LDR", "P1", "STR", "ISB", "L0:", "MOV", "L1:"],
            Mnemonics(test.Text)
        );
        Assert.Contains("An ISB of P1 stands for exception (own.kick:", test.Text, StringComparison.Ordinal);

        // With FEAT_ExS and EIS=0 it synchronises nothing.
        var without = Exported.Tests(Exported.Run(scheme, new() { ["eis"] = "off" }, null, "S1", MemoryModel.Arm, 2))[
            0
        ];
        Assert.DoesNotContain("ISB", Mnemonics(without.Text));
        Assert.Contains(
            without.Dropped,
            d =>
                d.StartsWith("P1: exception (", StringComparison.Ordinal)
                && d.EndsWith("synchronises nothing here (EIS or EOS is 0)", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_data_dependency_of_the_scheme_stands_in_the_test()
    {
        var scheme = Own(
            """
            shared x : bit = 0
            shared y : bit = 0
            private a : bit = 0
            private b : bit = 0
            path send from task
                a := y
                x := 1
                assert a = 0 for S2 "y depends on x, and x is written later"
                linger "done"
            path receive from task
                b := x
                y := b
                linger "done"
            """
        );
        var test = Exported.Tests(Exported.Run(scheme, [], null, null, MemoryModel.Arm, 3))[0];
        Assert.Equal(["P0", "LDR", "STR", "P1", "LDR", "EOR", "ADD", "STR"], Mnemonics(test.Text));
        Assert.EndsWith("exists (0:X1=1 /\\ 1:X1=1)\n", test.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_branch_between_kept_accesses_stays_even_if_it_does_not_help()
    {
        var scheme = Own(
            """
            shared x : bit = 0
            shared y : bit = 0
            private a : bit = 0
            private b : bit = 0
            path send from task
                x := 1
                smp_wmb
                y := 1
                linger "done"
            path receive from task
                a := y
                when a = 1:
                    b := x
                    assert b = 1 for S2 "the flag without the data"
                linger "done"
            """
        );
        var test = Exported.Tests(Exported.Run(scheme, [], null, null, MemoryModel.Arm, 3))[0];
        Assert.Equal(["P0", "STR", "DMB", "STR", "P1", "LDR", "CMP", "B.NE", "LDR", "L3:"], Mnemonics(test.Text));
        Assert.Contains("DMB ISHST", test.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_writes_in_the_wrong_order_are_told_by_the_final_value()
    {
        var scheme = Own(
            """
            shared x : 0..2 = 0
            shared y : bit = 0
            private a : bit = 0
            private b : 0..2 = 0
            path send from task
                x := 2
                y := 1
                linger "done"
            path receive from task
                a := y
                smp_mb
                x := 1
                smp_mb
                b := x
                assert not (a = 1 and b = 2) for S2 "the older write came last"
                linger "done"
            """
        );
        var test = Exported.Tests(Exported.Run(scheme, [], null, null, MemoryModel.Arm, 3))[0];
        Assert.Equal(["P0", "STR", "STR", "P1", "LDR", "DMB", "STR"], Mnemonics(test.Text));
        Assert.EndsWith("exists (1:X1=1 /\\ x=2)\n", test.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_race_of_three_cpus_has_three_threads()
    {
        var scheme = Own(
            """
            shared x : bit = 0
            shared y : bit = 0
            private a : bit = 0
            private b : bit = 0
            private c : bit = 0
            path send from task
                x := 1
                linger "done"
            path receive from task
                a := x
                when a = 1: y := 1
                linger "done"
            path look from task
                b := y
                c := x
                assert not (b = 1 and c = 0) for S2 "the second write without the first"
                linger "done"
            """,
            more: "watcher"
        );
        var test = Exported.Tests(Exported.Run(scheme, [], null, null, MemoryModel.Arm, 3, cpus: 3))[0];
        Assert.Equal(["P0", "STR", "P1", "LDR", "CMP", "B.NE", "STR", "L3:", "P2", "LDR", "LDR"], Mnemonics(test.Text));
    }

    private static Scheme Own(string body, string eqs = "user", string more = "")
    {
        var source = new SourceText(
            "own.kick",
            $"""
            scheme own "a scheme of this test"
            arch arm64
            state eqs = {eqs}
            place task
            role sender
                starts task
                takes send
            role receiver
                starts task
                takes receive
            {(more.Length == 0 ? "" : $"role {more}\n    starts task\n    takes look")}
            cpus sender receiver {more}
            {body}
            """
        );
        var diagnostics = new DiagnosticCollection();
        var scheme = SchemeLoader.Load(source, Catalogue.Instance, diagnostics);
        Assert.Empty(diagnostics.Select(d => d.Render()));
        return scheme!;
    }

    private static IEnumerable<string> Mnemonics(string text)
    {
        var rows = text.Split('\n')
            .SkipWhile(l => !l.StartsWith(" P0", StringComparison.Ordinal))
            .TakeWhile(l => l.EndsWith(';'))
            .Select(l => l.TrimEnd(';').Split('|'))
            .ToList();
        return Enumerable
            .Range(0, rows[0].Length)
            .SelectMany(c =>
                rows.Select(r => r[c].Trim()).Where(cell => cell.Length > 0).Select(cell => cell.Split(' ')[0])
            );
    }

    private static void Golden(ExportedTest test, [CallerFilePath] string here = "")
    {
        var written = Exported.WithoutRemarks(test.Text);
        if (Environment.GetEnvironmentVariable("LAZYKICK_UPDATE") is { Length: > 0 })
        {
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(here)!, "Golden", test.Name + ".litmus"), written);
        }
        else
        {
            Assert.Equal(
                File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Export", "Golden", test.Name + ".litmus")),
                written
            );
        }
    }
}
