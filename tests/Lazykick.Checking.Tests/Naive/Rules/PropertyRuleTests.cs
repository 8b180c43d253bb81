using static Lazykick.Checking.Tests.Naive.Rules.RuleScheme;

namespace Lazykick.Checking.Tests.Naive.Rules;

/// <summary>M17 to M22: free moves, properties, lengths.</summary>
public class PropertyRuleTests
{
    /// <summary>
    /// Text that nobody synchronises with, on one CPU: a location is stale and returned from the 7th move on.
    /// </summary>
    private const string Unsafe = """
        text site
        kick k
            smp_mb
        path poke from task
            write site; dc site; ic site
            kick k returns site

        """;

    [Theory]
    [InlineData("starts task", "path q from task\n    done := 1", 1)] // another CPU need not take it
    [InlineData("starts user", "path q from user\n    exception\n    done := 1\n    eret", 1)]
    // a device need not interrupt
    [InlineData("starts user", "path q on irq from user\n    exception\n    done := 1\n    eret", 1)]
    [InlineData("starts task", "path q on debug from task\n    exception\n    done := 1\n    eret", 1)]
    [InlineData("starts task", "path q on serror from task\n    exception\n    done := 1\n    eret", 1)]
    [InlineData("starts task", "path q on nmi from task\n    exception\n    done := 1\n    eret", 1)]
    [InlineData("starts task", "path q on brk from task\n    exception\n    done := 1\n    eret", 1)]
    public void M17AKickMustNotWaitForAFreeMove(string starts, string path, int? length)
    {
        var result = CheckWhole(
            $"""
            shared done : bit
            role kicker
                starts task
                takes p
            role target
                {starts}
                takes q
            cpus kicker target
            kick k
                wait done = 1
            path p from task
                kick k
            {path}
            """,
            2
        );
        Assert.Equal(length, result.Verdicts["S8"]);
        Assert.True(result.KickReturns);
    }

    [Theory]
    [InlineData("send ipi to t", null)]
    [InlineData("step forget", 2)]
    public void M17AnIrqWithAMessagePendingIsNotFree(string step, int? length)
    {
        var result = CheckWhole(
            $"""
            message ipi
            shared done : bit
            role kicker
                starts task
                takes p
            role target
                starts user
                takes q
            cpus kicker target
            kick k
                for t in others: {step}
                wait done = 1
            path p from task
                kick k
            path q on irq from user
                exception
                done := 1
                eret
            """,
            2
        );
        Assert.Equal(length is null ? null : 1, result.Verdicts["S8"]);
    }

    [Theory]
    [InlineData("body", 8)]
    [InlineData("step a", 8)]
    [InlineData("run static_key", 8)]
    [InlineData("use rcu", 8)]
    [InlineData("call \"c_code\"", 8)]
    [InlineData("isb", null)]
    [InlineData("dsb", null)]
    [InlineData("mask I", null)]
    [InlineData("wfi", null)]
    public void M18OnlyOrdinaryCodeCountsForS1(string step, int? length)
    {
        // In user mode, where no kernel text is: enter, write, dc, ic, kick, smp_mb, return: the step before the CPU is
        // the 8th fetch.
        var result = CheckFromUser(
            $"""
            {Unsafe.Replace("from task\n", "from user\n    x86_exception\n", StringComparison.Ordinal)}    {step}
                sysret
            """
        );
        Assert.Equal(length, result.Verdicts["S1"]);
        Assert.Equal(8, result.Verdicts["S1.windows"]);
    }

    [Fact]
    public void M18ADeclaredPlaceIsOrdinaryAndAGuestIsNoText()
    {
        Assert.Equal(7, Check(Unsafe).Verdicts["S1"]);
        var guest = CheckFromUser(
            """
            text site
            kick k
                smp_mb
            path poke from user
                exception
                write site; dc site; ic site
                kick k returns site
                guest
                eret
            """
        );
        // Enter, write, dc, ic, kick, smp_mb, return: in the guest now. It is left by the 8th move, and eret is
        // fetched.
        Assert.Equal(9, guest.Verdicts["S1.windows"]);
        Assert.Equal(17, Assert.Single(guest.Positions, p => p.IsStale).Line);
    }

