using System.Globalization;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;
using Lazykick.Traces.Tests.Analysis;

namespace Lazykick.Traces.Tests.Captures;

/// <summary>
/// Holds the report on every cut in the repository to the counts beside it. The counts come from the text that the
/// kernel printed, /proc/interrupts and kernel stacks; <c>eng/expect-cuts.py</c> wrote them, and no line of Lazykick
/// had a part in that.
/// </summary>
public sealed class CutTests
{
    // Kernels without csd and ipi_send events: nobody knows what was kicked.
    private const string WithoutSenders = "arm64-6.1-tracecmd";

    // The text has no event for what is queued: KprobeTests count by what the test program did.
    private const string SendersByProbes = "x86-6.1-kprobes";

    // About a thousand comparisons: one of a thousand runs of all fails by chance if the model holds.
    private const double ByChance = 1e-6;

    public static TheoryData<string, string> Cuts => CaptureCut.All;

    [Theory]
    [MemberData(nameof(Cuts))]
    public void The_phase_begins_and_ends_where_its_marks_are(string capture, string phase)
    {
        var (cut, analysis) = Analyze(capture, phase);

        // The text is in microseconds, cut off.
        Assert.Equal(cut.Begin, analysis.Report.Selection.From / 1e9, 0.0000011);
        Assert.Equal(cut.End, analysis.Report.Selection.To / 1e9, 0.0000011);
        Assert.Empty(analysis.Report.Damage);
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Every_function_is_queued_to_every_CPU_as_often_as_the_text_says(string capture, string phase)
    {
        var (cut, analysis) = Analyze(capture, phase);
        var actual = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var kicks = analysis.Kicks.Where(static kick => kick is { Vector: EntryCause.FunctionCall, Function: not 0 });
        foreach (var kick in kicks)
            Add(actual, $"{Symbol(analysis, kick.Function)} to {kick.Target}");

        if (capture == WithoutSenders)
            Assert.Empty(actual);
        else if (capture != SendersByProbes)
            Assert.Equal(cut.Queued, actual);
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Every_caller_sends_as_many_interrupts_as_the_text_says(string capture, string phase)
    {
        var (cut, analysis) = Analyze(capture, phase);
        var actual = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var kicks = analysis.Kicks.Where(static kick => kick is { Delivery: KickDelivery.Interrupt, CallSite: not 0 });
        foreach (var kick in kicks)
            Add(actual, Symbol(analysis, kick.CallSite));

        foreach (var (site, count) in cut.Sent)
            Assert.Equal((site, count), (site, actual.GetValueOrDefault(site)));
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Interrupts_enter_each_CPU_as_often_as_the_kernel_says(string capture, string phase)
    {
        var (cut, analysis) = Analyze(capture, phase);
        EntryCause[] causes = [EntryCause.FunctionCall, EntryCause.Reschedule, EntryCause.IrqWork];
        long seen = 0;
        foreach (var cpu in analysis.Report.Selection.Cpus)
        {
            foreach (var cause in causes)
            {
                var expected = cut.Interrupts.GetValueOrDefault((cpu.Cpu, cause));
                Assert.Equal((cpu.Cpu, cause, expected), (cpu.Cpu, cause, cpu.Interrupts(cause)));
                seen += expected;
            }
        }

        Assert.Equal(cut.Interrupts.Values.Sum(), seen);
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void On_tracked_CPUs_interrupts_hit_user_mode_where_their_stacks_say_so(string capture, string phase)
    {
        var (cut, analysis) = Analyze(capture, phase);
        foreach (var group in cut.Hits.GroupBy(static pair => (pair.Key.Cpu, pair.Key.Cause)))
        {
            var cpu = analysis.Cpu(group.Key.Cpu);
            if (!cpu.IsTracked || IsTrackedByRcuAlone(capture, cpu.Cpu) || group.Key.Cause == EntryCause.IrqWork)
                continue;

            var user = group.Where(static pair => pair.Key.State == CpuState.User).Sum(static pair => pair.Value);
            var hit = Hits(cpu, group.Key.Cause, CpuState.User);
            // Of two interrupts between a system call's entry and its first event no event says that the first one hit
            // the kernel. Interrupts that hit user mode are taken to come at any time of it with the same chance:
            // so many of them meet the gaps that the trace itself shows between user_exit and what follows.
            var gaps = EntryGaps.Of(
                analysis.Report.Trace,
                cpu.Cpu,
                analysis.Report.Selection.From,
                analysis.Report.Selection.To
            );
            var meetings = (double)hit * gaps / Math.Max(1, gaps + cpu.Time(CpuState.UserEqs));
            var least = hit - EntryGaps.PoissonQuantile(meetings, ByChance);
            Assert.True(user >= least && user <= hit, $"CPU {group.Key}: {user} by the stacks, {hit} here");
        }
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void The_decisions_of_a_scheme_add_up_to_its_price(string capture, string phase)
    {
        var (_, analysis) = Analyze(capture, phase);
        var decisions = new KickDecisions(analysis.Report.Schemes);
        foreach (var cpu in analysis.Report.Selection.Cpus)
        {
            foreach (var price in cpu.Schemes)
            {
                var kicks = analysis.Kicks.Where(kick => kick.Target == cpu.Cpu).ToList();
                Assert.Equal(price.Expected.Served, kicks.Count(kick => decisions.Skips(kick, price.Rule) is not null));
                Assert.Equal(price.Expected.Skipped, kicks.Count(kick => decisions.Skips(kick, price.Rule) is true));
                Assert.InRange(price.Expected.Skipped, price.Fewest.Skipped, price.Most.Skipped);
            }
        }
    }

    [Fact]
    public void On_all_CPUs_together_interrupts_hit_what_their_stacks_say_but_for_a_few()
    {
        long all = 0,
            right = 0;
        foreach (var row in CaptureCut.All)
        {
            var (cut, analysis) = Analyze(row.Data.Item1, row.Data.Item2);
            foreach (var ((cpu, cause, state), count) in cut.Hits)
            {
                all += count;
                right += Math.Min(count, Hits(analysis.Cpu(cpu), cause, state));
            }
        }

        Assert.True(all > 10_000, all.ToString(CultureInfo.InvariantCulture));
        Assert.True(right >= 0.965 * all, $"{right} of {all}");
    }

    // User mode with and without an EQS: a stack does not tell the two apart.
    private static long Hits(CpuReport cpu, EntryCause cause, CpuState state) =>
        cpu.Interrupts(cause, state) + (state == CpuState.User ? cpu.Interrupts(cause, CpuState.UserEqs) : 0);

    // The housekeeping CPUs of the captures with rcu:rcu_watching, which tells nothing of user mode there.
    private static bool IsTrackedByRcuAlone(string capture, int cpu) =>
        capture.StartsWith("lazykernel", StringComparison.Ordinal) && cpu < 2;

    private static (CaptureCut Cut, AnalyzedCapture Analysis) Analyze(string capture, string phase)
    {
        var cut = CaptureCut.Of(capture, phase);
        return (cut, AnalyzedCapture.OfFile(cut.File, phase));
    }

    private static string Symbol(AnalyzedCapture analysis, ulong address)
    {
        var name = analysis.Report.Trace.Symbols.ResolveName(address) ?? "?";
        return name.Split('.', '+', ' ')[0];
    }

    private static void Add(SortedDictionary<string, long> counts, string key) =>
        counts[key] = counts.GetValueOrDefault(key) + 1;
}
