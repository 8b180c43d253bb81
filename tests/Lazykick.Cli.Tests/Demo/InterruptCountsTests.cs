using Lazykick.Cli.Demo;

namespace Lazykick.Cli.Tests.Demo;

public class InterruptCountsTests
{
    private const string Before = """
                   CPU0       CPU2
          1:          9          0   IO-APIC   1-edge      i8042
        LOC:        100        200   Local timer interrupts
        CAL:         10         20   Function call interrupts
        ERR:          0
        """;

    private const string After = """
                   CPU0       CPU2
          1:          9          0   IO-APIC   1-edge      i8042
        LOC:        150        260   Local timer interrupts
        CAL:       9010       1020   Function call interrupts
        TLB:          0          5   TLB shootdowns
        ERR:          7
        """;

    [Fact]
    public void What_came_in_between_is_named_most_frequent_first()
    {
        var before = InterruptCounts.Parse(Before.Split('\n'), 2);
        var after = InterruptCounts.Parse(After.Split('\n'), 2);
        Assert.Equal(
            [
                new("CAL", "Function call interrupts", 1000),
                new("LOC", "Local timer interrupts", 60),
                new("TLB", "TLB shootdowns", 5),
            ],
            after.Since(before)
        );
    }

    [Fact]
    public void The_column_is_found_by_its_name_not_by_its_place()
    {
        var before = InterruptCounts.Parse(Before.Split('\n'), 0);
        Assert.Equal(9000, InterruptCounts.Parse(After.Split('\n'), 0).Since(before)[0].Count);
    }

    [Fact]
    public void A_CPU_without_a_column_is_an_error() =>
        Assert.Throws<InvalidDataException>(() => InterruptCounts.Parse(Before.Split('\n'), 1));

    [Fact]
    public void A_missing_row_is_noticed() =>
        Assert.False(InterruptCounts.Parse(["  CPU0", "IPI1:  5  Function call interrupts"], 0).HasFunctionCalls);
}
