using System.Globalization;
using System.Text;
using Lazykick.Traces.Bytes;
using Lazykick.Traces.Bytes.Codecs;
using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;
using Lazykick.Traces.Tests.Captures;

namespace Lazykick.Traces.Tests.Analysis;

/// <summary>
/// Takes something away from a real trace: no figure may become wrong without being marked. Each figure of each CPU is
/// either the whole trace's, or a bound that contains it, or not known; and only the figures that the table here names
/// for a loss may be marked by it.
/// </summary>
public sealed class LossTests
{
    private static readonly CpuState[] States = Enum.GetValues<CpuState>();

    private static readonly CpuState[] UserStates = [CpuState.User, CpuState.UserEqs, CpuState.Guest];

    private static readonly EntryCause[] Causes = Enum.GetValues<EntryCause>();

    private static readonly EntryCause[] Outside = [.. Causes.Where(static cause => cause.IsInterrupt())];

    private static readonly Figure[] s_states =
    [
        Figure.TimeUserEqs,
        Figure.TimeUser,
        Figure.TimeKernel,
        Figure.OwnEntries,
        Figure.Hits,
        Figure.Breaks,
        Figure.KickBreaks,
        Figure.BreakTime,
    ];

    private static readonly Figure[] s_kicks =
    [
        Figure.Asked,
        Figure.Sent,
        Figure.Delivered,
        Figure.PolledWakes,
        Figure.Needless,
        Figure.Raced,
        Figure.Needed,
        Figure.Never,
        Figure.Undecided,
        Figure.Latency,
        Figure.Unmatched,
        Figure.SelfKicks,
        Figure.Prices,
        Figure.SavedBreaks,
    ];

    private static readonly Figure[] s_entries =
    [
        Figure.TimeUserEqs,
        Figure.TimeUser,
        Figure.TimeIdle,
        Figure.TimeKernel,
        Figure.OwnEntries,
        Figure.Hits,
        Figure.Breaks,
        Figure.BreakTime,
        Figure.Wakes,
    ];

    private static readonly Figure[] s_kickEntries =
    [
        .. s_entries,
        Figure.KickBreaks,
        Figure.KickWakes,
        Figure.Asked,
        Figure.Sent,
        Figure.Needless,
        Figure.Raced,
        Figure.Needed,
        Figure.Never,
        Figure.Undecided,
        Figure.Latency,
        Figure.Unmatched,
        Figure.Prices,
        Figure.SavedBreaks,
    ];

    private static readonly Figure[] s_arrivals = [Figure.FunctionCalls, Figure.Reschedules, Figure.IrqWorks];

    // What is taken away, and which figures that may mark. All others must stay equal.
    private static readonly (string Loss, Predicate<EventFormat> Is, Figure[] MayMark)[] s_losses =
    [
        ("senders", Is("ipi_send_cpu", "ipi_send_cpumask", "ipi_raise"), [.. s_arrivals, .. s_kickEntries, .. s_kicks]),
        ("ipi_raise", Is("ipi_raise"), s_kicks),
        ("queueing", Is("csd_queue_cpu"), s_kicks),
        ("runs", Is("csd_function_entry", "csd_function_exit"), s_kicks),
        ("csd", Is("csd_queue_cpu", "csd_function_entry", "csd_function_exit"), s_kicks),
        ("idle", Is("cpu_idle"), [.. s_states, Figure.TimeIdle, Figure.Wakes, Figure.KickWakes, .. s_kicks]),
        ("switches", Is("sched_switch"), [.. s_states, .. s_kicks]),
        ("system calls", Is("sys_enter", "sys_exit"), [.. s_states, .. s_kicks]),
        ("context tracking", Is("user_enter", "user_exit"), [.. s_states, .. s_kicks]),
        ("reasons", Is("ipi_entry", "ipi_exit"), [.. s_arrivals, .. s_kickEntries, Figure.Delivered, Figure.SelfKicks]),
        ("irq_handler", Is("irq_handler_entry", "irq_handler_exit"), [Figure.Ticks, Figure.Devices, .. s_kickEntries]),
        // Where kprobes tell the senders, arrivals tell what became of a kick.
        (
            "call_function",
            Is("call_function_entry", "call_function_exit"),
            [Figure.FunctionCalls, .. s_kickEntries, .. s_kicks]
        ),
        (
            "call_function_single",
            Is("call_function_single_entry", "call_function_single_exit"),
            [Figure.FunctionCalls, .. s_kickEntries, .. s_kicks]
        ),
        ("reschedule", Is("reschedule_entry", "reschedule_exit"), [Figure.Reschedules, .. s_kickEntries]),
        ("irq_work", Is("irq_work_entry", "irq_work_exit"), [Figure.IrqWorks, .. s_kickEntries]),
        ("local_timer", Is("local_timer_entry", "local_timer_exit"), [Figure.Ticks, .. s_kickEntries]),
        ("softirq", Is("softirq_entry", "softirq_exit"), [Figure.SavedBreaks]),
        ("faults", Is("page_fault_user", "page_fault_kernel"), [.. s_states, .. s_kicks]),
        ("wakes", Is("sched_wake_idle_without_ipi"), [Figure.PolledWakes]),
    ];

