using Lazykick.Checking.Memory;
using Lazykick.Checking.Tests.Naive.Rules;
using Lazykick.Checking.Verdicts;
using static Lazykick.Checking.Tests.Weak.WeakScheme;

namespace Lazykick.Checking.Tests.Weak;

/// <summary>W1 to W11 and W15 of docs/reference/memory.md; the others are in the classes beside this one.</summary>
public sealed class MemoryRuleTests
{
    [Theory]
    [InlineData(1, false)] // the second store is issued when the first one has left
    [InlineData(2, true)]
    public void W1_An_access_takes_a_slot_until_it_has_taken_place(int inFlight, bool violated)
    {
        var result = Check(Message("x := 1; f := 1", "wait f = 1 acquire; r := x"), inFlight: inFlight);
        Assert.Equal(violated, result["P"].Verdict == Verdict.Violated);
        Assert.Equal(!violated, result.InFlightReached);
    }

    [Fact]
    public void W1_The_access_is_a_move_of_its_own()
    {
        const string Text = $"""
            {Head}shared x : bit
            role storing
                starts task
                takes p
            role resting
                starts user
            cpus storing resting
            path p from task
                x := 1
                repeat: linger "done"
            """;
        // At the place, stored; in between the store is on its way.
        Assert.Equal(2, Check(Text, MemoryModel.Sc).States);
        Assert.Equal(3, Check(Text).States);
    }

    [Theory]
    [InlineData(MemoryModel.Sc, false)]
    [InlineData(MemoryModel.Tso, false)]
    [InlineData(MemoryModel.Arm, true)] // both reads are guessed, and both stores make the guesses true
    public void W2_A_read_returns_what_was_guessed(MemoryModel memory, bool violated) =>
        Assert.Equal(violated, IsViolated(LoadBuffering("r := x; y := 1", "r := y; x := 1"), "P", memory));

    [Theory]
    [InlineData("x := 1; r := x", "x := 1; r := x", false)] // each sees its own store
    [InlineData("x := 1; s := x; r := y", "y := 1; s := y; r := x", true)] // before the other one does
    [InlineData("x := 1; smp_mb; r := y", "y := 1; smp_mb; r := x", false)]
    public void W3_A_CPU_sees_its_own_writes_before_others_do(string first, string second, bool violated) =>
        Assert.Equal(
            violated,
            IsViolated(
                Two(
                    "shared x : bit\nshared y : bit\nprivate s : bit\nghost one : bit\nghost two : bit",
                    $"{first}; one := 1 when r = 0; assert not (one = 1 and two = 1) for P \"both old\"",
                    $"{second}; two := 1 when r = 0; assert not (one = 1 and two = 1) for P \"both old\""
                ),
                "P",
                MemoryModel.Tso
            )
        );

    [Theory]
    [InlineData("w := 1; f := 1", true)] // memory still has the target in the EQS
    [InlineData("w := 1; smp_wmb; f := 1", false)]
    public void W3_S5a_asks_memory_whether_a_CPU_is_in_the_EQS(string leave, bool violated) =>
        Assert.Equal(
            violated,
            IsViolated(
                Two(
                    "message ipi\nshared f : bit\npercpu w : bit\nstate eqs = w = 0\n"
                        + "kick k\n    for t in others: send ipi to t",
                    "wait f = 1 acquire; smp_mb; kick k",
                    leave
                ),
                "S5a"
            )
        );

    [Theory]
    [InlineData("w := 1; body", false)] // on its way, and RCU watches as far as this CPU can tell
    [InlineData("w := 1; smp_mb; w := 0; body", true)]
    public void W3_S6_asks_the_CPUs_own_view(string steps, bool violated) =>
        Assert.Equal(violated, IsViolated(Two("percpu w : bit\nstate eqs = w = 0", steps, "step nothing"), "S6"));

    [Theory]
    [InlineData("relaxed", true)]
    [InlineData("acquire", true)]
    [InlineData("release", false)]
    [InlineData("full", false)]
    public void W5_An_atomic_that_releases_orders_what_is_before_it(string order, bool violated)
    {
        foreach (var form in new[] { "lse", "llsc" })
        {
            Assert.Equal(
                violated,
                IsViolated(Message($"x := 1; rmw f := 1 {order} via {form}", "wait f = 1 acquire; r := x"), "P")
            );
        }
    }

    [Theory]
    [InlineData("relaxed", true)]
    [InlineData("acquire", false)]
    [InlineData("release", true)]
    [InlineData("full", false)]
    public void W5_An_atomic_that_acquires_orders_what_is_after_it(string order, bool violated)
    {
        foreach (var form in new[] { "lse", "llsc" })
        {
            var reads = $"rmw got := f := 0 {order} via {form}; r := x; r := 1 when got = 0";
            Assert.Equal(violated, IsViolated(Message("x := 1; f := 1 release", reads), "P"));
        }
    }

