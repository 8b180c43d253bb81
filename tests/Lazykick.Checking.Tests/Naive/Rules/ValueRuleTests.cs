using static Lazykick.Checking.Tests.Naive.Rules.RuleScheme;

namespace Lazykick.Checking.Tests.Naive.Rules;

/// <summary>M9: values that a test chooses, and counters that wrap round; and routines with parameters.</summary>
public class ValueRuleTests
{
    [Fact]
    public void M9AnAtomicCanDecideByTheOldValueWhatItStores()
    {
        var result = CheckBoth(
            """
            shared count : 0..2 = 2
            private old : 0..2
            path p from task
                rmw old := count := if count = 0 then 0 else count - 1 full
                assert not (old = 0 and count = 2) for P "never below"
            """,
            1
        );
        Assert.Null(result.Verdicts["P"]);
        Assert.Equal(7, result.States); // count and old: task with 2 and 0; both places with 1 and 2, 0 and 1, 0 and 0
    }

    [Fact]
    public void M9ASumThatBeginsWithACounterThatWrapsWrapsRound()
    {
        var result = CheckBoth(
            """
            shared gen : 1..3 wraps = 3
            private seen : 1..3 wraps
            private next : 1..3
            path p from task
                seen := gen
                rmw gen := gen + 1 full
                next := seen + 1
                assert gen = next for P "the next"
                assert gen - 1 = seen for Q "the one before"
                assert seen + 3 = seen for R "once round"
            """,
            1
        );
        Assert.Null(result.Verdicts["P"]);
        Assert.Null(result.Verdicts["Q"]);
        Assert.Null(result.Verdicts["R"]);
    }

    [Fact]
    public void M7ARoutineWithParametersIsWhatIsWrittenOutForIt()
    {
        const string Head = """
            percpu queue : 0..2
            percpu lockd : lock
            private mask : set = {}
            message ipi
            policy empty(q) serves ask
                skip t when q[t] = 0
            role one
                starts task
                takes add(2), add(1)
            role two
                starts task
                takes irq
            cpus one two
            path irq on irq from kernel
                exception
                queue := 0
                eret

            """;
        var given = CheckBoth(
            Head
                + """
                routine push(lk, q, cpu, value)
                    lock lk[cpu] irqsave
                    for t in all:
                        q[cpu] := value when t = cpu
                    unlock lk[cpu]
                path add(value) from task
                    for t in others: call push(lockd, queue, t, value)
                    kick ask
                kick ask
                    for t in others: select t into mask by empty(queue)
                    for t in mask: send ipi to t
                    mask := {}
                """,
            2
        );
        var written = CheckBoth(
            Head
                .Replace("empty(q)", "empty", StringComparison.Ordinal)
                .Replace(" q[t]", " queue[t]", StringComparison.Ordinal)
                .Replace("add(2), add(1)", "add2, add1", StringComparison.Ordinal)
                + """
                path add2 from task
                    for t in others:
                        lock lockd[t] irqsave
                        for k in all:
                            queue[t] := 2 when k = t
                        unlock lockd[t]
                    kick ask
                path add1 from task
                    for t in others:
                        lock lockd[t] irqsave
                        for k in all:
                            queue[t] := 1 when k = t
                        unlock lockd[t]
                    kick ask
                kick ask
                    for t in others: select t into mask by empty
                    for t in mask: send ipi to t
                    mask := {}
                """,
            2
        );
        Assert.Equal(written.States, given.States);
        Assert.Equal(written.Moves, given.Moves);
    }

    /// <summary>What the naive interpreter finds, which must be what the engine finds.</summary>
    private static NaiveResult CheckBoth(string text, int cpus)
    {
        var whole = text.Contains("role ", StringComparison.Ordinal)
            ? text
            : "role acting\n    starts task\n    takes p\nrole resting\n    starts user\ncpus acting resting\n" + text;
        var scheme = SchemeText.Load("scheme test \"one rule\"\nplace task\n" + whole);
        Assert.Equal("", EngineComparison.Differences(scheme, new Dictionary<string, string>(), 2, 100_000));
        return CheckWhole(whole, cpus);
    }
}
