using Lazykick.Traces.Kicks;
using Lazykick.Traces.States;
using static Lazykick.Traces.Tests.Analysis.Scenario;

namespace Lazykick.Traces.Tests.Analysis;

public sealed class VerdictTests
{
    [Fact]
    public void A_kick_that_breaks_user_mode_in_EQS_is_needless()
    {
        var kick = Kicked(DoNothing).Kick();

        Assert.Equal(KickVerdict.Needless, kick.Verdict);
        Assert.Equal(KickDelivery.Interrupt, kick.Delivery);
        Assert.Equal((CpuState.UserEqs, CpuState.UserEqs), (kick.SendState, kick.ArrivalState));
        Assert.Equal((12_000UL, 15_000UL), (kick.QueueTime, kick.ArrivalTime));
        Assert.Equal(100UL, kick.RunDuration);
        Assert.Equal((0, 2, 50), (kick.Sender, kick.Target, kick.Pid));
    }

    [Fact]
    public void A_membarrier_that_breaks_user_mode_can_never_be_deferred() =>
        Assert.Equal(KickVerdict.NeverDeferrable, Kicked(IpiMb).Kick().Verdict);

    [Fact]
    public void A_function_that_the_table_does_not_have_stays_unknown() =>
        Assert.Equal(KickVerdict.Unknown, Kicked(Nobody).Kick().Verdict);

    [Fact]
    public void A_kick_to_a_CPU_in_the_kernel_is_needed()
    {
        var kick = new Scenario()
            .UserEnter(1_000, 2)
            .UserExit(10_000, 2)
            .SysEnter(10_100, 2)
            .Queue(12_000, 0, 2, DoNothing, 0xC2)
            .Send(12_100, 0, 2)
            .Vector(15_000, 15_500, 2, "call_function", inside: static s => s.Run(15_100, 15_200, 2, DoNothing, 0xC2))
            .SysExit(20_000, 2)
            .UserEnter(20_100, 2)
            .Kick();

        Assert.Equal(KickVerdict.Needed, kick.Verdict);
        Assert.Equal(CpuState.Kernel, kick.ArrivalState);
    }

    [Fact]
    public void A_kick_whose_target_enters_the_kernel_by_itself_before_it_arrives_has_raced()
    {
        var kick = new Scenario()
            .UserEnter(1_000, 2)
            .Queue(12_000, 0, 2, DoNothing, 0xC2)
            .Send(12_100, 0, 2)
            .UserExit(14_000, 2)
            .SysEnter(14_100, 2)
            .Vector(15_000, 15_500, 2, "call_function", inside: static s => s.Run(15_100, 15_200, 2, DoNothing, 0xC2))
            .SysExit(20_000, 2)
            .UserEnter(20_100, 2)
            .Kick();

        Assert.Equal(KickVerdict.Raced, kick.Verdict);
        Assert.Equal((CpuState.UserEqs, CpuState.Kernel), (kick.SendState, kick.ArrivalState));
    }

    [Fact]
    public void A_kick_has_raced_even_if_its_target_is_back_in_user_mode_when_it_arrives()
    {
        var kick = new Scenario()
            .UserEnter(1_000, 2)
            .Queue(12_000, 0, 2, DoNothing, 0xC2)
            .Send(12_100, 0, 2)
            .UserExit(14_000, 2)
            .SysEnter(14_100, 2)
            .SysExit(14_200, 2)
            .UserEnter(14_300, 2)
            .UserExit(14_900, 2)
            .Vector(15_000, 15_500, 2, "call_function", inside: static s => s.Run(15_100, 15_200, 2, DoNothing, 0xC2))
            .UserEnter(15_600, 2)
            .Kick();

        Assert.Equal(CpuState.UserEqs, kick.ArrivalState);
        Assert.Equal(KickVerdict.Raced, kick.Verdict);
    }

