using Lazykick.Traces.Kicks;

namespace Lazykick.Traces.Tests.Analysis;

public sealed class FunctionTableTests
{
    [Fact]
    public void Every_row_of_the_table_has_a_reason()
    {
        Assert.True(FunctionTable.Default.Rows.Count > 30);
        Assert.All(FunctionTable.Default.Rows.Values, static row => Assert.True(row.Reason.Length > 5, row.Name));
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
