using System.Text.Json;
using Lazykick.Cli.Demo;
using Lazykick.Cli.Json;
using Lazykick.Cli.Output;
using Lazykick.Traces.Totals;

namespace Lazykick.Cli.Tests.Demo;

public class DemoReportTests
{
    [Theory]
    [InlineData(1_000, 1_000, true)]
    [InlineData(1_000, 500, true)]
    [InlineData(1_000, 499, false)]
    [InlineData(0, 0, false)]
    public void A_run_counts_from_one_IPI_for_every_two_kicks_on(long kicks, long ipis, bool conclusive) =>
        Assert.Equal(conclusive, Result(kicks, ipis).IsConclusive);

    [Fact]
    public void A_busy_machine_gives_no_figures()
    {
        var text = Write(Result(1_000, 10));
        Assert.StartsWith("no result: the machine was too busy", text, StringComparison.Ordinal);
        Assert.DoesNotContain("kicks/s", text, StringComparison.Ordinal);
        Assert.Empty(Json(Result(1_000, 10)).GetProperty("legs").EnumerateArray());
    }

    [Fact]
    public void A_conclusive_run_is_a_table_with_all_sources_named() =>
        Assert.Equal(
            """
            CPU 3: a registered thread spins in EQS. CPU 0: another thread kicks.

                                             kicks/s   IPIs on CPU 3    gap p50 <=   gap p99.99 <=
            nobody kicks                           0               0         40 ns           40 ns
            MemoryBarrierProcessWide          10,000          20,000         40 ns           40 ns
            RcuDomain.Kick                    10,000               0         40 ns           40 ns

            A gap is the time between two turns of the spinning loop. IPIs are the CAL row of /proc/interrupts before and after
            each leg, from whatever sender. Other interrupts on CPU 3:
                nobody kicks: none
                MemoryBarrierProcessWide: 500 LOC (Local timer interrupts)
                RcuDomain.Kick: none

            """,
            Write(Result(20_000, 20_000))
        );

    [Fact]
    public void The_JSON_has_its_schema_and_every_leg()
    {
        var root = Json(Result(20_000, 20_000));
        Assert.Equal("lazykick.demo/2", root.GetProperty("schema").GetString());
        var leg = root.GetProperty("legs")[1];
        Assert.Equal(
            ("processWide", 20_000L, 20_000L, 500L),
            (
                leg.GetProperty("kind").GetString(),
                leg.GetProperty("kicks").GetInt64(),
                leg.GetProperty("ipis").GetInt64(),
                leg.GetProperty("interrupts").GetProperty("LOC").GetInt64()
            )
        );
    }

    private static IsolationResult Result(long kicks, long ipis)
    {
        InterruptDelta[] interrupts =
            ipis == 0 ? [] : [new("CAL", "Function call interrupts", ipis), new("LOC", "Local timer interrupts", 500)];
        return new IsolationResult(
            3,
            0,
            [
                Leg(IsolationLegKind.Nobody, 0, []),
                Leg(IsolationLegKind.ProcessWide, kicks, interrupts),
                Leg(IsolationLegKind.Lazy, kicks, []),
            ]
        );
    }

    private static IsolationLeg Leg(IsolationLegKind kind, long kicks, InterruptDelta[] interrupts)
    {
        LogHistogram gaps = new();
        gaps.Add(40);
        return new IsolationLeg(kind, TimeSpan.FromSeconds(2), kicks, interrupts, gaps);
    }

    private static string Write(IsolationResult result)
    {
        using StringWriter writer = new() { NewLine = "\n" };
        DemoReport.Write(result, new Terminal(writer, isTerminal: false));
        return writer.ToString();
    }

    private static JsonElement Json(IsolationResult result)
    {
        using MemoryStream stream = new();
        JsonOutput.Write(stream, DemoReport.Document(result), JsonOutput.Documents.DemoDocument);
        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }
}
