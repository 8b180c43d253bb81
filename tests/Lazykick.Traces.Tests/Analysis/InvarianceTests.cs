using System.Globalization;
using System.Text;
using Lazykick.Traces.Events;
using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;
using Lazykick.Traces.Tests.Captures;
using Lazykick.Traces.Tests.Reading;

namespace Lazykick.Traces.Tests.Analysis;

/// <summary>What the totals may depend on, and what not.</summary>
public sealed class InvarianceTests
{
    public static TheoryData<string, string> Cuts => CaptureCut.All;

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Neither_threads_nor_the_size_of_chunks_change_a_report(string capture, string phase)
    {
        using var trace = TraceFile.Open(CaptureCut.Of(capture, phase).File, TestContext.Current.CancellationToken);
        var expected = Run(threads: 1, records: 4096, chunks: 2);

        Assert.Equal(expected, Run(threads: 4, records: 4096, chunks: 5));
        Assert.Equal(expected, Run(threads: 2, records: 256, chunks: 3));
        Assert.Equal(expected, Run(threads: 3, records: 300, chunks: 2));

        string Run(int threads, int records, int chunks) =>
            Fingerprint(
                TraceAnalysis.Run(trace, Options(threads), new ChunkSize(records, chunks), CancellationToken.None)
            );
    }

    [Fact]
    public void The_same_events_give_the_same_report_whatever_the_container()
    {
        var parts = CaptureParts.Load("x86-7.3-raw");
        var reports = new List<string>();
        foreach (
            var file in new[]
            {
                TraceDatWriter.Version6(parts),
                TraceDatWriter.Version7(parts, "none"),
                TraceDatWriter.Version7(parts, "zlib"),
                TraceDatWriter.Version7(parts, "zstd"),
            }
        )
        {
            using var trace = TraceFile.Open(file, "written");
            reports.Add(Fingerprint(TraceAnalysis.Run(trace, Options(2), TestContext.Current.CancellationToken)));
        }

        using (var six = TraceFile.Open(TraceDatWriter.Version6(parts), "written"))
        {
            using var perf = TraceFile.Open(
                new PerfDataWriter { SwapEvery = 7, AddsPreemption = true }.Write(
                    parts,
                    EventList.ReadAll(six.DefaultBuffer)
                ),
                "written"
            );
            reports.Add(Fingerprint(TraceAnalysis.Run(perf, Options(2), TestContext.Current.CancellationToken)));
        }

        Assert.All(reports, report => Assert.Equal(reports[0], report));
        Assert.Contains("kicks", reports[0], StringComparison.Ordinal);
    }

    // One, and shares of all that there are.
    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void Deleting_k_queue_events_makes_k_kicks_unknown_and_deleting_k_interrupts_removes_k(double share)
    {
        var (trace, events) = RawB();
        var queue = trace.Find("csd", "csd_queue_cpu")!;
        var entry = trace.Find("ipi", "ipi_entry")!;
        var exit = trace.Find("ipi", "ipi_exit")!;
        var envelope = trace.Find("irq", "irq_handler_entry")!;
        var envelopeExit = trace.Find("irq", "irq_handler_exit")!;
        var doNothing = Whole.Kicks.First(static kick => kick.Verdict == KickVerdict.Needless).Function;
        var before = Cpu2(trace);

        // Only kicks with an interrupt of their own: of the others nothing would be left.
        bool IsQueueing((ulong Time, int Cpu, ushort Id, byte[] Payload) e) =>
            e.Id == queue.Id
            && queue.Find("cpu")!.ReadUInt64(e.Payload) == 2
            && queue.Find("func")!.ReadUInt64(e.Payload) == doNothing
            && HasInterrupt(e.Time);
        var k = Math.Max(1, (int)(share * events.Count(IsQueueing)));
        var deleted = 0;
        var withoutQueue = events.Where(e => !(IsQueueing(e) && deleted++ < k)).ToList();
        using (var changed = Write(withoutQueue))
        {
            var after = Cpu2(changed);
            Assert.Equal(before.Kicks.Count, after.Kicks.Count);
            Assert.Equal(before.Kicks.Interrupts, after.Kicks.Interrupts);
            Assert.Equal(before.Kicks.Sent(Deferrability.Deferrable) - k, after.Kicks.Sent(Deferrability.Deferrable));
            Assert.Equal(before.Kicks.Verdict(KickVerdict.Unknown) + k, after.Kicks.Verdict(KickVerdict.Unknown));
        }

        // The whole of k interrupts of CPU 2, from the envelope's begin to its end.
        k = Math.Max(
            1,
            (int)(share * events.Count(e => IsInPhase(e) && e.Id == envelope.Id && Name(envelope, e.Payload) == "IPI"))
        );
        var removed = 0;
        var inside = false;
        var withoutInterrupts = events
            .Where(e =>
            {
                if (!IsInPhase(e))
                    return true;
                if (e.Id == envelope.Id && removed < k && Name(envelope, e.Payload) == "IPI")
                    (inside, removed) = (true, removed + 1);
                var drop =
                    inside && (e.Id == envelope.Id || e.Id == entry.Id || e.Id == exit.Id || e.Id == envelopeExit.Id);
                if (e.Id == envelopeExit.Id)
                    inside = false;
                return !drop;
            })
            .ToList();
        using (var changed = Write(withoutInterrupts))
        {
            var after = Cpu2(changed);
            Assert.Equal(Ipis(before) - k, Ipis(after));
            Assert.Equal(before.Kicks.Count, after.Kicks.Count);
            Assert.Equal(before.Kicks.Unattributed, after.Kicks.Unattributed);
        }

        // Before and after the phase the cut has pages of CPU 2 without those of the senders.
        static bool IsInPhase((ulong Time, int Cpu, ushort Id, byte[] Payload) e) =>
            e.Cpu == 2 && e.Time >= 1e9 * Phase.Begin && e.Time <= 1e9 * Phase.End;
        static long Ipis(CpuReport cpu) =>
            cpu.Interrupts(EntryCause.FunctionCall)
            + cpu.Interrupts(EntryCause.Reschedule)
            + cpu.Interrupts(EntryCause.IrqWork);
        static string Name(EventFormat format, byte[] payload) => format.Find("name")!.ReadText(payload);
    }