    [Fact]
    public void An_interrupt_between_a_system_calls_entry_and_its_event_did_not_break_user_mode()
    {
        var scenario = new Scenario()
            .UserEnter(1_000, 2)
            .Queue(12_000, 0, 2, DoNothing, 0xC2)
            .Send(12_100, 0, 2)
            .UserExit(14_900, 2)
            .Vector(15_000, 15_500, 2, "call_function", inside: static s => s.Run(15_100, 15_200, 2, DoNothing, 0xC2))
            .SysEnter(25_000, 2)
            .SysExit(26_000, 2)
            .UserEnter(26_100, 2);
        var cpu = scenario.Analyze().Selection.Cpus.Single(static cpu => cpu.Cpu == 2);

        Assert.Equal(KickVerdict.Raced, scenario.Kick().Verdict);
        Assert.Equal(0, cpu.Breaks(EntryCause.FunctionCall, CpuState.UserEqs));
        Assert.Equal(1, cpu.Interrupts(EntryCause.FunctionCall, CpuState.Kernel));
        Assert.Equal(1, cpu.SelfExits);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_kick_that_wakes_an_idle_CPU_is_needless_whichever_of_interrupt_and_idle_exit_is_reported_first(
        bool exitFirst
    )
    {
        var scenario = new Scenario().IdleEnter(1_000, 1).Queue(12_000, 0, 1, DoNothing, 0xC1).Send(12_100, 0, 1);
        if (exitFirst)
        {
            scenario
                .IdleExit(14_900, 1)
                .Ipi(
                    15_000,
                    15_500,
                    1,
                    "Function call interrupts",
                    0,
                    static s => s.Run(15_100, 15_200, 1, DoNothing, 0xC1, 0)
                )
                .IdleEnter(15_600, 1);
        }
        else
        {
            scenario
                .Vector(15_000, 15_500, 1, "call_function", 0, static s => s.Run(15_100, 15_200, 1, DoNothing, 0xC1, 0))
                .IdleExit(15_550, 1)
                .IdleEnter(15_600, 1);
        }

        var kick = scenario.Kick();
        var cpu = scenario.Analyze().Selection.Cpus.Single(static cpu => cpu.Cpu == 1);

        Assert.Equal(KickVerdict.Needless, kick.Verdict);
        Assert.Equal(CpuState.Idle, kick.ArrivalState);
        Assert.Equal(1, cpu.Breaks(EntryCause.FunctionCall, CpuState.Idle));
        Assert.Equal(1, cpu.Schemes.Single(static price => price.Rule.Name == "eqs").Expected.IdleWakesAvoided);
    }

    [Fact]
    public void A_kick_that_an_idle_CPU_takes_up_by_itself_has_raced()
    {
        var kick = new Scenario()
            .IdleEnter(1_000, 1)
            .Queue(12_000, 0, 1, DoNothing, 0xC1)
            .Send(12_100, 0, 1)
            .IdleExit(13_000, 1)
            .Run(13_100, 13_200, 1, DoNothing, 0xC1, 0)
            .Vector(15_000, 15_100, 1, "call_function", 0)
            .IdleEnter(15_600, 1)
            .Kick();

        Assert.Equal(KickVerdict.Raced, kick.Verdict);
        Assert.Null(kick.ArrivalState);
    }

    [Fact]
    public void A_kick_into_a_guest_is_needless()
    {
        var kick = new Scenario()
            .GuestEnter(1_000, 1)
            .Queue(12_000, 0, 1, DoNothing, 0xC1)
            .Send(12_100, 0, 1)
            .GuestExit(14_900, 1)
            .Vector(15_000, 15_500, 1, "call_function", inside: static s => s.Run(15_100, 15_200, 1, DoNothing, 0xC1))
            .GuestEnter(15_600, 1)
            .Kick();

        Assert.Equal(
            (CpuState.Guest, CpuState.Guest, KickVerdict.Needless),
            (kick.SendState, kick.ArrivalState, kick.Verdict)
        );
    }

    [Fact]
    public void User_mode_that_RCU_watches_is_no_EQS()
    {
        var kick = new Scenario()
            .SysExit(1_000, 1)
            .Queue(12_000, 0, 1, DoNothing, 0xC1)
            .Send(12_100, 0, 1)
            .Vector(15_000, 15_500, 1, "call_function", inside: static s => s.Run(15_100, 15_200, 1, DoNothing, 0xC1))
            .SysEnter(30_000, 1)
            .Kick();

        Assert.Equal(
            (CpuState.User, CpuState.User, KickVerdict.Needed),
            (kick.SendState, kick.ArrivalState, kick.Verdict)
        );
    }

    [Fact]
    public void Rcu_watching_tells_EQS_without_context_tracking()
    {
        var kick = new Scenario()
            .Watching(1_000, 2, "End")
            .Queue(12_000, 0, 2, DoNothing, 0xC2)
            .Send(12_100, 0, 2)
            .Watching(14_900, 2, "Startirq")
            .Vector(15_000, 15_500, 2, "call_function", inside: static s => s.Run(15_100, 15_200, 2, DoNothing, 0xC2))
            .Watching(15_600, 2, "Endirq")
            .Kick();

        Assert.Equal((CpuState.UserEqs, KickVerdict.Needless), (kick.SendState, kick.Verdict));
    }

    [Fact]
    public void A_kick_just_before_an_own_exit_may_have_been_needed()
    {
        var report = new Scenario()
            .UserEnter(1_000, 2)
            .Queue(12_000, 0, 2, DoNothing, 0xC2)
            .Send(12_100, 0, 2)
            .UserExit(12_400, 2)
            .SysEnter(12_500, 2)
            .Vector(15_000, 15_500, 2, "call_function", inside: static s => s.Run(15_100, 15_200, 2, DoNothing, 0xC2))
            .SysExit(16_000, 2)
            .UserEnter(16_100, 2)
            .Analyze();
        var price = report
            .Selection.Cpus.Single(static cpu => cpu.Cpu == 2)
            .Schemes.Single(static price => price.Rule.Name == "eqs");

        Assert.Equal((1, 0, 1), (price.Expected.Skipped, price.Fewest.Skipped, price.Most.Skipped));
    }

    [Fact]
    public void A_task_takes_its_system_call_along_when_it_moves_to_another_CPU()
    {
        // pid 100 blocks in a system call on CPU 1 and goes on in it on CPU 3.
        var kick = new Scenario()
            .SysExit(1_000, 1)
            .SysEnter(2_000, 1)
            .Switch(3_000, 1, 100, 0, "swapper/1", 1)
            .Switch(4_000, 3, 0, 100)
            .Queue(12_000, 0, 3, DoNothing, 0xC3)
            .Send(12_100, 0, 3)
            .Vector(15_000, 15_500, 3, "call_function", inside: static s => s.Run(15_100, 15_200, 3, DoNothing, 0xC3))
            .SysExit(16_000, 3)
            .Kick();

        Assert.Equal((CpuState.Kernel, CpuState.Kernel), (kick.SendState, kick.ArrivalState));
    }

    [Fact]
    public void A_dead_tasks_mode_does_not_pass_to_the_next_task_with_its_pid()
    {
        var kick = new Scenario()
            .SysExit(1_000, 1)
            .SysEnter(2_000, 1)
            .Switch(3_000, 1, 100, 0, "swapper/1", 0x20)
            .Switch(4_000, 3, 0, 100)
            .Queue(12_000, 0, 3, DoNothing, 0xC3)
            .Send(12_100, 0, 3)
            .Kick();

        Assert.Equal(CpuState.Unknown, kick.SendState);
        Assert.Equal(KickVerdict.Unknown, kick.Verdict);
    }

    [Fact]
    public void Raise_events_alone_tell_sender_and_state_but_no_function()
    {
        var kick = new Scenario()
            .UserEnter(1_000, 2)
            .Raise(12_000, 0, [1, 2], "Function call interrupts")
            .UserExit(14_900, 2)
            .Ipi(15_000, 15_500, 2, "Function call interrupts")
            .UserEnter(15_600, 2);
        var kicks = new List<KickDetail>();
        kick.Analyze(kicks.Add);

        var toTwo = Assert.Single(kicks, static kick => kick.Target == 2);
        Assert.Equal(
            (CpuState.UserEqs, CpuState.UserEqs, KickVerdict.Unknown, 0UL),
            (toTwo.SendState, toTwo.ArrivalState, toTwo.Verdict, toTwo.Function)
        );
    }

    [Fact]
    public void A_raise_that_follows_its_send_is_the_same_kick()
    {
        var kick = new Scenario()
            .UserEnter(1_000, 2)
            .Queue(11_900, 0, 2, DoNothing, 0xC2)
            .SendMask(12_000, 0, [2])
            .Raise(12_050, 0, [2], "Function call interrupts")
            .UserExit(14_900, 2)
            .Ipi(
                15_000,
                15_500,
                2,
                "Function call interrupts",
                inside: static s => s.Run(15_100, 15_200, 2, DoNothing, 0xC2)
            )
            .UserEnter(15_600, 2)
            .Kick();

        Assert.Equal(KickVerdict.Needless, kick.Verdict);
    }

    [Fact]
    public void A_kernel_without_sender_events_is_known_by_arrivals()
    {
        var report = new Scenario()
            .UserEnter(1_000, 2)
            .UserExit(14_900, 2)
            .Vector(15_000, 15_500, 2, "call_function")
            .UserEnter(15_600, 2)
            .Analyze();
        var cpu = Assert.Single(report.Selection.Cpus);

        Assert.Equal((1, 1), (cpu.Kicks.Count, cpu.Kicks.Unattributed));
        Assert.Equal(1, cpu.Kicks.Verdict(KickVerdict.Unknown));
        Assert.Contains(report.Limits, static limit => limit.Code == "no-senders");
    }

    [Theory]
    [InlineData("", "no-senders", "no-functions")]
    [InlineData("ipi:ipi_raise", "no-call-sites", "no-functions")]
    [InlineData("ipi:ipi_raise ipi:ipi_send_cpu", "no-functions")]
    [InlineData("ipi:ipi_raise csd:csd_queue_cpu")]
    [InlineData("ipi:ipi_send_cpumask csd:csd_function_entry")]
    public void An_event_that_was_switched_on_and_never_came_is_no_limit(string switchedOn, params string[] limits)
    {
        var report = new Scenario()
            .UserEnter(1_000, 2)
            .UserExit(2_000, 2)
            .SwitchedOn(switchedOn.Split(' '))
            .Analyze();

        var told = report.Limits.Select(static limit => limit.Code);
        Assert.Equal(limits, told.Where(static code => code is "no-senders" or "no-call-sites" or "no-functions"));
    }

    [Fact]
    public void A_function_run_on_the_callers_own_CPU_is_no_kick() =>
        Assert.Empty(new Scenario().UserEnter(1_000, 2).Run(2_000, 2_100, 0, DoNothing, 0).Analyze().Senders);

    [Fact]
    public void Where_events_of_the_target_are_missing_the_kick_is_unknown_and_the_report_says_so()
    {
        var scenario = new Scenario()
            .UserEnter(1_000, 2)
            .Queue(12_000, 0, 2, DoNothing, 0xC2)
            .Send(12_100, 0, 2)
            .Lost(2)
            .UserExit(20_000, 2)
            .SysEnter(20_100, 2);
        var report = scenario.Analyze();

        Assert.Equal(KickVerdict.Unknown, scenario.Kick().Verdict);
        Assert.Equal((1L, 5L), (report.LossGaps, report.LostEvents));
        Assert.Contains(report.Limits, static limit => limit.Code == "lost-events");
        var cpu = report.Selection.Cpus.Single(static cpu => cpu.Cpu == 2);
        Assert.Equal((1, 1), (cpu.Kicks.Verdict(KickVerdict.Unknown), cpu.Kicks.Count));
    }

    private static Scenario Kicked(string function) =>
        new Scenario()
            .UserEnter(1_000, 2)
            .Queue(12_000, 0, 2, function, 0xC2)
            .Send(12_100, 0, 2)
            .UserExit(14_900, 2)
            .Vector(15_000, 15_500, 2, "call_function", inside: s => s.Run(15_100, 15_200, 2, function, 0xC2))
            .UserEnter(15_600, 2);
}
