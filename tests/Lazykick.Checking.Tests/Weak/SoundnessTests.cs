using Lazykick.Checking.Memory;
using static Lazykick.Checking.Tests.Weak.WeakScheme;

namespace Lazykick.Checking.Tests.Weak;

/// <summary>
/// Verdicts on which the memory of schemes was once weaker or stronger than Arm: rules W4, W7, W12, W17 and W18 of
/// docs/reference/memory.md.
/// </summary>
public sealed class SoundnessTests
{
    [Theory]
    [InlineData("dsb", "smp_rmb", true)] // a read of a system register is nothing that a DMB orders
    [InlineData("dsb", "smp_mb", true)]
    [InlineData("dsb", "dsb", false)]
    [InlineData("dsb", "when m = ipi: isb", false)] // the branch waits for the acknowledge, and the isb for the branch
    [InlineData("dsb", "step nothing", true)]
    [InlineData("dsb", "smp_wmb", true)]
    [InlineData("dsb", "isb", true)]
    [InlineData("smp_mb", "dsb", true)] // nor is a write to one
    [InlineData("step nothing", "dsb", true)]
    public void W18_A_message_that_an_interrupt_brings_needs_a_barrier_on_both_sides(
        string sender,
        string receiver,
        bool violated
    ) => Assert.Equal(violated, IsViolated(MessagePassing("v3", sender, receiver), "P"));

    [Theory]
    [InlineData("smp_wmb", "smp_rmb", false)]
    [InlineData("smp_mb", "smp_rmb", false)]
    [InlineData("dsb", "smp_rmb", false)]
    [InlineData("dsb", "smp_mb", false)]
    [InlineData("smp_rmb", "smp_rmb", true)]
    [InlineData("step nothing", "smp_rmb", true)]
    [InlineData("smp_wmb", "step nothing", true)]
    public void W4_On_GICv2_a_send_is_a_store_that_barriers_order(string sender, string receiver, bool violated) =>
        Assert.Equal(violated, IsViolated(MessagePassing("v2", sender, receiver), "P"));

    [Fact]
    public void W18_Under_tso_reads_are_in_order_behind_an_interrupt_as_everywhere() =>
        Assert.False(IsViolated(MessagePassing("v3", "step nothing", "step nothing"), "P", MemoryModel.Tso));

    [Theory]
    [InlineData("c := 1 release", false)]
    [InlineData("together: c := 1 release; w := 1", false)]
    [InlineData("together: w := 1; c := 1 release", false)]
    [InlineData("together: c := 1; w := 1", true)]
    [InlineData("c := 1", true)]
    public void W7_A_release_that_happens_together_with_assignments_is_a_release(string store, bool violated) =>
        Assert.Equal(
            violated,
            IsViolated(
                $"""
                scheme test "message passing"
                shared x : bit
                shared c : bit
                private w : bit
                private r : bit
                place task
                role reader
                    starts task
                    takes rd
                role writer
                    starts task
                    takes wr
                cpus reader writer
                path wr from task
                    x := 1
                    {store}
                    repeat: linger "once"
                path rd from task
                    wait c = 1 acquire
                    r := x
                    assert r = 1 for P "sees x"
                """,
                "P"
            )
        );

    [Theory]
    [InlineData("x := 1", "r := y")]
    [InlineData("together: x := 1; w := 1", "r := y")]
    [InlineData("x := 1", "together: r := y; w := 1")]
    [InlineData("together: x := 1; w := 1", "together: w := 0; r := y")]
    public void W7_What_happens_together_with_assignments_is_in_flight_like_any_access(string store, string load) =>
        Assert.True(
            IsViolated(
                $"""
                scheme test "store buffering"
                shared x : bit
                shared y : bit
                ghost g : bit
                ghost h : bit
                private w : bit
                private r : bit
                private s : bit
                place task
                role a
                    starts task
                    takes pa
                role b
                    starts task
                    takes pb
                cpus a b
                path pa from task
                    {store}
                    {load}
                    g := 1 when r = 0
                    assert not (g = 1 and h = 1) for P "sb"
                path pb from task
                    y := 1
                    smp_mb
                    s := x
                    h := 1 when s = 0
                    assert not (g = 1 and h = 1) for P "sb"
                """,
                "P"
            )
        );

    [Fact]
    public void W7_A_store_that_hardware_makes_comes_after_older_ones_to_its_variable() =>
        Assert.False(
            IsViolated(
                """
                scheme test "a flag that software writes, too"
                shared x : bit = 1
                private r : bit
                place task
                role a
                    starts user
                    takes p, q
                cpus a a
                path p from user
                    exception
                    x := 0
                    together: x := 1; eret
                path q from user
                    exception
                    r := x
                    assert r = 1 for P "the last store is the hardware's"
                    r := 0
                    eret
                """.Replace("shared", "percpu", StringComparison.Ordinal),
                "P"
            )
        );

    [Fact]
    public void W7_Reads_of_one_variable_stay_in_order_where_hardware_writes_it() =>
        Assert.False(
            IsViolated(
                """
                scheme test "coherence"
                shared x : bit
                private r : bit
                private s : bit
                place task
                role hardware
                    starts user
                    takes p
                role reader
                    starts task
                    takes q
                cpus hardware reader
                path p from user
                    together: exception; x := 1
                    eret
                path q from task
                    r := x
                    s := x
                    assert not (r = 1 and s = 0) for P "no value comes back"
                    repeat: linger "once"
                """,
                "P"
            )
        );