    [Fact]
    public void M18InEqsOnlyTheWindowCounts()
    {
        var result = Check("state eqs = watching = 0\npercpu watching : bit\n" + Unsafe);
        Assert.Null(result.Verdicts["S1"]);
        Assert.Equal(7, result.Verdicts["S1.windows"]);
        Assert.Equal(
            new NaiveWindow("acting", "task", 0, "task", true, true),
            Assert.Single(result.Positions, p => p.Path == "task")
        );
    }

    [Theory]
    [InlineData("ordinary", 8)]
    [InlineData("entry", 9)]
    [InlineData("exit", null)]
    public void M18TheClassOfTheStepDecides(string textClass, int? length)
    {
        var result = CheckFromUser(
            $"""
            text site : ordinary | entry | exit
            kick k
                smp_mb
            routine inner
                step in_place
            path poke from user
                x86_exception
                write site as {textClass}; dc site; ic site
                kick k returns site
                step a
                section entry:
                    call inner
                sysret
            """
        );
        Assert.Equal(length, result.Verdicts["S1"]);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(0, 2)] // kick, send
    public void M19S5aAMessageToACpuInEqsSinceTheKickBegan(int watching, int? length)
    {
        var result = Check(
            $"""
            message ipi
            percpu watching : bit = {watching}
            state eqs = watching = 0
            kick k
                for t in others: send ipi to t
            path p from task
                kick k
            """,
            2
        );
        Assert.Equal(length, result.Verdicts["S5a"]);
    }

    [Fact]
    public void M19S5aNotIfItLeftEqsInBetween()
    {
        // CPU1 may be in eqs when the kick begins and again when it sends, but it has been outside in between.
        var result = CheckWhole(
            """
            message ipi
            percpu watching : bit
            shared left : bit
            state eqs = watching = 0
            role kicker
                starts task
                takes p
            role target
                starts task
                takes q
            cpus kicker target
            kick k
                left := 0
                wait left = 1
                for t in others: send ipi to t
            path p from task
                kick k
            path q from task
                watching := 1
                left := 1
                watching := 0
            """,
            2
        );
        Assert.Null(result.Verdicts["S5a"]);
        Assert.Empty(result.NeverTaken);
    }

    [Theory]
    [InlineData("percpu watching : bit = 0", 2)]
    [InlineData("percpu watching : bit = 1", null)]
    public void M19S5bAnIrqIsTakenInEqsWithAMessagePending(string watching, int? length)
    {
        var result = Check(
            $"""
            message ipi
            {watching}
            state eqs = watching = 0
            path p from task
                send ipi to self
            path irq on irq from kernel
                exception
                eret
            """
        );
        Assert.Equal(length, result.Verdicts["S5b"]);
    }

    [Theory]
    [InlineData("body", 1)]
    [InlineData("use rcu", 1)]
    [InlineData("call \"c_code\" uses rcu", 1)]
    [InlineData("call \"c_code\"", null)]
    [InlineData("step a", null)]
    public void M19S6RcuIsUsedInEqs(string step, int? length)
    {
        Assert.Equal(
            length,
            Check($"percpu watching : bit = 0\nstate eqs = watching = 0\npath p from task\n    {step}").Verdicts["S6"]
        );
        Assert.Null(
            Check($"percpu watching : bit = 1\nstate eqs = watching = 0\npath p from task\n    {step}").Verdicts["S6"]
        );
    }

    [Fact]
    public void M19AMoveIsJudgedByTheStateBeforeIt()
    {
        // At the place the CPU is in eqs, in the path it is not: body, taken with the path, is judged at the place.
        Assert.Equal(1, Check("state eqs = task\npath p from task\n    body").Verdicts["S6"]);
        Assert.Null(Check("state eqs = task\npath p from task\n    step a\n    body").Verdicts["S6"]);
    }

    [Fact]
    public void M20WhatNeverHappensIsListed()
    {
        var result = Check(
            """
            private x : bit
            knob patched = off
            kick k
                when x = 1: step b
                wait x = 1
            path p from task
                when patched: step a
                kick k
            """
        );
        Assert.False(result.KickReturns);
        Assert.Equal(2, result.NeverTaken.Count); // step b and the wait; not step a, which the knob cuts off
    }
}