    // What tells the same thing, or what one of them stands in for where the other one is missing.
    private static readonly (string, string)[] s_pairs =
    [
        ("senders", "queueing"),
        ("senders", "runs"),
        ("senders", "csd"),
        ("queueing", "runs"),
        ("idle", "switches"),
        ("idle", "context tracking"),
        ("switches", "system calls"),
        ("system calls", "context tracking"),
        ("ipi_raise", "reasons"),
        ("reasons", "irq_handler"),
        ("call_function", "call_function_single"),
        ("reschedule", "wakes"),
        ("irq_handler", "local_timer"),
    ];

    public static TheoryData<string, string> Losses
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var cut in Cuts)
            {
                foreach (var (loss, _, _) in s_losses)
                    data.Add(cut, loss);
            }

            return data;
        }
    }

    /// <summary>Some pairs on one cut of each capture; all pairs on all cuts in the long mode.</summary>
    public static TheoryData<string, string, string> Pairs
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            var names = s_losses.Select(static known => known.Loss).ToList();
            var all =
                from first in names
                from second in names
                where names.IndexOf(first) < names.IndexOf(second)
                select (first, second);
            foreach (var cut in Cuts)
            {
                if (!LongMode.IsOn && Path.GetFileName(cut) != "static_key.dat.zst")
                    continue;
                foreach (var (first, second) in LongMode.IsOn ? all : s_pairs)
                    data.Add(cut, first, second);
            }

            return data;
        }
    }

    public static TheoryData<string> AllCuts => [.. Cuts];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Without_a_class_of_events_every_figure_is_right_or_marked(string cut, string loss)
    {
        var (_, isLost, mayMark) = s_losses.Single(known => known.Loss == loss);
        var whole = Analyze(cut, new AnalysisOptions { Schemes = TestRules.All });
        var lossy = Analyze(cut, new AnalysisOptions { Schemes = TestRules.All, HasEvent = format => !isLost(format) });
        Compare($"{cut} without {loss}", whole, lossy, mayMark);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Without_two_classes_of_events_every_figure_is_right_or_marked(string cut, string first, string second)
    {
        var (_, isFirst, _) = s_losses.Single(known => known.Loss == first);
        var (_, isSecond, _) = s_losses.Single(known => known.Loss == second);
        var whole = Analyze(cut, new AnalysisOptions { Schemes = TestRules.All });
        var lossy = Analyze(
            cut,
            new AnalysisOptions { Schemes = TestRules.All, HasEvent = format => !isFirst(format) && !isSecond(format) }
        );
        // Two losses may mark what neither marks alone; nothing may be wrong without a mark.
        Compare($"{cut} without {first} and {second}", whole, lossy, null);
    }

    [Theory]
    [MemberData(nameof(AllCuts))]
    public void Without_the_events_of_a_CPU_every_figure_is_right_or_marked(string cut)
    {
        var whole = Analyze(cut, new AnalysisOptions { Schemes = TestRules.All });
        foreach (var gone in whole.Selection.Cpus.Where(static cpu => cpu.HasEvents).Select(static cpu => cpu.Cpu))
        {
            var options = new AnalysisOptions { Schemes = TestRules.All, HasCpu = cpu => cpu != gone };
            Compare($"{cut} without CPU {gone}", whole, Analyze(cut, options), null, gone);
        }
    }

    [Theory]
    [MemberData(nameof(AllCuts))]
    public void Without_symbols_no_kick_is_called_needed_or_needless_for_sure(string cut)
    {
        var whole = Analyze(cut, new AnalysisOptions { Schemes = TestRules.All });
        var lossy = Analyze(
            cut,
            new AnalysisOptions { Schemes = TestRules.All },
            static trace => trace.ForgetSymbols()
        );
        Compare($"{cut} without symbols", whole, lossy, s_kicks);
    }

    [Theory]
    [MemberData(nameof(AllCuts))]
    public void With_zeroed_pages_every_figure_is_right_or_marked(string cut)
    {
        var whole = Analyze(cut, new AnalysisOptions { Schemes = TestRules.All });
        var file = Unpacked(cut);
        var pages = PagesOf(file, whole);
        Assert.NotEmpty(pages);
        foreach (var first in new[] { 0, pages.Count / 3, 2 * pages.Count / 3 })
        {
            var damaged = (byte[])file.Clone();
            foreach (var page in pages.Skip(first).Take(3))
                Array.Clear(damaged, page, 4096);
            using var trace = TraceFile.Open(damaged, cut);
            var lossy = TraceAnalysis.Run(
                trace,
                new AnalysisOptions { Schemes = TestRules.All },
                TestContext.Current.CancellationToken
            );
            Compare($"{cut} without pages {first} to {first + 2}", whole, lossy, null);
        }
    }

    // One cut of each capture; all of them in the long mode.
    private static IEnumerable<string> Cuts
    {
        get
        {
            var all = Directory
                .EnumerateFiles(CaptureCut.Root, "*.dat.zst", SearchOption.AllDirectories)
                .Select(static path => Path.GetRelativePath(CaptureCut.Root, path))
                .Order(StringComparer.Ordinal);
            return LongMode.IsOn
                ? all
                : all.Where(static path => Path.GetFileName(path) is "static_key.dat.zst" or "perf_cpu2.dat.zst");
        }
    }

    private static Predicate<EventFormat> Is(params string[] names) => format => names.Contains(format.Name);

    private static void Compare(string what, TraceReport whole, TraceReport lossy, Figure[]? mayMark, int gone = -1)
    {
        var wrong = new StringBuilder();
        foreach (var cpu in whole.Selection.Cpus)
        {
            if (lossy.Selection.Cpus.FirstOrDefault(other => other.Cpu == cpu.Cpu) is not { } other)
            {
                // Nothing is said of a CPU that is gone and was kicked by nobody.
                Assert.Equal(gone, cpu.Cpu);
                continue;
            }

            foreach (var (figure, value) in Figures)
            {
                if (cpu.Knowledge.Of(figure) != Certainty.Known)
                    continue;
                var (before, after) = (value(cpu), value(other));
                var certainty = other.Knowledge.Of(figure);
                var isRight = certainty switch
                {
                    Certainty.Known => before.SequenceEqual(after),
                    Certainty.AtLeast => before
                        .Zip(after)
                        .All(pair => pair.First >= pair.Second - Unsent(figure, other)),
                    Certainty.AtMost => before.Zip(after).All(static pair => pair.First <= pair.Second),
                    _ => true,
                };
                if (!isRight)
                {
                    wrong.Append(
                        CultureInfo.InvariantCulture,
                        $"\n  CPU {cpu.Cpu} {figure}: {string.Join(' ', before)} became {certainty} "
                            + $"{string.Join(' ', after)}"
                    );
                }

                if (mayMark is not null && certainty != Certainty.Known && !mayMark.Contains(figure))
                {
                    wrong.Append(
                        CultureInfo.InvariantCulture,
                        $"\n  CPU {cpu.Cpu} {figure}: marked {certainty}, and should not be"
                    );
                }
            }

            if (cpu.Knowledge.Of(Figure.Needless) == Certainty.Known)
            {
                var truth = cpu.Kicks.Verdict(KickVerdict.Needless);
                if (truth < other.NeedlessAtLeast || truth > (other.NeedlessAtMost ?? long.MaxValue))
                {
                    wrong.Append(
                        CultureInfo.InvariantCulture,
                        $"\n  CPU {cpu.Cpu}: {truth} needless are not in "
                            + $"{other.NeedlessAtLeast}..{other.NeedlessAtMost}"
                    );
                }
            }
        }

        Assert.True(wrong.Length == 0, what + wrong);
    }

    private static readonly (Figure Figure, Func<CpuReport, IEnumerable<long>> Value)[] Figures =
    [
        (Figure.TimeUserEqs, static cpu => [(long)cpu.Time(CpuState.UserEqs)]),
        (Figure.TimeUser, static cpu => [(long)cpu.Time(CpuState.User)]),
        (Figure.TimeIdle, static cpu => [(long)cpu.Time(CpuState.Idle)]),
        (Figure.TimeGuest, static cpu => [(long)cpu.Time(CpuState.Guest)]),
        (Figure.TimeKernel, static cpu => [(long)cpu.Time(CpuState.Kernel)]),
        (Figure.OwnEntries, static cpu => [cpu.SelfExits]),
        (Figure.FunctionCalls, static cpu => [cpu.Interrupts(EntryCause.FunctionCall)]),
        (Figure.Reschedules, static cpu => [cpu.Interrupts(EntryCause.Reschedule)]),
        (Figure.IrqWorks, static cpu => [cpu.Interrupts(EntryCause.IrqWork)]),
        (Figure.Ticks, static cpu => [cpu.Interrupts(EntryCause.Tick)]),
        (Figure.Devices, static cpu => [cpu.Interrupts(EntryCause.Device)]),
        (Figure.Nmis, static cpu => [cpu.Interrupts(EntryCause.Nmi)]),
        (Figure.Hits, static cpu => from cause in Causes from state in States select cpu.Interrupts(cause, state)),
        (Figure.Breaks, static cpu => [User(cpu, static _ => true).Sum()]),
        (Figure.KickBreaks, static cpu => [User(cpu, IsKick).Sum()]),
        (
            Figure.BreakTime,
            static cpu =>
                (from cause in Outside from state in UserStates select (long)cpu.BreakTime(cause, state)).Append(
                    (long)cpu.LongestBreak
                )
        ),
        (Figure.Wakes, static cpu => [Causes.Sum(cause => cpu.Breaks(cause, CpuState.Idle))]),
        (Figure.KickWakes, static cpu => [Causes.Where(IsKick).Sum(cause => cpu.Breaks(cause, CpuState.Idle))]),
        (Figure.Asked, static cpu => [cpu.Kicks.Count]),
        (Figure.Sent, static cpu => [cpu.Kicks.Interrupts]),
        (Figure.Delivered, static cpu => [cpu.Kicks.Coalesced, cpu.Kicks.WithoutInterrupt, cpu.Kicks.Undecided]),
        (Figure.PolledWakes, static cpu => [cpu.Kicks.WakesWithoutInterrupt]),
        (Figure.Needless, static cpu => [cpu.Kicks.Verdict(KickVerdict.Needless)]),
        (Figure.Raced, static cpu => [cpu.Kicks.Verdict(KickVerdict.Raced)]),
        (Figure.Needed, static cpu => [cpu.Kicks.Verdict(KickVerdict.Needed)]),
        (Figure.Never, static cpu => [cpu.Kicks.Verdict(KickVerdict.NeverDeferrable)]),
        (Figure.Undecided, static cpu => [cpu.Kicks.Verdict(KickVerdict.Unknown)]),
        (
            Figure.Latency,
            static cpu =>
                [
                    (long)cpu.Kicks.LatencyQuantile(0.5).AtMost,
                    (long)cpu.Kicks.LatencyQuantile(0.99).AtMost,
                    (long)cpu.Kicks.LongestLatency,
                ]
        ),
        (Figure.Unmatched, static cpu => [cpu.Kicks.Unattributed, cpu.Kicks.NotArrived]),
        (Figure.SelfKicks, static cpu => [cpu.Kicks.SelfKicks]),
        (
            Figure.Prices,
            static cpu =>
                cpu.Schemes.SelectMany(static price =>
                    new[] { price.Expected.Skipped, price.Expected.InterruptsAvoided, price.Expected.InterruptsLeft }
                )
        ),
        (
            Figure.SavedBreaks,
            static cpu =>
                cpu.Schemes.SelectMany(static price =>
                    new[]
                    {
                        price.Expected.UserBreaksAvoided,
                        price.Expected.IdleWakesAvoided,
                        (long)price.Expected.TimeSaved,
                    }
                )
        ),
    ];

    // An interrupt without a sender may be one whose sending is counted.
    private static long Unsent(Figure figure, CpuReport cpu) =>
        figure is Figure.Asked or Figure.Sent or Figure.Never ? cpu.Kicks.Unattributed : 0;

    private static bool IsKick(EntryCause cause) => cause.IsIpi();

    private static IEnumerable<long> User(CpuReport cpu, Func<EntryCause, bool> which) =>
        from cause in Outside
        where which(cause)
        from state in UserStates
        select cpu.Breaks(cause, state);

    private static TraceReport Analyze(string cut, AnalysisOptions options, Action<TraceFile>? change = null)
    {
        using var trace = TraceFile.Open(Path.Combine(CaptureCut.Root, cut));
        change?.Invoke(trace);
        return TraceAnalysis.Run(trace, options, TestContext.Current.CancellationToken);
    }

    private static byte[] Unpacked(string cut)
    {
        using var packed = new FileSource(cut, File.OpenHandle(Path.Combine(CaptureCut.Root, cut)));
        using var plain = ZstdFile.Expand(packed, new DamageLog());
        return plain.ReadBytes(0, plain.Length);
    }

    /// <summary>
    /// Places of the file that look like sub-buffers of this trace: a stamp in its time, a length that fits.
    /// </summary>
    private static List<int> PagesOf(byte[] file, TraceReport whole)
    {
        var pages = new List<int>();
        for (var at = 0; at + 4096 <= file.Length; at += 4096)
        {
            var stamp = BitConverter.ToUInt64(file, at);
            var length = BitConverter.ToUInt64(file, at + 8);
            if (stamp >= whole.Start && stamp <= whole.End && length is > 0 and <= 4080)
                pages.Add(at);
        }

        return pages;
    }
}
