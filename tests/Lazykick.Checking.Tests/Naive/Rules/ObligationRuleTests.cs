using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using static Lazykick.Checking.Tests.Naive.Rules.RuleScheme;

namespace Lazykick.Checking.Tests.Naive.Rules;

/// <summary>
/// M24 to M27: objects, data, messages and translations; and what <c>discover m in order</c> finds (M14).
/// </summary>
public class ObligationRuleTests
{
    private const string Cast = """
        role kicker
            starts task
            takes p
        role target
            starts task
            takes q
        cpus kicker target

        """;

    [Theory]
    [InlineData("free x", "r := x", 2)]
    [InlineData("free x", "x := 1", 2)]
    [InlineData("free x", "rmw x := 1 full", 2)]
    [InlineData("free x", "wait x = 1", null)] // what it stores is the lowest value: nothing goes on
    [InlineData("free x", "free x", 2)]
    [InlineData("free x", "alloc x := 1", null)]
    [InlineData("drain r := x", "x := 1", 2)]
    [InlineData("drain r := x", "rmw x := 1 full", 2)]
    [InlineData("drain r := x", "r := x", null)]
    [InlineData("drain r := x", "free x", 2)] // in the other order
    [InlineData("alloc x := 1", "x := 0", null)]
    public void M24AfterItsEndNobodyUsesAnObject(string first, string second, int? length)
    {
        var result = CheckWhole(
            $"""
            {Cast}
            shared x : bit
            private r : bit
            path p from task
                {first}
                repeat: linger "once"
            path q from task
                {second}
                repeat: linger "once"
            """,
            2
        );
        Assert.Equal(length, result.Verdicts["S3"]);
    }

    [Fact]
    public void M24AnotherLifeEndsWhatWasFreedAndDrained()
    {
        var result = CheckWhole(
            $"""
            {Cast}
            shared x : bit
            private r : bit
            path p from task
                drain r := x
                free x
                alloc x := 1
                x := 0
                repeat: linger "once"
            path q from task
                step nothing
            """,
            2
        );
        Assert.Null(result.Verdicts["S3"]);
    }

    [Theory]
    [InlineData(MemoryModel.Sc, false)]
    [InlineData(MemoryModel.Tso, true)]
    [InlineData(MemoryModel.Arm, true)]
    public void M25WhatIsReadAfterAReturnIsWhatTheKickerSees(MemoryModel memory, bool violated)
    {
        // Nobody orders anything: the store may be on its way when the kick has returned, but not under sc.
        var scheme = SchemeText.Load(
            $"""
            scheme test "one rule"
            place task
            {Cast}
            shared x : bit
            private r : bit
            kick k
                step nothing
            path p from task
                x := 1
                kick k returns x
                repeat: linger "once"
            path q from task
                r := x
                repeat: linger "once"
            """
        );
        var options = new CheckOptions { Memory = memory };
        var result = SchemeCheck.Run(scheme, options, new(), TestContext.Current.CancellationToken)!;
        Assert.Equal(violated ? Verdict.Violated : Verdict.Holds, result["S2"].Verdict);
        if (memory == MemoryModel.Sc)
            Assert.Null(NaiveChecker.Run(scheme, new Dictionary<string, int>(), 2).Verdicts["S2"]);
    }

    [Theory]
    [InlineData("step nothing", 3)]
    [InlineData("wait served = 1", null)]
    public void M26AMessageOfBeforeTheKickIsServedBeforeItsReturn(string wait, int? length)
    {
        var result = CheckWhole(
            RuleScheme.MessageBeforeKick(wait),
            2
        );
        Assert.Equal(length is null ? null : length + 1, result.Verdicts["S4"]);
    }

    [Fact]
    public void M26AMessageThatIsSentDuringTheKickIsNotAsked()
    {
        var result = CheckWhole(
            """
            message work
            role kicker
                starts task
                takes p
            role target
                starts user
            cpus kicker target
            kick k
                for t in others: send work to t
            path p from task
                kick k returns work
                repeat: linger "once"
            """,
            2
        );
        Assert.Null(result.Verdicts["S4"]);
    }

    [Theory]
    [InlineData("step nothing", "step nothing", true)]
    [InlineData("flush a", "step nothing", true)] // before the entry changes, perhaps
    [InlineData("step nothing", "tlbi a", false)]
    [InlineData("step nothing", "flush a", true)] // the kicker's own translation
    public void M27NoAccessGoesThroughAnOldTranslation(string target, string kicker, bool violated)
    {
        var result = CheckWhole(
            $"""
            {Cast}
            mapping a
            kick k
                smp_mb
            path p from task
                unmap a
                {kicker}
                kick k returns a
                repeat: linger "once"
            path q from task
                {target}
                touch a
            """,
            2
        );
        Assert.Equal(violated, result.Verdicts["S9"] is not null);
    }

    [Theory]
    [InlineData("discover m in order", "high", null)]
    [InlineData("discover m", "high", 4)]
    public void M14InOrderTheFirstDeclaredMessageIsFoundFirst(string discover, string first, int? length)
    {
        var result = CheckWhole(
            $"""
            message high
            message low
            private m : irq
            role sender
                starts task
                takes p
            cpus sender sender
            path p from task
                send low to self
                send high to self
                {discover}
                assert m = {first} for Order "the other first"
                repeat: linger "once"
            """,
            1
        );
        Assert.Equal(length, result.Verdicts["Order"]);
    }
}
