using Lazykick.Checking.Memory;
using Lazykick.Checking.Verdicts;
using Lazykick.Schemes.Loading;
using Lazykick.Schemes.Text;
using static Lazykick.Checking.Tests.Weak.WeakScheme;

namespace Lazykick.Checking.Tests.Weak;

/// <summary>S1, S2, S3 and S9 where accesses are in flight: rules W12 to W16 of docs/reference/memory.md.</summary>
public sealed class ObligationTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("sample=acquire", false)]
    [InlineData("sample=barriers", false)]
    [InlineData("policy=everybody", false)]
    [InlineData("sample=acquire enter=release", false)]
    [InlineData("sample=acquire enter=relaxed", true)]
    [InlineData("sample=acquire el0_dbg=on", true)]
    public void W13_Readers_are_drained_if_the_sample_acquires_and_the_entry_to_the_EQS_releases(
        string knobs,
        bool violated
    ) => Assert.Equal(violated, Violated("slab", "S3", MemoryModel.Arm, knobs));

    [Theory]
    [InlineData("", false)]
    [InlineData("leading_mb=off", true)]
    [InlineData("sample=acquire leading_mb=off", true)]
    [InlineData("exit=acquire", true)]
    [InlineData("exit=relaxed", true)]
    [InlineData("policy=everybody leading_mb=off", false)] // the dsb in front of the IPI orders as much
    public void W14_Data_are_new_if_both_sides_have_a_full_barrier_between_their_accesses(
        string knobs,
        bool violated
    ) =>
        Assert.Equal(violated, Violated("slab", "S2", MemoryModel.Arm, knobs));

    // An interrupt right after the call uses what was read before the acknowledge.
    [Fact]
    public void W18_The_target_of_a_call_needs_its_drivers_barrier() =>
        Assert.True(
            Violated(
                "slab",
                "S2",
                MemoryModel.Arm,
                "policy=everybody leading_mb=off start=idle ack_rmb=off",
                inFlight: 5
            )
        );

    // The acknowledge of GICv3 is no access to memory: the atomic before it may be in flight when the isb after it is
    // done, and the kick then leaves this CPU alone.
    [Theory]
    [InlineData("v3", "smp_wmb", true)]
    [InlineData("v3", "smp_mb", true)]
    [InlineData("v3", "dsb", false)]
    [InlineData("v2", "smp_wmb", false)]
    [InlineData("v2", "smp_mb", false)]
    public void W18_Of_barriers_only_a_dsb_orders_the_acknowledge_of_GICv3(string gic, string barrier, bool violated)
    {
        var isViolated = IsViolated(
            $"""
            scheme test "an isb after the acknowledge"
            arch arm64
            promises S1
            knob gic : v2 | v3 = {gic}
            message ipi
            percpu idle : bit = 1
            private m : irq
            place task
            place asleep
            text site
            role kicker
                starts task
                takes p
            role target
                starts asleep
                takes wake
            cpus kicker target
            state eqs = idle = 1
            path p from task
                write site; dc site; dsb; ic site; dsb; isb
                kick k returns site
            kick k
                smp_mb
                for t in others: wait idle[t] = 1
            path wake on irq from kernel
                exception
                rmw idle := 0 full
                {barrier}
                discover m
                when m != none: isb
                m := none
                run work
                rmw idle := 1 full
                eret
            """,
            "S1"
        );
        Assert.Equal(violated, isViolated);
    }

    [Fact]
    public void Under_tso_the_sample_needs_nothing_and_the_kick_its_barrier()
    {
        Assert.False(Violated("slab", "S3", MemoryModel.Tso, ""));
        Assert.False(Violated("slab", "S2", MemoryModel.Tso, ""));
        Assert.True(Violated("slab", "S2", MemoryModel.Tso, "leading_mb=off"));
    }

    [Theory]
    [InlineData("dc site; dsb; ic site; dsb; isb", false)]
    [InlineData("dc site; ic site; isb", true)]
    [InlineData("isb", true)]
    public void W12_A_kick_that_returns_while_its_write_is_in_flight_vouches_for_nothing(
        string maintenance,
        bool violated
    )
    {
        // Everybody is made to synchronise, by a handshake without any barrier.
        var isViolated = IsViolated(
            $"""
            scheme test "text in flight"
            shared asked : bit
            shared done : bit
            place task
            text site
            role kicker
                starts task
                takes p
            role target
                starts task
                takes q
            cpus kicker target
            state eqs = task
            kick k
                asked := 1
                wait done = 1
            path p from task
                write site
                {maintenance}
                kick k returns site
                repeat: linger "once"
            path q from task
                wait asked = 1
                dsb
                isb
                done := 1 release
                body
                repeat: linger "once"
            """,
            "S1"
        );
        Assert.Equal(violated, isViolated);
    }

    [Theory]
    [InlineData("dsb", "dsb", false)]
    [InlineData("smp_mb", "dsb", true)] // a DMB does not order TLBI behind the store of the entry
    [InlineData("dsb", "smp_mb", true)]
    [InlineData("", "", true)]
    public void W16_A_broadcast_invalidation_needs_a_dsb_on_both_sides(string before, string after, bool violated)
    {
        var isViolated = IsViolated(
            $"""
            scheme test "TLBI"
            shared go : bit
            place task
            mapping a
            role kicker
                starts task
                takes p
            role target
                starts task
                takes q
            cpus kicker target
            kick k
                step nothing
            path p from task
                unmap a
                {(before.Length > 0 ? before : "step nothing")}
                tlbi a
                {(after.Length > 0 ? after : "step nothing")}
                kick k returns a
                repeat: linger "once"
            path q from task
                touch a
            """,
            "S9"
        );
        Assert.Equal(violated, isViolated);
    }

    private static bool Violated(
        string scheme,
        string property,
        MemoryModel memory,
        string knobs,
        int inFlight = CheckOptions.DefaultInFlight
    )
    {
        var diagnostics = new DiagnosticCollection();
        var options = new CheckOptions
        {
            Memory = memory,
            InFlight = inFlight,
            Knobs = knobs
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(k => k.Split('='))
                .ToDictionary(k => k[0], k => k[1]),
        };
        var result = SchemeCheck.Run(
            SchemeLoader.FromCatalogue(scheme)!,
            options,
            diagnostics,
            TestContext.Current.CancellationToken
        );
        Assert.Empty(diagnostics);
        return result!.Verdicts.Single(v => v.Property == property).Verdict == Verdict.Violated;
    }
}