    [Fact]
    public void An_interrupt_that_nobody_in_the_trace_sent_is_a_kick_that_was_asked_for_by_somebody_unknown()
    {
        var (trace, events) = RawB();
        var entry = trace.Find("ipi", "ipi_entry")!;
        HashSet<ushort> handlers =
        [
            entry.Id,
            trace.Find("ipi", "ipi_exit")!.Id,
            trace.Find("irq", "irq_handler_entry")!.Id,
            trace.Find("irq", "irq_handler_exit")!.Id,
        ];
        var before = Cpu2(trace);

        // The cut has pages of CPU 2 outside of the phase, and none of the CPUs that sent.
        var lastOfSenders = events.Where(static e => e.Cpu == 1).Max(static e => e.Time);
        bool IsAfter((ulong Time, int Cpu, ushort Id, byte[] Payload) e) => e.Cpu == 2 && e.Time > lastOfSenders;
        var interrupts = events.Count(e => IsAfter(e) && e.Id == entry.Id);
        Assert.NotEqual(0, interrupts);
        using var changed = Write([.. events.Where(e => !(IsAfter(e) && handlers.Contains(e.Id)))]);
        var after = Cpu2(changed);

        Assert.Equal(before.Kicks.Unattributed - interrupts, after.Kicks.Unattributed);
        Assert.Equal(before.Kicks.Count - interrupts, after.Kicks.Count);
    }

