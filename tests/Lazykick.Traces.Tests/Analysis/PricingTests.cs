using Lazykick.Traces.Kicks;
using Lazykick.Traces.Pricing;
using Lazykick.Traces.Reports;
using Lazykick.Traces.States;
using Lazykick.Traces.Totals;
using static Lazykick.Traces.Tests.Analysis.Scenario;

namespace Lazykick.Traces.Tests.Analysis;

public sealed class PricingTests
{
    [Fact]
    public void Deferred_kicks_of_one_stay_in_user_mode_collapse_into_one_at_its_end()
    {
        var scenario = new Scenario().UserEnter(1_000, 2);
        for (var i = 0; i < 5; i++)
            Burst(scenario, 10_000 + (10_000 * (ulong)i));
        scenario.UserExit(100_000, 2).SysEnter(100_100, 2).SysExit(101_000, 2).UserEnter(101_100, 2);
        var price = PriceOf(scenario, "eqs");

        Assert.Equal(
            (5, 5, 0, 0),
            (
                price.Expected.Skipped,
                price.Expected.InterruptsAvoided,
                price.Expected.InterruptsAdded,
                price.Expected.InterruptsLeft
            )
        );
        Assert.Equal((5, 1, 4), (price.Expected.UserBreaksAvoided, price.Expected.CatchUps, price.Expected.Collapsed));
    }

    [Fact]
    public void A_kick_that_finds_its_target_busy_with_a_skipped_one_is_skipped_too()
    {
        // In the trace the second kick finds the kernel: the first one's handler runs. A kernel that skips the first
        // leaves the target in user mode.
        var scenario = new Scenario()
            .UserEnter(1_000, 2)
            .Queue(12_000, 0, 2, DoNothing, 0xC2)
            .Send(12_100, 0, 2)
            .UserExit(14_900, 2)
            .Vector(15_000, 15_500, 2, "call_function", inside: static s => s.Run(15_100, 15_200, 2, DoNothing, 0xC2))
            .Queue(15_300, 0, 2, DoNothing, 0xC3)
            .Send(15_400, 0, 2)
            .Vector(15_600, 15_800, 2, "call_function", inside: static s => s.Run(15_650, 15_700, 2, DoNothing, 0xC3))
            .UserEnter(16_000, 2);
        var kicks = new List<KickDetail>();
        scenario.Analyze(kicks.Add);
        var price = PriceOf(scenario, "eqs");

        Assert.Equal([KickVerdict.Needless, KickVerdict.Needed], kicks.Select(static kick => kick.Verdict));
        Assert.Equal(
            (2, 2, 1),
            (price.Expected.Skipped, price.Expected.InterruptsAvoided, price.Expected.UserBreaksAvoided)
        );
    }

    [Fact]
    public void Work_that_cannot_wait_and_rode_on_a_skipped_interrupt_is_charged_with_its_own()
    {
        var scenario = new Scenario()
            .UserEnter(1_000, 2)
            .Queue(12_000, 0, 2, DoNothing, 0xC2)
            .SendMask(12_100, 0, [2])
            .Queue(12_200, 1, 2, IpiMb, 0xC9, "wakeup_preempt", 51)
            .Queue(13_500, 1, 3, IpiMb, 0xCA, "wakeup_preempt", 51)
            .Send(13_600, 1, 3, "wakeup_preempt", pid: 51)
            .UserExit(14_900, 2)
            .Vector(
                15_000,
                15_500,
                2,
                "call_function",
                inside: static s => s.Run(15_100, 15_200, 2, DoNothing, 0xC2).Run(15_250, 15_300, 2, IpiMb, 0xC9)
            )
            .UserEnter(15_600, 2);
        var report = scenario.Analyze();
        var cpu = report.Selection.Cpus.Single(static cpu => cpu.Cpu == 2);
        var price = cpu.Schemes.Single(static price => price.Rule.Name == "eqs");

        Assert.Equal((2, 1, 1), (cpu.Kicks.Count, cpu.Kicks.Interrupts, cpu.Kicks.Coalesced));
        Assert.Equal(
            (1, 1, 1, 1),
            (
                price.Expected.Skipped,
                price.Expected.InterruptsAvoided,
                price.Expected.InterruptsAdded,
                price.Expected.InterruptsLeft
            )
        );
        // The break happens all the same: for the membarrier.
        Assert.Equal(0, price.Expected.UserBreaksAvoided);
    }

    [Fact]
    public void A_break_that_a_tick_would_have_made_anyway_is_not_saved()
    {
        var scenario = new Scenario()
            .UserEnter(1_000, 2)
            .Queue(12_000, 0, 2, DoNothing, 0xC2)
            .Send(12_100, 0, 2)
            .UserExit(14_900, 2)
            .Vector(15_000, 15_500, 2, "call_function", inside: static s => s.Run(15_100, 15_200, 2, DoNothing, 0xC2))
            .Vector(15_510, 15_900, 2, "local_timer")
            .UserEnter(16_000, 2);
        var price = PriceOf(scenario, "eqs");

        Assert.Equal(
            (1, 0, 1),
            (price.Expected.InterruptsAvoided, price.Expected.UserBreaksAvoided, price.Expected.CatchUps)
        );
    }

    [Fact]
    public void Each_rule_skips_only_what_it_serves_and_where()
    {
        var scenario = Burst(new Scenario().UserEnter(1_000, 2), 10_000);

        Assert.Equal(1, PriceOf(scenario, "eqs").Expected.Skipped);
        Assert.Equal(0, PriceOf(scenario, "user-eqs").Expected.Served);
        Assert.Equal(1, PriceOf(scenario, "any-user").Expected.Skipped);
    }

