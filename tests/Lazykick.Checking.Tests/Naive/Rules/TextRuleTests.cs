using static Lazykick.Checking.Tests.Naive.Rules.RuleScheme;

namespace Lazykick.Checking.Tests.Naive.Rules;

/// <summary>M3, M10, M11, M16: text and who may still run the old one.</summary>
public class TextRuleTests
{
    private const string Kick = """
        text site
        kick k
            smp_mb

        """;

    [Theory]
    [InlineData("site", "site", "isb", "exception", true)]
    [InlineData("site", "site", "isb", "x86_exception", false)] // the kicker's CSE says nothing of another CPU
    [InlineData("site", "site", "step nothing", "exception", false)] // nor the other way round
    [InlineData("site", "other", "step nothing", "x86_exception", true)] // the kick vouches for another location
    [InlineData("other", "site", "step nothing", "x86_exception", true)] // which was not written
    public void M3EachLocationAndCpuHasAStaleBitOfItsOwn(
        string written,
        string returned,
        string kicker,
        string entry,
        bool holds
    )
    {
        // The target enters the kernel when the text is in place, and runs it when the kick has returned.
        var result = CheckWhole(
            $"""
            text site
            text other
            shared placed : bit
            shared over : bit
            role kicker
                starts task
                takes p
            role target
                starts user
                takes q
            cpus kicker target
            kick k
                placed := 1
            path p from task
                write {written}; dc {written}; ic {written}; {kicker}
                kick k returns {returned}
                body
                over := 1
                repeat: linger "once"
            path q from user
                x86_exception
                wait placed = 1
                {entry}
                wait over = 1
                body
                sysret
            """,
            2
        );
        Assert.Equal(holds, result.Verdicts["S1"] is null);
        Assert.Empty(result.NeverTaken);
    }

    [Fact]
    public void M10ACleanedAndInvalidatedLocationIsFreshAfterAnIsb()
    {
        // Stale, cleaned, invalidated: 000 at task -> 100 at dc -> 110 at ic -> 111 at isb -> 011 at task, and round
        // again.
        Assert.Equal(5, Check("text site\npath p from task\n    write site; dc site; ic site; isb").States);
        // Without dc, ic does nothing: 000 at task -> 100 at ic -> 100 at isb -> 100 at task.
        Assert.Equal(4, Check("text site\npath p from task\n    write site; ic site; isb").States);
    }

    [Theory]
    [InlineData("write site; dc site; ic site; isb", true)]
    [InlineData("write site; dc site; ic site; serialize", true)]
    [InlineData("write site; dc site; ic site", false)]
    [InlineData("write site; dc site; isb; ic site", false)]
    [InlineData("write site; ic site; dc site; isb", false)]
    [InlineData("isb; write site; dc site; ic site", false)]
    [InlineData("write site; dc site; ic site; dsb", false)]
    public void M10TheWriterIsStaleTooUntilItSynchronises(string steps, bool isFresh)
    {
        // The steps, then kick, smp_mb and return: back at the place, which is ordinary text, the fetch is the last
        // move.
        var result = Check($"{Kick}path p from task\n    {steps}\n    kick k returns site");
        Assert.Equal(isFresh ? null : steps.Split(';').Length + 4, result.Verdicts["S1"]);
    }

    [Theory]
    [InlineData("exception", "sysret", "", true)]
    [InlineData("exception", "sysret", "knob eis = on", true)]
    [InlineData("exception", "sysret", "knob eis = off", false)]
    [InlineData("exception", "sysret", "knob eos = off", true)]
    [InlineData("x86_exception", "sysret", "", false)]
    [InlineData("x86_exception", "iret", "", true)]
    [InlineData("x86_exception", "iret", "knob eos = off", true)]
    [InlineData("x86_exception", "eret", "", true)]
    [InlineData("x86_exception", "eret", "knob eos = off", false)]
    [InlineData("x86_exception", "eret", "knob eis = off", true)]
    public void M11DoorsThatSynchronise(string entry, string exit, string knob, bool isCse)
    {
        // 5 moves that write text and end with the exit; then the entry, kick, smp_mb, return; body is fetched as the
        // 10th.
        var result = CheckFromUser(
            $"""
            {knob}
            {Kick}path poke from user
                x86_exception
                write site; dc site; ic site
                {exit}
            path svc from user
                {entry}
                kick k returns site
                body
                sysret
            """
        );
        Assert.Equal(isCse ? null : 10, result.Verdicts["S1"]);
    }

    [Fact]
    public void M16AKickIsAMoveWhenItBeginsAndOneWhenItReturns()
    {
        // task -> smp_mb -> before the return -> task, returned -> the same two with returned.
        Assert.Equal(6, Check($"{Kick}path p from task\n    kick k returns site").States);
        Assert.Equal(3, Check($"{Kick}path p from task\n    kick k").States);
    }

    [Fact]
    public void M16TheNextWriteClearsReturned()
    {
        // The location is stale at step a, but the kick that returned was for what was there before.
        var result = Check(
            $"""
            {Kick}private n : bit
            path p from task
                wait n = 0
                kick k returns site
                write site
                n := 1
                step a
            """
        );
        Assert.Null(result.Verdicts["S1.windows"]);
        Assert.Empty(result.NeverTaken);
    }

    [Theory]
    [InlineData("skip t when x[t] = 0", 4, true)] // task, step a, assert, assignment
    [InlineData("skip t when x[t] = 1", 4, false)]
    [InlineData("ask t: skip", 4, true)] // 'skip' is the move in place of 'select'
    [InlineData("ask t: interrupt", 4, false)]
    [InlineData("ask t: step think; skip", 5, true)]
    public void M16SelectAsksThePolicy(string policy, int states, bool skips)
    {
        var result = Check(
            $$"""
            percpu x : bit
            private mask : set
            policy q
                {{policy}}
            path p from task
                for t in others: select t into mask by q
                step a
                assert mask = {} for P "nobody"
                mask := {}
            """,
            2
        );
        Assert.Equal(states, result.States);
        Assert.Equal(skips ? null : policy.Split(';').Length + 2, result.Verdicts["P"]);
    }
}