    [Fact]
    public void W17_Two_atomics_that_keep_each_other_from_completing_are_no_execution()
    {
        // Each has read; its release waits for the older store, which the other's atomic keeps from memory.
        const string Text = """
            scheme test "no such execution"
            shared x : 0..3
            shared y : 0..3
            shared z : bit
            place task
            role kicker
                starts task
                takes kk
            role target
                starts task
                takes tt
            cpus kicker target
            kick k
                y := 1
                rmw x := 2 full
                dsb
            path kk from task
                kick k returns z
                repeat: linger "done"
            path tt from task
                x := 1
                rmw y := 2 full
                repeat: linger "done"
            """;
        Assert.False(IsViolated(Text, "S8"));
        Assert.False(IsViolated(Text.Replace("full", "release", StringComparison.Ordinal), "S8"));
        Assert.False(IsViolated(Text.Replace("full", "full via llsc", StringComparison.Ordinal), "S8"));
    }

    [Fact]
    public void W17_What_an_atomic_read_on_the_way_into_a_dead_end_is_no_evidence() =>
        Assert.False(
            IsViolated(
                """
                scheme test "both atomics come first"
                shared x : 0..2
                shared y : 0..2
                shared a : 0..2 = 1
                shared b : 0..2 = 1
                private r : 0..2
                private s : 0..2
                place task
                role one
                    starts task
                    takes p
                role two
                    starts task
                    takes q
                role three
                    starts task
                    takes look
                cpus one two three
                path p from task
                    y := 1
                    rmw r := x := 2 release
                    a := r
                    repeat: linger "done"
                path q from task
                    x := 1
                    rmw r := y := 2 release
                    b := r
                    repeat: linger "done"
                path look from task
                    r := a acquire
                    s := b
                    assert not (r = 0 and s = 0) for P "one of them sees the other's store"
                """,
                "P",
                cpus: 3
            )
        );

    [Fact]
    public void W17_A_kick_that_no_execution_lets_return_is_still_found() =>
        Assert.True(
            IsViolated(
                """
                scheme test "nobody answers"
                shared x : bit
                place task
                role kicker
                    starts task
                    takes p
                role target
                    starts task
                    takes q
                cpus kicker target
                kick k
                    rmw x := 1 full
                    wait x = 0
                path p from task
                    kick k returns x
                    repeat: linger "done"
                path q from task
                    rmw x := 1 full
                    repeat: linger "done"
                """,
                "S8"
            )
        );

    [Theory]
    [InlineData(MemoryModel.Sc)]
    [InlineData(MemoryModel.Tso)]
    [InlineData(MemoryModel.Arm)]
    public void W12_A_write_that_waits_for_its_turn_makes_no_text_stale_before(MemoryModel memory)
    {
        // The second patcher's write can be issued ahead of the read that gives it its turn, and is then not there yet.
        var text = """
            scheme test "two patchers, one after the other"
            shared asked : bit
            shared done : bit
            shared turn : bit
            place task
            text site
            role first
                starts task
                takes p
            role second
                starts task
                takes q
            cpus first second
            kick k
                asked := 1
                wait done = 1 acquire
            path p from task
                write site
                dc site; dsb; ic site; dsb; isb
                kick k returns site
                turn := 1 release
                repeat: linger "once"
            path q from task
                wait asked = 1 acquire
                dsb
                isb
                done := 1 release
                body
                wait turn = 1
                write site
                repeat: linger "once"
            """;
        Assert.False(IsViolated(text, "S1", memory));
        Assert.False(IsViolated(text, "S1.windows", memory));
        // Patched too early it is stale indeed.
        Assert.True(
            IsViolated(text.Replace("wait turn = 1", "step nothing", StringComparison.Ordinal), "S1.windows", memory)
        );
    }

    [Fact]
    public void W12_A_kick_that_goes_ahead_of_the_turn_of_its_own_write_vouches_for_that_write() =>
        Assert.True(
            IsViolated(
                """
                scheme test "a patcher that asks nobody"
                shared turn : bit
                place task
                text site
                role first
                    starts task
                    takes p
                role second
                    starts task
                    takes q
                cpus first second
                kick k
                    step nothing
                path p from task
                    wait turn = 1
                    write site
                    kick k returns site
                    repeat: linger "once"
                path q from task
                    turn := 1
                    repeat: body
                """,
                "S1"
            )
        );

    private static string MessagePassing(string gic, string sender, string receiver) =>
        $"""
            scheme test "message passing by an interrupt"
            knob gic : v2 | v3 = {gic}
            message ipi
            shared x : bit
            private m : irq
            private r : bit
            place task
            place other
            role sender
                starts task
                takes snd
            role target
                starts other
                takes el1_irq
            cpus sender target
            path snd from task
                x := 1
                {sender}
                for t in others: send ipi to t
                repeat: linger "once"
            path el1_irq on irq from kernel
                exception
                discover m
                {receiver}
                r := x
                assert m != ipi or r = 1 for P "sees x"
                m := none
                r := 0
                eret
            """;
}
