using Lazykick.Traces.Files;
using Lazykick.Traces.Kicks;
using Lazykick.Traces.Reports;
using Lazykick.Traces.Tests.Captures;

namespace Lazykick.Traces.Tests.Analysis;

/// <summary>Why CPUs are interrupted, in words: from call stacks, system calls, timers and wake-ups.</summary>
public sealed class CauseTests
{
    // Numbers of x86-64.
    private const int Write = 1;
    private const int Bpf = 321;

    private const StringComparison Ordinal = StringComparison.Ordinal;

    [Fact]
    public void A_call_stack_names_the_cause_behind_a_general_sender()
    {
        var report = Kicked(static kick =>
            kick.Stack(1_001, 0, 50, "on_each_cpu_cond_mask", "static_key_enable", "perf_event_alloc")
        );

        var cause = Assert.Single(report.BreakCauses);
        Assert.Equal(("perf of sender", "perf"), (cause.Cause.Name, cause.Cause.Kind));
        Assert.Equal(["on_each_cpu_cond_mask+0x8", "static_key_enable+0x8", "perf_event_alloc+0x8"], cause.Stack);
        Assert.Equal(cause.Stack, Assert.Single(report.WorstBreaks).Stack);
        Assert.Equal(["sender-50"], cause.Senders.Select(static sender => sender.Task));
    }

    [Fact]
    public void The_innermost_frame_that_is_no_sender_is_named()
    {
        var report = Kicked(static kick => kick.Stack(1_001, 0, 50, "on_each_cpu_cond_mask", "static_key_enable"));

        Assert.Equal(
            "static key switched by static_key_enable, task sender",
            Assert.Single(report.BreakCauses).Cause.Name
        );
    }

