using Lazykick.Cli.Json;
using Lazykick.Cli.Tests.Support;
using Lazykick.Cli.Watch;
using Lazykick.Traces;
using Lazykick.Traces.Files;
using Lazykick.Traces.Reports;
using Lazykick.Traces.Totals;

namespace Lazykick.Cli.Tests.Watch;

/// <summary>Recorded events as a second of <c>watch</c>: the causes of <c>report</c>, and nothing lost.</summary>
public sealed class WatchReplayTests
{
    [Theory]
    [InlineData("x86-7.3-raw/munmap", "TLB shootdown")]
    [InlineData("x86-7.3-raw/static_key", "static key")]
    [InlineData("x86-7.3-raw/membarrier_private", "membarrier of task")]
    public void Causes_stand_in_the_order_and_with_the_words_of_the_report(string capture, string first)
    {
        using var trace = Open(capture);
        var report = TraceAnalysis.Run(trace, new AnalysisOptions(), TestContext.Current.CancellationToken);
        var frame = WatchFrame.Of(Nothing(report), WatchTotals.Of(report));
        Assert.NotEmpty(frame.Causes);
        Assert.Equal(
            report.BreakCauses.Select(static c => (c.Cause.Name, c.Cause.Cure)),
            frame.Causes.Select(static c => (c.Cause, c.Cure))
        );
        Assert.Contains(frame.Causes, c => c.Cause.StartsWith(first, StringComparison.Ordinal) && c.Senders.Count > 0);
        // Whatever stole time has a cause: nothing is left out of the ranking.
        Assert.Equal(
            frame.Cpus.Sum(static c => c.StolenMicrosecondsPerSecond!.Value),
            frame.Causes.Sum(static c => c.StolenMicrosecondsPerSecond!.Value),
            tolerance: 0.01
        );
        Assert.Equal(
            frame.Cpus.Sum(static c => c.BreaksPerSecond!.Value),
            frame.Causes.Sum(static c => c.PerSecond),
            tolerance: 0.01
        );
    }

    [Fact]
    public void A_second_has_what_came_in_it_and_no_more()
    {
        using var trace = Open("x86-7.3-raw/munmap");
        var whole = TraceAnalysis.Run(trace, new AnalysisOptions(), TestContext.Current.CancellationToken);
        var half = (whole.End - whole.Start) / 2;
        using var again = Open("x86-7.3-raw/munmap");
        var first = TraceAnalysis.Run(
            again,
            new AnalysisOptions { To = new TracePoint(half, IsRelative: true) },
            TestContext.Current.CancellationToken
        );
        var before = WatchTotals.Of(first) with { End = whole.Start + half };
        var frame = WatchFrame.Of(before, WatchTotals.Of(whole));
        var earlier = WatchFrame.Of(Nothing(whole), before);
        Assert.NotEmpty(frame.Causes);
        foreach (var cause in whole.BreakCauses)
        {
            Assert.Equal(cause.Count, Times(earlier, cause) + Times(frame, cause), tolerance: 0.01);
            Assert.InRange(Times(frame, cause), 0, cause.Count);
        }

        static double Times(WatchDocument of, BreakCauseReport cause) =>
            (of.Causes.FirstOrDefault(c => c.Cause == cause.Cause.Name)?.PerSecond ?? 0) * of.Seconds;
    }

    private static TraceFile Open(string capture) =>
        TraceFile.Open(Repository.PathOf($"tests/data/captures/{capture}.dat.zst"));

    private static WatchTotals Nothing(TraceReport report) =>
        new(
            report.Start,
            report.Start,
            0,
            new Dictionary<int, WatchTotals.Cpu>(),
            new Dictionary<string, BreakCauseReport>(),
            new Dictionary<string, BreakCauseReport>(),
            new Dictionary<WatchTotals.SenderName, WatchTotals.Sender>(),
            []
        );
}