    [Fact]
    public void User_mode_without_EQS_is_skipped_by_a_rule_for_any_user_mode_only()
    {
        var scenario = new Scenario()
            .SysExit(1_000, 2)
            .Queue(12_000, 0, 2, DoNothing, 0xC2)
            .Send(12_100, 0, 2)
            .Vector(15_000, 15_500, 2, "call_function", inside: static s => s.Run(15_100, 15_200, 2, DoNothing, 0xC2))
            .SysEnter(30_000, 2);

        Assert.Equal(0, PriceOf(scenario, "eqs").Expected.Skipped);
        Assert.Equal(
            (1, 1, 1),
            (
                PriceOf(scenario, "any-user").Expected.Skipped,
                PriceOf(scenario, "any-user").Expected.UserBreaksAvoided,
                PriceOf(scenario, "any-user").Expected.CatchUps
            )
        );
    }

    [Fact]
    public void An_unknown_state_widens_the_bounds_and_does_not_move_the_expectation()
    {
        var scenario = new Scenario()
            .Switch(1_000, 2, 0, 77)
            .Queue(12_000, 0, 2, DoNothing, 0xC2)
            .Send(12_100, 0, 2)
            .Vector(
                15_000,
                15_500,
                2,
                "call_function",
                77,
                static s => s.Run(15_100, 15_200, 2, DoNothing, 0xC2, 77),
                preemption: 1
            );
        var price = PriceOf(scenario, "eqs");

        Assert.Equal(
            (0, 0, 1),
            (price.Expected.InterruptsAvoided, price.Fewest.InterruptsAvoided, price.Most.InterruptsAvoided)
        );
    }

    [Fact]
    public void Silent_irq_work_does_not_stay_in_the_queue_for_ever()
    {
        // irq_work has no csd_function events; were it taken as still queued, no later break would ever count as
        // avoided.
        var scenario = new Scenario()
            .UserEnter(1_000, 2)
            .Queue(12_000, 0, 2, IrqWork, 0xD2, "irq_work_queue_on")
            .Send(12_100, 0, 2, "irq_work_queue_on")
            .UserExit(14_900, 2)
            .Vector(15_000, 15_500, 2, "call_function")
            .UserEnter(15_600, 2);
        Burst(scenario, 20_000);
        var kicks = new List<KickDetail>();
        scenario.Analyze(kicks.Add);

        Assert.Equal([KickVerdict.NeverDeferrable, KickVerdict.Needless], kicks.Select(static kick => kick.Verdict));
        Assert.All(kicks, static kick => Assert.NotNull(kick.RunTime));
        Assert.Equal(1, PriceOf(scenario, "eqs").Expected.UserBreaksAvoided);
    }

    [Fact]
    public void Phases_and_ranges_count_kicks_by_their_sending()
    {
        var scenario = new Scenario().UserEnter(1_000, 2).Mark(5_000, 0, "PHASE one begin");
        Burst(scenario, 10_000);
        Burst(scenario, 20_000);
        scenario.Mark(30_000, 0, "PHASE one end");
        Burst(scenario, 40_000);
        long Kicks(TraceReport report) => report.Selection.Cpus.Single(static cpu => cpu.Cpu == 2).Kicks.Count;

        var whole = scenario.Analyze();
        Assert.Equal(3, Kicks(whole));
        Assert.Equal(2, Assert.Single(whole.Phases).Cpus.Single(static cpu => cpu.Cpu == 2).Kicks.Count);
        Assert.Equal(25_000UL, whole.Phases[0].Duration);
        Assert.Equal(2, Kicks(scenario.Analyze(phase: "one")));
        Assert.Equal(1, Kicks(scenario.Analyze(from: new TracePoint(35_000, false))));
        Assert.Equal(
            1,
            Kicks(scenario.Analyze(from: new TracePoint(15_000, false), to: new TracePoint(25_000, false)))
        );
        Assert.Equal(2, Kicks(scenario.Analyze(from: new TracePoint(14_000, true))));
    }

    [Fact]
    public void More_policies_than_fit_are_refused_and_equal_ones_need_no_room()
    {
        using var trace = new Scenario().UserEnter(1_000, 2).Build();
        var rules = Enumerable
            .Range(0, AnalysisOptions.MostPolicies + 1)
            .Select(static number => new SkipRule($"{number}", [$"{number}"], static state => state == CpuState.Idle))
            .ToList();

        Assert.Throws<ArgumentException>(() =>
            TraceAnalysis.Run(trace, new AnalysisOptions { Schemes = rules }, TestContext.Current.CancellationToken)
        );
        TraceAnalysis.Run(trace, new AnalysisOptions { Schemes = rules[1..] }, TestContext.Current.CancellationToken);
        IReadOnlyList<SkipRule> equal = [.. Enumerable.Repeat(TestRules.Eqs, 100)];
        var report = TraceAnalysis.Run(
            trace,
            new AnalysisOptions { Schemes = equal },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(100, report.Selection.Cpus.Single().Schemes.Count);
    }

    private static Scenario Burst(Scenario scenario, ulong at) =>
        scenario
            .Queue(at, 0, 2, DoNothing, 0xC2)
            .Send(at + 100, 0, 2)
            .UserExit(at + 2_900, 2)
            .Vector(
                at + 3_000,
                at + 3_500,
                2,
                "call_function",
                inside: s => s.Run(at + 3_100, at + 3_200, 2, DoNothing, 0xC2)
            )
            .UserEnter(at + 3_600, 2);

    private static SchemePrice PriceOf(Scenario scenario, string rule) =>
        scenario
            .Analyze()
            .Selection.Cpus.Single(static cpu => cpu.Cpu == 2)
            .Schemes.Single(price => price.Rule.Name == rule);
}