    [Theory]
    [InlineData("step nothing", false)]
    [InlineData("x := 1", true)]
    public void W6_A_read_of_what_nobody_else_writes_takes_place_at_once(string other, bool isInFlight)
    {
        var text = Two("shared x : bit", "r := x", other);
        Assert.Equal(isInFlight, Check(text).States > Check(text, MemoryModel.Sc).States);
    }

    [Theory]
    [InlineData("y := 1", true)]
    [InlineData("y := r", false)]
    [InlineData("got := r; y := got", false)]
    [InlineData("when r = 1: y := 1", false)]
    public void W8_What_depends_on_a_read_is_not_written_before_it(string store, bool violated) =>
        Assert.Equal(
            violated,
            IsViolated(
                LoadBuffering(
                    $"r := x; {store}",
                    $"r := y; {store.Replace("y :=", "x :=", StringComparison.Ordinal)}"
                ),
                "P"
            )
        );

    [Theory]
    [InlineData("step nothing", false)]
    [InlineData("x := 1", true)]
    public void W9_What_a_step_violates_on_a_guess_is_judged_when_the_guess_is_settled(string other, bool violated) =>
        Assert.Equal(
            violated,
            IsViolated(
                Two("shared x : bit\npercpu w : bit\nstate eqs = w = 0", "when x = 1: use rcu", other),
                "S6"
            )
        );

    [Theory]
    [InlineData("wait f = 1", false)] // a message is nothing that can be taken back
    [InlineData("step nothing", true)]
    public void W9_A_send_waits_for_the_branches_before_it(string wait, bool violated) =>
        Assert.Equal(
            violated,
            IsViolated(
                $"""
                {Head}message ipi
                shared f : bit
                private told : bit
                private m : irq
                role one
                    starts task
                    takes p
                role two
                    starts task
                    takes q, el1_irq
                cpus one two
                path p from task
                    {wait}
                    for t in others: send ipi to t
                    repeat: linger "done"
                path q from task
                    told := 1
                    f := 1
                    repeat: linger "done"
                path el1_irq on irq from kernel
                    exception
                    discover m
                    assert m != ipi or told = 1 for P "sent before its turn"
                    m := none
                    eret
                """,
                "P"
            )
        );

    [Theory]
    [InlineData("0 -> 1", MemoryModel.Arm, false)]
    [InlineData("1 -> 0", MemoryModel.Arm, true)] // fails: a read, without release
    [InlineData("1 -> 0", MemoryModel.Tso, false)]
    public void W10_A_compare_and_swap_that_fails_orders_nothing_before_it(
        string change,
        MemoryModel memory,
        bool violated
    )
    {
        foreach (var form in new[] { "lse", "llsc" })
        {
            var writes = $"x := 1; cas got := c : {change} full via {form}; f := 1";
            Assert.Equal(violated, IsViolated(Message(writes, "wait f = 1 acquire; r := x"), "P", memory));
        }
    }

    [Theory]
    [InlineData("step nothing", true)] // x is 0 whatever was guessed
    [InlineData("x := 1", false)]
    public void W11_A_value_out_of_range_is_an_error_once_it_is_no_guess(string other, bool isFine)
    {
        var (_, diagnostics) = Run(Two("shared x : bit\nshared y : bit", "r := x; y := r + 1", other));
        Assert.Equal(isFine, diagnostics.Count == 0);
        Assert.All(diagnostics, d => Assert.Contains("y := r + 1", d.Render(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("wait served = 1", false)] // returned on a guess, which comes true when the message is served
    [InlineData("step nothing", true)]
    public void W15_A_kick_that_returns_on_a_guess_is_judged_when_the_guess_is_settled(string wait, bool violated) =>
        Assert.Equal(
            violated,
            IsViolated(Head + RuleScheme.MessageBeforeKick(wait), "S4")
        );

    private const string Head = "scheme test \"one rule\"\nplace task\n";

    // One writes x and then f; two reads f and then x, and asserts that it saw x.
    private static string Message(string writes, string reads) =>
        Two(
            "shared x : bit\nshared f : bit\nshared c : bit\nprivate got : bit",
            writes,
            $"{reads}; assert r = 1 for P \"sees x\""
        );

    private static string LoadBuffering(string first, string second) =>
        Two(
            "shared x : bit\nshared y : bit\nprivate got : bit\nghost one : bit\nghost two : bit",
            $"{first}; one := 1 when r = 1; assert not (one = 1 and two = 1) for P \"both new\"",
            $"{second}; two := 1 when r = 1; assert not (one = 1 and two = 1) for P \"both new\""
        );

    private static string Two(string declarations, string first, string second) =>
        $"""
            {Head}{declarations}
            private r : bit
            role one
                starts task
                takes p
            role two
                starts task
                takes q
            cpus one two
            path p from task
                {Lines(first)}
                repeat: linger "done"
            path q from task
                {Lines(second)}
                repeat: linger "done"
            """;

    private static string Lines(string steps) => steps.Replace("; ", "\n    ", StringComparison.Ordinal);
}
