using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Text;
using static Lazykick.Checking.Tests.Naive.Rules.RuleScheme;

namespace Lazykick.Checking.Tests.Naive.Rules;

/// <summary>M30: queues.</summary>
public class QueueRuleTests
{
    [Theory]
    [InlineData("rmw q := q + a full; rmw q := q + b full", "x = a and y = b")]
    [InlineData("rmw q := q + b full; rmw q := q + a full", "x = b and y = a")]
    [InlineData("rmw q := q + b full; rmw q := q + b full", "x = b and y = b")]
    [InlineData("rmw q := (q + c) + a full", "x = c and y = a")]
    public void M30EntriesComeOutInTheOrderInWhichTheyWentIn(string fill, string expected)
    {
        var text = $"""
            shared q : queue 3 of a | b | c
            private x : a | b | c
            private y : a | b | c
            path p from task
                {fill}
                take x := q acquire
                take y := q acquire
                assert {expected} for P "the order"
                assert q = empty for Q "two went in"
                repeat: linger "once"
            """;
        var result = Both(text);
        Assert.Null(result.Verdicts["P"]);
        Assert.Null(result.Verdicts["Q"]);
    }

    [Theory]
    [InlineData("rmw before := q := q + 4 full", "before = empty", true)]
    [InlineData("rmw before := q := q + 4 full; rmw before := q := q + 3 full", "before = empty", false)]
    [InlineData("rmw q := q + 4 full; rmw before := q := empty full", "q = empty", true)]
    [InlineData("rmw q := q + 4 full; before := q; take n := before", "n = 4", true)]
    [InlineData("rmw q := q + 4 full; before := q; take n := before", "before = empty and q != empty", true)]
    [InlineData("rmw q := q + 3 full; n := 5; rmw q := q + n full; take n := q full; take n := q full", "n = 5", true)]
    public void M30AQueueIsAValueThatCanBeTakenWhole(string steps, string condition, bool holds)
    {
        var text = $"""
            shared q : queue 2 of 3..5
            private before : queue 2 of 3..5
            private n : 3..5
            path p from task
                {steps}
                assert {condition} for P "so it is"
                repeat: linger "once"
            """;
        Assert.Equal(holds, Both(text).Verdicts["P"] is null);
    }

    [Fact]
    public void M30TakeWaitsForAnEntry()
    {
        var text = """
            shared q : queue 1 of bit
            private b : bit
            path p from task
                take b := q acquire
                assert off for P "there was an entry"
            """;
        Assert.Null(Both(text).Verdicts["P"]);
    }

    [Theory]
    [InlineData("rmw q := q + 1 full; rmw q := q + 1 full; rmw q := q + 1 full", "more into q than its 2")]
    [InlineData("n := 3; rmw q := q + n full", "or one that it does not hold")]
    public void M30WhatDoesNotFitIsAnError(string steps, string said)
    {
        var scheme = SchemeText.Load(
            $"""
            scheme test "one rule"
            place task
            shared q : queue 2 of 0..2
            private n : 0..3
            role one
                starts task
                takes p
            cpus one one
            path p from task
                {steps}
                repeat: linger "once"
            """
        );
        Assert.Throws<NaiveSchemeException>(() => NaiveChecker.Run(scheme, new Dictionary<string, int>(), 2));
        var diagnostics = new DiagnosticCollection();
        Assert.Null(
            SchemeCheck.Run(
                scheme,
                new CheckOptions { Cpus = 2 },
                diagnostics,
                TestContext.Current.CancellationToken
            )
        );
        var error = Assert.Single(diagnostics);
        Assert.Equal("LK0510", error.Code);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Two CPUs put entries into two queues, without a lock around both: each queue can hold its own CPU's entry first.
    /// </summary>
    [Theory]
    [InlineData(MemoryModel.Sc, false)]
    [InlineData(MemoryModel.Tso, false)]
    [InlineData(MemoryModel.Arm, false)]
    [InlineData(MemoryModel.Sc, true)]
    [InlineData(MemoryModel.Tso, true)]
    [InlineData(MemoryModel.Arm, true)]
    public void M30QueuesOfTwoCallersCanBeInDifferentOrders(MemoryModel memory, bool locked)
    {
        var scheme = SchemeText.Load(
            $"""
            scheme test "one rule"
            knob locked = {(locked ? "on" : "off")}
            place task
            percpu q : queue 2 of a | b
            shared l : lock
            private first : a | b
            private other : bit
            percpu own : bit
            role one
                starts task
                takes p
            role two
                starts task
                takes r
            cpus one two
            routine put(entry)
                lock l when locked
                for t in all: rmw q[t] := q[t] + entry full
                unlock l when locked
                take first := q full
            path p from task
                call put(b)
                own := 1 release when first = a
                repeat: linger "once"
            path r from task
                call put(a)
                for t in others: other := own[t] acquire
                assert not (first = b and other = 1) for P "each CPU has the other's entry first"
                repeat: linger "once"
            """
        );
        var result = SchemeCheck.Run(
            scheme,
            new CheckOptions { Cpus = 2, Memory = memory },
            new DiagnosticCollection(),
            TestContext.Current.CancellationToken
        )!;
        var expected = locked ? Verdict.Holds : Verdict.Violated;
        Assert.Equal(expected, result.Verdicts.Single(v => v.Property == "P").Verdict);
    }
}
