using System.Diagnostics.Metrics;
using Lazykick.Cli.Serve;
using Lazykick.Cli.Tests.Support;
using Lazykick.Traces;
using Lazykick.Traces.Anonymising;
using Lazykick.Traces.Files;
using Lazykick.Traces.Kicks;

namespace Lazykick.Cli.Tests.Serve;

/// <summary>Which series <c>serve</c> has.</summary>
public sealed class ServeFiguresTests
{
    private const int Cpu = 3;

    /// <summary>A daemon meets such a kick sooner or later: all series of kicks would be gone for good.</summary>
    [Fact]
    public void A_kick_without_a_sender_costs_no_series()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var path = Path.GetTempFileName();
        try
        {
            using var trace = TraceFile.Open(
                Repository.PathOf("tests/data/captures/arm64-6.12-raw-b/membarrier_global.dat.zst"),
                cancellation
            );
            var onItsWay = new List<ulong>();
            var whole = TraceAnalysis.Run(trace, new AnalysisOptions { OnKick = Note }, cancellation);
            var expected = Series(ServeFigures.Of(whole, new ServeNames()));
            Assert.NotEmpty(expected.Kicks);

            // The copy begins between the request and the arrival.
            AnonymousCopy.Write(trace, path, onItsWay[0], cancellation: cancellation);
            using var copy = TraceFile.Open(path, cancellation);
            var report = TraceAnalysis.Run(copy, cancellation: cancellation);
            Assert.True(report.Selection.Cpus.Single(static c => c.Cpu == Cpu).Kicks.Unattributed > 0);
            Assert.Equal(expected, Series(ServeFigures.Of(report, new ServeNames())));

            void Note(KickDetail kick)
            {
                if (kick.Target == Cpu && kick.ArrivalTime > kick.QueueTime + 10_000)
                    onItsWay.Add(kick.ArrivalTime.Value - 1);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static (string Kicks, string Breaks, string NotKnown) Series(ServeFigures figures)
    {
        return (Labels(figures.Kicks), Labels(figures.BreakCounts), Labels(figures.NotKnown));

        static string Labels(IEnumerable<Measurement<long>> series) =>
            string.Join(
                '\n',
                series
                    .Select(static one =>
                        one.Tags.ToArray().ToDictionary(static tag => tag.Key, static tag => tag.Value)
                    )
                    .Where(static tags => tags["cpu"] is Cpu)
                    .Select(static tags => string.Join(' ', tags.Values))
            );
    }
}
