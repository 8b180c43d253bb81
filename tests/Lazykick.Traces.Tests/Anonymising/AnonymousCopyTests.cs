using System.Text;
using Lazykick.Traces.Anonymising;
using Lazykick.Traces.Files;
using Lazykick.Traces.Tests.Analysis;
using Lazykick.Traces.Tests.Captures;

namespace Lazykick.Traces.Tests.Anonymising;

public sealed class AnonymousCopyTests
{
    public static TheoryData<string, string> Cuts => CaptureCut.All;

    [Theory]
    [MemberData(nameof(Cuts))]
    public void A_copy_has_the_totals_of_the_original_and_none_of_its_names_and_addresses(string capture, string phase)
    {
        using var trace = TraceFile.Open(CaptureCut.Of(capture, phase).File, TestContext.Current.CancellationToken);
        var path = Path.GetTempFileName();
        try
        {
            AnonymousCopy.Write(trace, path, cancellation: TestContext.Current.CancellationToken);

            var bytes = File.ReadAllBytes(path);
            using var copy = TraceFile.Open(path, TestContext.Current.CancellationToken);
            Assert.Empty(copy.Damage);
            var original = TraceAnalysis.Run(trace, Options(phase), TestContext.Current.CancellationToken);
            var report = TraceAnalysis.Run(copy, Options(phase), TestContext.Current.CancellationToken);
            Assert.Equal(ReportTotals.Of(original), ReportTotals.Of(report));
            Assert.True(ReportTotals.TellsAll(original, report));
            Assert.Equal(
                original.Senders.Select(static sender => (sender.Function, sender.Kicks, sender.Pid)),
                report.Senders.Select(static sender => (sender.Function, sender.Kicks, sender.Pid))
            );

            // Names of the capture's own programs, in saved_cmdlines and in sched_switch.
            foreach (var name in new[] { "hostraw.sh", "busybox", "trace-cmd", "dynomite", "spinner" })
                Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) < 0, name);
            // A static kernel of arm64 and modules of x86 lie where no copy has anything.
            var addresses = AnalyzedCapture
                .OfFile(CaptureCut.Of(capture, phase).File, phase)
                .Kicks.SelectMany(static kick => new[] { kick.Function, kick.CallSite })
                .Where(static at => at != 0)
                .Distinct();
            foreach (var address in addresses)
                Assert.True(bytes.AsSpan().IndexOf(BitConverter.GetBytes(address)) < 0, $"{address:x}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_copy_begins_and_ends_where_it_was_told()
    {
        using var trace = TraceFile.Open(
            CaptureCut.Of("x86-7.3-raw", "mprotect").File,
            TestContext.Current.CancellationToken
        );
        var all = TraceAnalysis.Run(trace, cancellation: TestContext.Current.CancellationToken);
        var middle = all.Start + ((all.End - all.Start) / 2);
        var path = Path.GetTempFileName();
        try
        {
            var count = AnonymousCopy.Write(trace, path, middle, cancellation: TestContext.Current.CancellationToken);
            using var copy = TraceFile.Open(path, TestContext.Current.CancellationToken);
            var half = TraceAnalysis.Run(copy, cancellation: TestContext.Current.CancellationToken);

            Assert.InRange(count, 1, all.Events - 1);
            Assert.Equal(count, half.Events);
            Assert.True(half.Start >= middle);
            Assert.Equal(all.End, half.End);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static AnalysisOptions Options(string phase) => new() { Phase = phase, Schemes = TestRules.All };
}
