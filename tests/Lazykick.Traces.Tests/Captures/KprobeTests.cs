using Lazykick.Traces.Files;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;
using Lazykick.Traces.Tests.Analysis;

namespace Lazykick.Traces.Tests.Captures;

/// <summary>
/// Senders of a kernel without events for them (Debian's 6.1, x86-64, CPUs 2 and 3 nohz_full), declared by the kprobes
/// that docs/reference/report.md has. The truth: how often the test program called, and /proc/interrupts.
/// </summary>
public sealed class KprobeTests
{
    private const string Capture = "x86-6.1-kprobes";

    // wl membarrier 40: forty private expedited membarriers, a thread of the process on CPU 2.
    // wl perf 3 40: forty times perf_event_open on CPU 3, read, close.
    // Twenty writes that switch a tracepoint: each patches in three steps, at four places or in batches.
    [Theory]
    [InlineData("membarrier", 2, "ipi_mb", 40, 42)]
    [InlineData("perf_cpu3", 3, "remote_function", 80, 120)]
    [InlineData("perf_cpu3", 3, "__perf_event_read", 40, 120)]
    [InlineData("static_key", 2, "do_sync_core", 240, 240)]
    [InlineData("static_key", 3, "do_sync_core", 240, 240)]
    public void Every_kick_has_its_function_and_every_interrupt_its_sender(
        string phase,
        int cpu,
        string function,
        long kicks,
        long interrupts
    )
    {
        var analysis = Analyze(phase);
        var here = analysis.Cpu(cpu);
        var asked = analysis.Kicks.Where(kick => kick.Target == cpu && kick.Vector == EntryCause.FunctionCall).ToList();

        Assert.Equal(kicks, asked.Count(kick => analysis.Function(kick) == function));
        Assert.Equal(interrupts, here.Interrupts(EntryCause.FunctionCall));
        Assert.Equal(
            interrupts,
            asked.Count(static kick => kick is { Delivery: KickDelivery.Interrupt, ArrivalTime: not null })
        );
        Assert.Equal((0L, 0L), (here.Kicks.Unattributed, here.Kicks.NotArrived));
    }

    [Fact]
    public void A_kick_that_may_wait_is_needless_in_user_mode_and_has_a_price()
    {
        var analysis = Analyze("static_key");
        foreach (var cpu in new[] { 2, 3 })
        {
            var here = analysis.Cpu(cpu);
            Assert.Equal(Certainty.Known, here.Knowledge.Of(Figure.Needless));
            Assert.Equal(
                240,
                here.Kicks.Verdict(KickVerdict.Needless)
                    + here.Kicks.Verdict(KickVerdict.Raced)
                    + here.Kicks.Verdict(KickVerdict.Needed)
            );
            Assert.True(here.Kicks.Verdict(KickVerdict.Needless) >= 230);
        }

        Assert.DoesNotContain(
            analysis.Report.Limits,
            static limit => limit.Code is "no-senders" or "no-functions" or "no-call-sites"
        );
    }

    [Fact]
    public void Without_probes_at_the_sending_kicks_to_masks_are_told_all_the_same()
    {
        using var trace = TraceFile.Open(
            CaptureCut.Of(Capture, "static_key").File,
            TestContext.Current.CancellationToken
        );
        var report = TraceAnalysis.Run(
            trace,
            new AnalysisOptions
            {
                Phase = "static_key",
                HasEvent = static format => format.Name is not ("send_cpu" or "send_mask"),
            },
            TestContext.Current.CancellationToken
        );

        var sender = report.Senders.Where(static sender => sender.Function == "do_sync_core").ToList();
        Assert.Equal(720, sender.Sum(static one => one.Kicks));
    }

    private static AnalyzedCapture Analyze(string phase) =>
        AnalyzedCapture.OfFile(CaptureCut.Of(Capture, phase).File, phase);
}