    [Fact]
    public void A_stack_of_an_interrupt_between_is_not_the_kicks()
    {
        var report = Kicked(static kick =>
            kick.Vector(1_010, 1_020, 0, "reschedule", 50).Stack(1_021, 0, 50, "perf_event_alloc")
        );

        Assert.All(
            report.BreakCauses,
            static cause => Assert.DoesNotContain("perf", cause.Cause.Name, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(Bpf, "BPF load by sender")]
    [InlineData(Write, "static key or other change of kernel text by write() in task sender")]
    public void Without_a_stack_the_senders_system_call_says_what_it_was_about(int number, string name)
    {
        var report = Kicked(static _ => { }, number);

        var cause = Assert.Single(report.BreakCauses).Cause;
        Assert.Equal(name, cause.Name);
        Assert.DoesNotContain("sender", cause.Kind, StringComparison.Ordinal);
        Assert.NotEmpty(cause.Kind);
        // No stacks in the trace: what to do begins with that, where one would tell.
        Assert.Equal(number == Write, cause.Cure!.StartsWith("Record with lazykick record --stacks", Ordinal));
        Assert.Equal(name, Assert.Single(report.Senders).Cause.Name);
    }

    [Fact]
    public void A_system_call_follows_its_task_to_another_CPU_and_ends_with_it()
    {
        var scenario = new Scenario()
            .UserEnter(100, 2)
            .SysEnter(150, 1, 50, Bpf)
            .Switch(200, 1, 50, 0)
            .Switch(300, 0, 0, 50, "sender")
            .Queue(1_000, 0, 2, Scenario.DoNothing, 0xc1)
            .Send(1_100, 0, 2)
            .SysExit(1_500, 0, 50)
            .Queue(5_000, 0, 2, Scenario.DoNothing, 0xc1)
            .Send(5_100, 0, 2);
        Arrive(scenario, 2_000, 0xc1);
        Arrive(scenario, 6_000, 0xc1);

        var names = scenario
            .Analyze()
            .BreakCauses.Select(static cause => cause.Cause.Name)
            .Order(StringComparer.Ordinal);

        Assert.Equal(["BPF load by sender", "static key or other change of kernel text, task sender"], names);
    }

    [Fact]
    public void The_work_of_a_kworker_stands_for_its_stack()
    {
        Assert.True(
            CauseTable.TryParse("purge[ by {task}] | stack=purge_w* | test", CauseTable.Default, out var table, out _)
        );
        var scenario = new Scenario()
            .UserEnter(100, 2)
            .WorkStart(900, 0, "purge_work", 60)
            .Queue(1_000, 0, 2, Scenario.DoNothing, 0xc1, pid: 60)
            .Send(1_100, 0, 2, pid: 60);
        Arrive(scenario, 2_000, 0xc1);

        using var trace = scenario.Build();
        var report = TraceAnalysis.Run(
            trace,
            new AnalysisOptions { Causes = table },
            TestContext.Current.CancellationToken
        );

        Assert.Equal("purge by worker", Assert.Single(report.BreakCauses).Cause.Name);
    }

    [Theory]
    [InlineData(1, "tick kept by a CPU timer of a process")]
    [InlineData(4, "tick kept by a second runnable task")]
    [InlineData(16, "tick kept by RCU")]
    [InlineData(0, "tick")]
    public void A_tick_is_named_by_what_kept_it_going(int dependency, string name)
    {
        var report = new Scenario()
            .UserEnter(100, 2)
            .UserExit(1_000, 2)
            .Vector(1_001, 1_100, 2, "local_timer")
            .TickStop(1_150, 2, false, dependency)
            .UserEnter(1_200, 2)
            .UserExit(5_000, 2)
            .Vector(5_001, 5_100, 2, "local_timer", inside: static at => at.Expire(5_050, 2, "tick_nohz_handler"))
            .UserEnter(5_900, 2)
            .Analyze();

        Assert.Contains(name, report.BreakCauses.Select(static cause => cause.Cause.Name));
        Assert.Equal(name, report.WorstBreaks[0].Cause.Name);
    }

    [Fact]
    public void A_tick_that_was_stopped_meanwhile_is_not_put_down_to_what_kept_it_before()
    {
        var report = new Scenario()
            .UserEnter(100, 2)
            .TickStop(150, 2, false, 4)
            .TickStop(160, 2, true, 0)
            .UserExit(1_000, 2)
            .Vector(1_001, 1_100, 2, "local_timer", inside: static at => at.Expire(1_050, 2, "hrtimer_wakeup"))
            .Switch(1_150, 2, 100, 60, "worker")
            .UserEnter(1_900, 2, 60)
            .Analyze();

        Assert.Equal("sleep of worker ends", Assert.Single(report.BreakCauses).Cause.Name);
    }

    [Fact]
    public void A_reschedule_is_named_by_the_task_that_is_woken()
    {
        var report = new Scenario()
            .UserEnter(100, 2)
            .Waking(900, 0, 60)
            .Send(1_000, 0, 2, "wakeup_preempt", null)
            .UserExit(2_000, 2)
            .Vector(2_001, 2_100, 2, "reschedule")
            .UserEnter(2_900, 2)
            .Analyze();

        Assert.Equal("wake-up of worker by sender", Assert.Single(report.BreakCauses).Cause.Name);
    }

    [Fact]
    public void A_wake_up_without_interrupt_is_named_by_who_asked_for_it()
    {
        var report = new Scenario()
            .IdleEnter(100, 2, 0)
            .Waking(900, 0, 60)
            .WakeWithoutIpi(1_000, 0, 2)
            .IdleExit(1_100, 2)
            .Switch(1_200, 2, 0, 60, "worker")
            .Analyze();

        Assert.Equal("wake-up of worker by sender", Assert.Single(report.WakeCauses).Cause.Name);
        Assert.Empty(report.BreakCauses);
    }

    [Fact]
    public void Senders_are_summed_up_by_name_and_by_cgroup()
    {
        var scenario = new Scenario()
            .UserEnter(100, 2)
            .Attach(500, 0, 50, "/system.slice/agent")
            .Queue(1_000, 0, 2, Scenario.DoNothing, 0xc1)
            .Send(1_100, 0, 2);
        Arrive(scenario, 2_000, 0xc1);
        var report = scenario.Analyze();

        Assert.Equal(
            ("sender", 1, 1L, 1L),
            Assert.Single(report.SendersByTask) is var task
                ? (task.Name, task.Tasks, task.Kicks, task.Needless)
                : default
        );
        Assert.Equal("/system.slice/agent", Assert.Single(report.SendersByCgroup).Name);
        Assert.True(report.SendersByTask[0].Stolen > 0);
    }

    // What the scenario of a phase did, as its captures' scenario.log says, and nothing else stole as much.
    [Theory]
    [InlineData("arm64-6.12-raw-b", "bpf_jit", "BPF load by wl")]
    [InlineData("arm64-6.12-raw-b", "cbpf_filter", "BPF filter of a socket by wl")]
    [InlineData("arm64-6.12-raw-b", "perf_cpu2", "perf of wl")]
    [InlineData("arm64-6.12-raw-b", "membarrier_private", "membarrier of task wl")]
    [InlineData("x86-7.3-raw", "modules", "module load by insmod")]
    [InlineData("x86-7.3-raw", "perf_cpu2", "perf of wl")]
    [InlineData("x86-7.3-raw", "membarrier_private", "membarrier of task wl")]
    [InlineData("x86-7.3-raw", "mprotect", "TLB shootdown by mprotect() in task wl")]
    [InlineData("x86-7.3-raw", "munmap", "TLB shootdown by munmap() in task wl")]
    [InlineData("x86-6.12-tracecmd", "munmap", "TLB shootdown by munmap() in task wl")]
    [InlineData("x86-6.12-tracecmd", "modules", "module load by insmod")]
    [InlineData("x86-6.12-tracecmd", "static_key", "static key or other change of kernel text by write() in task sh")]
    public void The_first_cause_of_a_phase_is_what_ran_in_it(string capture, string phase, string name)
    {
        using var trace = TraceFile.Open(CaptureCut.Of(capture, phase).File, TestContext.Current.CancellationToken);
        var report = TraceAnalysis.Run(
            trace,
            new AnalysisOptions
            {
                Phase = phase,
                Cpus = new HashSet<int> { 2, 3 },
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(name, report.BreakCauses[0].Cause.Name);
        Assert.NotNull(report.BreakCauses[0].Cause.Cure);
    }

    [Theory]
    [InlineData("a | b", "expected 'NAME | CONDITION ... | reason'")]
    [InlineData("a | color=red | c", "expected KEY=PATTERN")]
    [InlineData("a {who} | call=bpf | c", "found '{who}'")]
    [InlineData("a | | c", "expected a condition")]
    public void A_wrong_rule_is_refused_with_its_line(string rule, string message)
    {
        Assert.False(CauseTable.TryParse("# comment\n" + rule, null, out _, out var error));
        Assert.StartsWith("line 2: ", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rule_of_the_table_has_a_reason_and_every_cure_a_rule()
    {
        var table = CauseTable.Default;
        Assert.All(table.Rules, static rule => Assert.NotEmpty(rule.Reason));
        Assert.All(
            table.Cures,
            cure => Assert.Contains(table.Rules, rule => rule.Name.StartsWith(cure.Name, StringComparison.Ordinal))
        );
        Assert.All(table.Cures, cure => Assert.Single(table.Cures, other => other.Name == cure.Name));
    }

    [Fact]
    public void Every_class_of_functions_in_a_rule_is_one_of_the_table_of_functions()
    {
        var classes = FunctionTable
            .Default.Rows.Values.Select(static row => row.KickClass)
            .ToHashSet(StringComparer.Ordinal);
        var named = CauseTable
            .DefaultText.Split('\n')
            .SelectMany(static line => line.Split(' '))
            .Where(static word => word.StartsWith("class=", StringComparison.Ordinal))
            .SelectMany(static word => word["class=".Length..].Split(','));
        Assert.All(named, name => Assert.Contains(name, classes));
    }

    /// <summary>One kick of a task to a CPU in user mode, with what stands behind its queueing.</summary>
    [Fact]
    public void An_interrupt_whose_sender_is_not_in_the_trace_is_named_by_what_it_ran_and_costs_no_other_figure()
    {
        // One kick as always, and one of which the kernel recorded neither the queueing nor the sending.
        static Scenario Known() =>
            Arrive(
                new Scenario().UserEnter(100, 2).Queue(1_000, 0, 2, Scenario.IpiMb, 0xc1).Send(1_100, 0, 2),
                2_000,
                0xc1,
                Scenario.IpiMb
            );
        var report = Arrive(Known(), 12_000, 0xc2, Scenario.IpiMb).Analyze();

        Assert.All(
            report.BreakCauses,
            static cause => Assert.StartsWith("membarrier", cause.Cause.Name, StringComparison.Ordinal)
        );
        Assert.Equal(2, report.BreakCauses.Sum(static cause => cause.Count));
        var cpu = report.Selection.Cpus.Single(static cpu => cpu.Cpu == 2);
        Assert.Equal(1, cpu.Kicks.Unattributed);
        Assert.Equal(2, cpu.Kicks.Verdict(KickVerdict.NeverDeferrable));
        var without = Known().Analyze().Selection.Cpus.Single(static cpu => cpu.Cpu == 2);
        foreach (var figure in new[] { Figure.Asked, Figure.Never, Figure.Needed, Figure.Breaks })
        {
            Assert.Equal(
                figure == Figure.Breaks ? [] : [Evidence.AllSenders],
                cpu.Knowledge.MissingFor(figure).Except(without.Knowledge.MissingFor(figure))
            );
        }
    }

    private static TraceReport Kicked(Action<Scenario> behind, int? call = null)
    {
        var scenario = new Scenario().UserEnter(100, 2);
        if (call is { } number)
            scenario.SysEnter(900, 0, 50, number);
        scenario.Queue(1_000, 0, 2, Scenario.DoNothing, 0xc1);
        behind(scenario);
        scenario.Send(1_100, 0, 2);
        return Arrive(scenario, 2_000, 0xc1).Analyze();
    }

    private static Scenario Arrive(
        Scenario scenario,
        ulong time,
        ulong csd,
        string function = Scenario.DoNothing
    ) =>
        scenario
            .UserExit(time, 2)
            .Vector(
                time + 1,
                time + 500,
                2,
                "call_function",
                inside: at => at.Run(time + 100, time + 200, 2, function, csd)
            )
            .UserEnter(time + 900, 2);
}
