using Lazykick.Auditing.Keys;
using Lazykick.Auditing.Models;
using Lazykick.Auditing.Reports;
using Lazykick.Auditing.Tests.Support;
using Lazykick.Auditing.Walking;

namespace Lazykick.Auditing.Tests.Walking;

public class TinyKernelTests
{
    private static WindowReport Window(TinyKernel kernel, string name) =>
        Auditor
            .Run(kernel.Load(), cancellation: TestContext.Current.CancellationToken)
            .Windows.Single(w => w.Name == name);

    [Fact]
    public void A_key_before_the_atomic_is_a_site_of_the_way_in_with_its_path()
    {
        var window = Window(new TinyKernel(), "entry");

        Assert.Null(window.Refused);
        var site = Assert.Single(window.Sites);
        Assert.Equal(SiteKind.StaticKey, site.Kind);
        Assert.Equal("the_key", site.Key!.Name);
        Assert.Equal(["el0t_64_sync", "el0_svc"], site.Path);
        Assert.Equal(["el0t_64_sync"], site.Roots);
        Assert.Equal(".noinstr.text", site.Section);
    }

    [Fact]
    public void A_key_in_data_that_is_read_only_after_init_is_sealed() =>
        Assert.Equal(Sealing.Sealed, Window(new TinyKernel { IsSealed = true }, "entry").Sites[0].Sealing);

    [Fact]
    public void A_key_that_only_init_text_changes_is_init_only()
    {
        var key = Window(new TinyKernel(), "entry").Sites[0].Key!;

        Assert.Equal(Sealing.InitOnly, key.Sealing);
        Assert.Equal([new KeyUser("init_the_key", true)], key.Updaters);
    }

    [Fact]
    public void A_key_that_text_changes_which_stays_is_runtime_and_says_by_whom()
    {
        var key = Window(new TinyKernel { UpdatesAtRuntime = true }, "entry").Sites[0].Key!;

        Assert.Equal(Sealing.Runtime, key.Sealing);
        Assert.Equal([new KeyUser("init_the_key", true), new KeyUser("set_the_key", false)], key.Updaters);
    }

    [Fact]
    public void Ordinary_text_in_the_idle_window_can_be_traced_and_probed()
    {
        var window = Window(new TinyKernel(), "idle");

        Assert.Equal(
            ["ftrace psci_suspend", "kprobe psci_suspend"],
            window.Sites.Select(s => $"{s.Kind.ToString().ToLowerInvariant()} {s.Place}")
        );
        Assert.All(window.Sites, s => Assert.Equal(["do_idle", "psci_suspend"], s.Path));
    }

    [Fact]
    public void Without_an_isb_nothing_synchronises_before_ordinary_text()
    {
        var first = Assert.Single(Window(new TinyKernel(), "entry").FirstTexts);

        Assert.Equal(("el0_svc+0x8", "do_el0_svc", "nothing"), (first.Place, first.Target, first.Synchronised));
    }

    [Fact]
    public void An_isb_after_the_atomic_is_found()
    {
        var window = Window(new TinyKernel { HasIsb = true }, "entry");

        Assert.Equal("isb", Assert.Single(window.FirstTexts).Synchronised);
        Assert.Equal(["isb at __ct_user_exit+0x4"], window.Barriers);
    }

    [Fact]
    public void The_walk_checks_itself_at_exception_returns() =>
        Assert.Equal(new Dictionary<string, int> { ["in the EQS again"] = 1 }, Window(new TinyKernel(), "entry").Ends);

    [Theory]
    [InlineData("entry", "el0t_64_sync")]
    [InlineData("entry", "__ct_user_exit")]
    [InlineData("exit", "__ct_user_enter")]
    [InlineData("idle", "ct_idle_exit")]
    [InlineData("guest", "kvm_arm_vcpu_enter_exit")]
    public void A_window_of_which_a_symbol_is_missing_is_refused_by_name(string window, string symbol)
    {
        var report = Window(new TinyKernel { Without = [symbol] }, window);

        Assert.Contains(symbol, report.Refused, StringComparison.Ordinal);
        Assert.Empty(report.Sites);
    }

    [Fact]
    public void A_vendors_kernel_is_read_with_a_model_that_has_its_name()
    {
        var kernel = new TinyKernel { Renamed = ("__ct_user_exit", "vendor_leaves_eqs") };
        using var text = new StringReader(
            AuditModel.DefaultText.Replace("__ct_user_exit", "vendor_leaves_eqs", StringComparison.Ordinal)
        );
        var model = ModelReader.Read(text, "vendor.model");

        var refused = Window(kernel, "entry");
        var window = Auditor
            .Run(kernel.Load(), model, cancellation: TestContext.Current.CancellationToken)
            .Windows.Single(w => w.Name == "entry");

        Assert.Contains("__ct_user_exit", refused.Refused, StringComparison.Ordinal);
        Assert.Null(window.Refused);
        Assert.Equal("the_key", Assert.Single(window.Sites).Key!.Name);
        Assert.Equal("do_el0_svc", Assert.Single(window.FirstTexts).Target);
    }

    [Fact]
    public void A_table_whose_rows_BTF_lays_out_otherwise_is_not_read_and_its_windows_are_refused()
    {
        var report = Auditor.Run(
            new TinyKernel { JumpEntrySize = 24 }.Load(),
            cancellation: TestContext.Current.CancellationToken
        );

        Assert.Contains(
            report.Image.Tables.Found,
            t =>
                t is { Name: "__jump_table", Entries: null }
                && t.How.Contains("24 bytes in BTF", StringComparison.Ordinal)
        );
        Assert.All(
            report.Windows.Where(w => w.Name != "guest"),
            w => Assert.Contains("__jump_table", w.Refused, StringComparison.Ordinal)
        );
        Assert.Equal("BTF (2 of 5 structures)", report.Image.Tables.Layouts.How);
    }

    [Fact]
    public void Two_kernels_are_compared_in_words()
    {
        var before = Auditor.Run(
            new TinyKernel { IsSealed = true, HasIsb = true }.Load(),
            cancellation: TestContext.Current.CancellationToken
        );
        var after = Auditor.Run(
            new TinyKernel { UpdatesAtRuntime = true }.Load(),
            cancellation: TestContext.Current.CancellationToken
        );

        var differences = AuditComparison.Compare(before, after);

        Assert.Contains(
            differences,
            d =>
                d
                    is
                {
                    Window: "entry",
                    IsWorse: true,
                    Text: "static key the_key: SEALED before, RUNTIME now (sealing was lost)"
                }
        );
        Assert.Contains(
            differences,
            d =>
                d is { Window: "entry", IsWorse: true }
                && d.Text.Contains("has nothing in between now", StringComparison.Ordinal)
        );
        Assert.Empty(AuditComparison.Compare(before, before));
    }
}
