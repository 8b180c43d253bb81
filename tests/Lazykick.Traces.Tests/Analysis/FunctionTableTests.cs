using Lazykick.Traces.Kicks;
using Lazykick.Traces.Tests.Captures;

namespace Lazykick.Traces.Tests.Analysis;

public sealed class FunctionTableTests
{
    [Fact]
    public void Every_row_of_the_table_has_a_reason_versions_and_a_cure()
    {
        Assert.True(FunctionTable.Default.Rows.Count > 430);
        Assert.All(
            FunctionTable.Default.Rows.Values,
            static row =>
            {
                Assert.True(row.Reason.Length > 5, row.Name);
                Assert.True(row.Versions is not null, row.Name);
                Assert.True(row.Cure is { Length: > 5 }, row.Name);
            }
        );
    }

    [Fact]
    public void Every_function_that_the_captures_show_is_in_the_table()
    {
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var row in CaptureCut.All)
        {
            foreach (var line in CaptureCut.Of(row.Data.Item1, row.Data.Item2).Queued.Keys)
            {
                var function = line.Split(' ')[0];
                if (FunctionTable.Default.Find(function) is null)
                    missing.Add(function);
            }
        }

        Assert.Empty(missing);
    }

    // From the first and the last column of what a kernel's source says of these names.
    [Theory]
    [InlineData("do_nothing", "..")]
    [InlineData("flush_tlb_func_remote", "..5.10")]
    [InlineData("nohz_csd_func", "6.1..")]
    [InlineData("__cfsb_csd_unthrottle", "6.12..")]
    [InlineData("do_check_lazy_tlb", "6.12..")]
    [InlineData("libeth_xsk_napi_sched", "7.3..")]
    [InlineData("clocksource_verify_one_cpu", "..6.12")]
    public void Versions_are_those_of_the_kernels_that_have_the_function(string function, string versions) =>
        Assert.Equal(versions, FunctionTable.Default.Find(function)?.Versions);

    [Fact]
    public void A_users_cure_takes_the_place_of_the_built_in_one()
    {
        const string text = "cure rcu ask me\nmine never rcu 5.10..6.1 it must\nyours never rcu it may .. not";
        Assert.True(FunctionTable.TryParse(text, FunctionTable.Default, out var table, out _));

        Assert.Equal("ask me", table.Find("rcu_exp_handler")!.Cure);
        Assert.Equal(("ask me", "5.10..6.1", "it must"), Said("mine"));
        Assert.Equal(("ask me", null, "it may .. not"), Said("yours"));
        Assert.NotEqual("ask me", FunctionTable.Default.Find("rcu_exp_handler")!.Cure);

        (string?, string?, string) Said(string name) =>
            (table.Find(name)!.Cure, table.Find(name)!.Versions, table.Find(name)!.Reason);
    }

    [Theory]
    [InlineData("do_nothing", Deferrability.Deferrable, "kick_all_cpus_sync")]
    [InlineData("do_sync_core", Deferrability.Deferrable, "text_poke_sync")]
    [InlineData("do_kernel_range_flush", Deferrability.Deferrable, "flush_tlb_kernel_range")]
    [InlineData("ipi_mb", Deferrability.Never, "membarrier")]
    [InlineData("flush_tlb_func", Deferrability.Never, "user_tlb")]
    [InlineData("flush_tlb_func.isra.0", Deferrability.Never, "user_tlb")]
    [InlineData("ack_kick [kvm]", Deferrability.Never, "kvm")]
    public void Functions_are_found_whatever_the_compiler_appended(
        string symbol,
        Deferrability deferrability,
        string kickClass
    )
    {
        var row = FunctionTable.Default.Find(symbol);

        Assert.Equal((deferrability, kickClass), (row!.Deferrability, row.KickClass));
    }

    [Fact]
    public void A_users_rows_take_the_place_of_the_built_in_ones()
    {
        Assert.True(
            FunctionTable.TryParse(
                "# mine\nipi_mb deferrable membarrier because I say so\n\nnew_one never mine it must\n",
                FunctionTable.Default,
                out var table,
                out _
            )
        );

        Assert.Equal(Deferrability.Deferrable, table.Find("ipi_mb")!.Deferrability);
        Assert.Equal("it must", table.Find("new_one")!.Reason);
        Assert.Equal(Deferrability.Deferrable, table.Find("do_nothing")!.Deferrability);
        Assert.Equal(Deferrability.Never, FunctionTable.Default.Find("ipi_mb")!.Deferrability);
    }

    [Theory]
    [InlineData(
        "do_nothing deferrable kick",
        "line 1: expected 'FUNCTION deferrable|never|unknown CLASS reason', found 'do_nothing deferrable kick'"
    )]
    [InlineData(
        "# fine\nf maybe c some reason",
        "line 2: expected deferrable, never or unknown after 'f', found 'maybe'"
    )]
    public void A_wrong_row_is_named_by_its_line(string text, string message)
    {
        Assert.False(FunctionTable.TryParse(text, null, out _, out var error));
        Assert.Equal(message, error);
    }
}