    [Fact]
    public void A_function_that_runs_in_a_task_s_context_without_an_interrupt_has_one_that_was_not_seen()
    {
        var (trace, events) = RawB();
        HashSet<ushort> handlers =
        [
            trace.Find("ipi", "ipi_entry")!.Id,
            trace.Find("ipi", "ipi_exit")!.Id,
            trace.Find("irq", "irq_handler_entry")!.Id,
            trace.Find("irq", "irq_handler_exit")!.Id,
        ];
        var before = Cpu2(trace);
        var begin = (ulong)(1e9 * Phase.Begin);
        var unseen = 0;
        using var changed = Write([
            .. events.Where(e => !(e.Cpu == 2 && e.Time >= begin && handlers.Contains(e.Id) && (++unseen > 0))),
        ]);
        var after = Cpu2(changed);

        // Only an idle CPU empties its queue by itself (kernel/sched/idle.c), and this one runs a task: nobody can say
        // whether the kick met user mode, or the task was in the kernel already.
        Assert.NotEqual(0, unseen);
        Assert.Equal(0, before.Kicks.Verdict(KickVerdict.Raced));
        Assert.Equal(0, after.Kicks.Verdict(KickVerdict.Raced));
        Assert.Equal(0, after.Kicks.Verdict(KickVerdict.Needless));
        Assert.Equal(before.Kicks.Sent(Deferrability.Deferrable), after.Kicks.Sent(Deferrability.Deferrable));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void Duplicating_k_queue_events_adds_k_kicks_that_were_never_run(int k)
    {
        var (trace, events) = RawB();
        var queue = trace.Find("csd", "csd_queue_cpu")!;
        var before = Cpu2(trace);
        var duplicated = 0;
        var more = new List<(ulong Time, int Cpu, ushort Id, byte[] Payload)>();
        foreach (var e in events)
        {
            more.Add(e);
            if (
                e.Id == queue.Id
                && queue.Find("cpu")!.ReadUInt64(e.Payload) == 2
                && HasInterrupt(e.Time)
                && duplicated < k
            )
            {
                duplicated++;
                more.Add(e);
            }
        }

        using var changed = Write(more);
        var after = Cpu2(changed);
        Assert.Equal(before.Kicks.Count + k, after.Kicks.Count);
        Assert.Equal(before.Kicks.Interrupts, after.Kicks.Interrupts);
        Assert.Equal(before.Interrupts(EntryCause.FunctionCall), after.Interrupts(EntryCause.FunctionCall));
    }

    private static CaptureCut Phase => CaptureCut.Of("arm64-6.12-raw-b", "static_key");

    private static AnalyzedCapture Whole => AnalyzedCapture.OfFile(Phase.File, null);

    private static AnalysisOptions Options(int threads) => new() { Schemes = TestRules.All, Threads = threads };

    private static CpuReport Cpu2(TraceFile trace) =>
        TraceAnalysis
            .Run(trace, Options(2), TestContext.Current.CancellationToken)
            .Selection.Cpus.Single(static cpu => cpu.Cpu == 2);

    private static bool HasInterrupt(ulong time) =>
        Whole.Kicks.Any(kick => kick.Target == 2 && kick.QueueTime == time && kick.Delivery == KickDelivery.Interrupt);

    private static (TraceFile Trace, List<(ulong Time, int Cpu, ushort Id, byte[] Payload)> Events) RawB()
    {
        var trace = TraceFile.Open(new MemoryDirectory(UnpackedCut.Files("arm64-6.12-raw-b")));
        var events = EventList
            .ReadAll(trace.DefaultBuffer)
            .Select(static entry => (entry.Timestamp, entry.Cpu, entry.Id, Convert.FromHexString(entry.Payload)))
            .ToList();
        return (trace, events);
    }

    /// <summary>The capture with other events.</summary>
    private static TraceFile Write(List<(ulong Time, int Cpu, ushort Id, byte[] Payload)> events)
    {
        var files = UnpackedCut.Files("arm64-6.12-raw-b");
        foreach (
            var path in files.Keys.Where(static path => path.StartsWith("raw/", StringComparison.Ordinal)).ToList()
        )
        {
            files.Remove(path);
        }

        foreach (var cpu in events.GroupBy(static e => e.Cpu))
        {
            files[string.Create(CultureInfo.InvariantCulture, $"raw/cpu{cpu.Key}.raw")] = ScenarioPages.Of(
                cpu.Select(static e => (e.Time, e.Payload))
            );
        }

        return TraceFile.Open(new MemoryDirectory(files));
    }

    private static string Fingerprint(TraceReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{report.Events} {report.Start} {report.End}\n");
        foreach (var scope in report.Phases.Prepend(report.Selection))
        {
            text.Append(CultureInfo.InvariantCulture, $"{scope.Name} {scope.From} {scope.To} {scope.Duration}\n");
            foreach (var cpu in scope.Cpus)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{cpu.Cpu} {cpu.IsTracked} {cpu.SelfExits} kicks {cpu.Kicks.Count} {cpu.Kicks.Interrupts} "
                        + $"{cpu.Kicks.Coalesced} {cpu.Kicks.DoubtfulNeedless} {cpu.Kicks.LongestLatency} "
                        + $"{cpu.Kicks.LatencyQuantile(0.5)}\n"
                );
                foreach (var state in Enum.GetValues<CpuState>())
                {
                    text.Append(CultureInfo.InvariantCulture, $" {cpu.Time(state)} {cpu.Kicks.Sent(state)}");
                    foreach (var cause in Enum.GetValues<EntryCause>())
                    {
                        text.Append(
                            CultureInfo.InvariantCulture,
                            $" {cpu.Interrupts(cause, state)}/{cpu.Breaks(cause, state)}/{cpu.BreakTime(cause, state)}"
                        );
                    }
                }

                foreach (var verdict in Enum.GetValues<KickVerdict>())
                    text.Append(CultureInfo.InvariantCulture, $" {cpu.Kicks.Verdict(verdict)}");
                foreach (var price in cpu.Schemes)
                    text.Append(CultureInfo.InvariantCulture, $"\n {price.Expected} {price.Fewest} {price.Most}");
                text.Append('\n');
            }
        }

        foreach (var sender in report.Senders)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{sender.Pid} {sender.Function} {sender.CallSite} {sender.Kicks} {sender.Interrupts} {sender.Stolen} "
                    + $"{CpuListText.Of(sender.Targets)}\n"
            );
        }

        foreach (var cause in report.BreakCauses.Concat(report.WakeCauses))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{cause.Cause.Name} {cause.Count} {cause.Time} {cause.Longest}\n"
            );
        }

        foreach (var worst in report.WorstBreaks)
            text.Append(CultureInfo.InvariantCulture, $"{worst.Start} {worst.Cpu} {worst.Cause.Name} {worst.Sender}\n");

        return text.ToString();
    }
}
