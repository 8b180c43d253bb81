using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Tests.Memory;

public class WindowTests
{
    private static readonly RuleSet s_arm = new(MemoryModel.Arm);
    private static readonly RuleSet s_tso = new(MemoryModel.Tso);
    private static readonly RuleSet s_sc = new(MemoryModel.Sc);

    private static Instance Load(
        short location,
        Progress progress = Progress.Waiting,
        OrderFlags flags = OrderFlags.None
    ) =>
        new()
        {
            Kind = InstanceKind.Load,
            Location = location,
            Address = location < 0 ? Knowledge.Unknown : Knowledge.Final,
            Data = Knowledge.Final,
            Progress = progress,
            Flags = flags,
        };

    private static Instance Store(
        short location,
        Knowledge data = Knowledge.Final,
        Progress progress = Progress.Waiting,
        OrderFlags flags = OrderFlags.None
    ) => Load(location, progress, flags) with { Kind = InstanceKind.Store, Data = data };

    private static Instance Branch(Knowledge condition) =>
        new()
        {
            Kind = InstanceKind.Branch,
            Data = condition,
            Location = -1,
        };

    private static Instance Fence(BarrierKind fence) =>
        new()
        {
            Kind = InstanceKind.Fence,
            Fence = fence,
            Location = -1,
        };

    private static Instance Synchronisation => new() { Kind = InstanceKind.ContextSync, Location = -1 };

    private static Instance[] Settled(RuleSet rules, params Instance[] window)
    {
        Window.Settle(rules, window);
        return window;
    }

    // What a machine does when another CPU writes.
    private static bool Mark(Instance[] window, int location)
    {
        if (!Window.AdmitsWrite(s_arm, window, location))
            return false;
        for (var i = 0; i < window.Length; i++)
            window[i].Overwritten |= Window.IsOverwritten(s_arm, window, i, location);
        return true;
    }

    [Fact]
    public void A_read_takes_the_youngest_pending_store_to_its_location()
    {
        var window = Settled(s_arm, Store(0), Store(1), Store(0), Load(0), Store(0));
        Assert.True(Window.CanRead(s_arm, window, 3, out var source));
        Assert.Equal(2, source);
    }

    [Fact]
    public void A_read_waits_for_the_data_of_the_store_that_it_would_take_it_from()
    {
        var window = Settled(s_arm, Store(0, Knowledge.Unknown), Load(0), Load(1));
        Assert.False(Window.CanRead(s_arm, window, 1, out _));
        Assert.True(Window.CanRead(s_arm, window, 2, out var source));
        Assert.Equal(Window.FromMemory, source);
    }

    [Fact]
    public void Once_the_store_is_visible_a_read_takes_memory()
    {
        var window = Settled(s_arm, Store(0, progress: Progress.Done), Load(0));
        Assert.True(Window.CanRead(s_arm, window, 1, out var source));
        Assert.Equal(Window.FromMemory, source);
    }

    [Theory]
    [InlineData(MemoryModel.Sc, false)]
    [InlineData(MemoryModel.Tso, true)]
    [InlineData(MemoryModel.Arm, true)]
    public void Only_sc_keeps_a_read_behind_a_store_of_another_location(MemoryModel model, bool passes) =>
        Assert.Equal(
            passes,
            Window.CanRead(new RuleSet(model), Settled(new RuleSet(model), Store(0), Load(1)), 1, out _)
        );

    [Theory]
    [InlineData(MemoryModel.Sc, false)]
    [InlineData(MemoryModel.Tso, false)]
    [InlineData(MemoryModel.Arm, true)]
    public void Only_arm_lets_a_read_pass_a_read_and_a_branch(MemoryModel model, bool passes)
    {
        Assert.Equal(
            passes,
            Window.CanRead(new RuleSet(model), Settled(new RuleSet(model), Load(0), Load(1)), 1, out _)
        );
        Assert.Equal(
            passes,
            Window.CanRead(
                new RuleSet(model),
                Settled(new RuleSet(model), Branch(Knowledge.Unknown), Load(1)),
                1,
                out _
            )
        );
    }

    [Fact]
    public void A_write_waits_for_branches_and_addresses_a_read_does_not()
    {
        foreach (
            var older in (Instance[])
                [Branch(Knowledge.Unknown), Branch(Knowledge.Speculative), Load(Instance.UnknownLocation)]
        )
        {
            Assert.False(Window.CanWrite(s_arm, Settled(s_arm, older, Store(1)), 1));
            Assert.True(Window.CanRead(s_arm, Settled(s_arm, older, Load(1)), 1, out _));
        }
    }

    [Fact]
    public void Context_synchronisation_waits_for_DSB_and_branches_but_not_for_accesses_or_DMB()
    {
        Assert.True(
            Window.CanSynchronise(
                s_arm,
                Settled(s_arm, Load(0), Store(1), Fence(BarrierKind.DmbFull), Synchronisation),
                3
            )
        );
        Assert.False(
            Window.CanSynchronise(s_arm, Settled(s_arm, Store(1), Fence(BarrierKind.DsbFull), Synchronisation), 2)
        );
        Assert.True(
            Window.CanSynchronise(s_arm, Settled(s_arm, Load(1), Fence(BarrierKind.DsbStore), Synchronisation), 2)
        );
        Assert.False(Window.CanSynchronise(s_arm, Settled(s_arm, Branch(Knowledge.Unknown), Synchronisation), 1));
        Assert.False(Window.CanSynchronise(s_tso, Settled(s_tso, Store(1), Synchronisation), 1));
    }

    [Fact]
    public void A_foreign_write_voids_an_older_read_of_the_same_location_that_is_still_to_come()
    {
        var window = Settled(s_arm, Load(0), Load(0, Progress.Read), Load(1, Progress.Read));
        Assert.False(Window.IsVoid(s_arm, window));
        Assert.True(Mark(window, 0));
        Assert.Equal([false, true, false], window.Select(i => i.Overwritten));
        Assert.True(Window.IsVoid(s_arm, window));
        Assert.True(Window.OverwrittenMatters(window, 1));
    }

    [Fact]
    public void A_value_forwarded_from_a_pending_store_is_not_overwritten_by_others()
    {
        var window = Settled(s_arm, Load(0), Store(0), Load(0, Progress.Read));
        Assert.True(Mark(window, 0));
        Assert.False(window[2].Overwritten);
    }

    [Fact]
    public void No_foreign_write_comes_between_the_halves_of_an_atomic()
    {
        var atomic = Store(0) with { Kind = InstanceKind.Rmw, Progress = Progress.Read };
        Assert.False(Mark(Settled(s_arm, atomic), 0));
        Assert.True(Mark(Settled(s_arm, atomic), 1));
        Instance[] pair = [Load(0, Progress.Read, OrderFlags.Exclusive), Store(0, flags: OrderFlags.Exclusive)];
        Assert.False(Mark(pair, 0));
        Instance[] done =
        [
            Load(0, Progress.Read, OrderFlags.Exclusive),
            Store(0, progress: Progress.Done, flags: OrderFlags.Exclusive),
        ];
        Assert.True(Mark(done, 0));
        Assert.False(Window.OverwrittenMatters(done, 0));
        Instance[] alone = [Load(0, Progress.Read, OrderFlags.Exclusive)];
        Assert.True(Mark(alone, 0));
        Assert.True(alone[0].Overwritten && Window.OverwrittenMatters(alone, 0));
    }

    [Fact]
    public void An_atomic_that_took_its_value_from_a_store_of_its_own_CPU_admits_writes_until_that_store_is_visible()
    {
        var atomic = Store(0) with { Kind = InstanceKind.Rmw, Progress = Progress.Read };
        Assert.True(Window.AdmitsWrite(s_arm, Settled(s_arm, Store(0), atomic), 0));
        Assert.False(Window.AdmitsWrite(s_arm, Settled(s_arm, Store(0, progress: Progress.Done), atomic), 0));
    }

    [Fact]
    public void Marks_are_dropped_where_no_older_read_is_still_to_come()
    {
        var window = Settled(s_arm, Load(1, Progress.Read), Load(0), Load(0, Progress.Read), Load(2, Progress.Read));
        foreach (ref var instance in window.AsSpan())
            instance.Overwritten = instance.HasRead;
        Assert.True(Window.DropMarks(window));
        Assert.Equal([false, false, true, false], window.Select(i => i.Overwritten));
        Assert.False(Window.DropMarks(window));
    }

    [Fact]
    public void The_next_step_is_the_one_that_is_outstanding_and_that_nothing_older_holds_back()
    {
        var half = Store(0) with { Kind = InstanceKind.Rmw, Progress = Progress.Read };
        var clean = Load(1) with { Kind = InstanceKind.Clean };
        var window = Settled(
            s_arm,
            Load(0),
            Load(0, Progress.Read),
            half,
            Store(1),
            clean,
            clean with
            {
                Kind = InstanceKind.Invalidate,
                Location = 2,
            },
            Branch(Knowledge.Final)
        );
        Assert.Equal(
            [AccessStep.Read, null, null, AccessStep.Write, null, AccessStep.Invalidate, null],
            window.Select((_, i) => Window.Next(s_arm, window, i, out var _))
        );
        var later = Settled(s_arm, half, clean);
        Assert.Equal(
            [AccessStep.Write, AccessStep.Clean],
            later.Select((_, i) => Window.Next(s_arm, later, i, out var _))
        );
    }

    [Fact]
    public void A_store_whose_address_turns_out_to_be_the_same_voids_a_younger_read()
    {
        var window = Settled(s_arm, Store(0), Load(0, Progress.Read));
        Assert.True(Window.AddressVoids(s_arm, window, 0));
        var shadowed = Settled(s_arm, Store(0), Store(0), Load(0, Progress.Read));
        Assert.False(Window.AddressVoids(s_arm, shadowed, 0));
        var elsewhere = Settled(s_arm, Store(1), Load(0, Progress.Read));
        Assert.False(Window.AddressVoids(s_arm, elsewhere, 0));
    }

    [Fact]
    public void A_store_exclusive_that_failed_voids_nothing_when_its_address_is_known()
    {
        var cleaned = Store(0, progress: Progress.Done) with { Kind = InstanceKind.Clean };
        Assert.True(Window.AddressVoids(s_arm, Settled(s_arm, Store(0), cleaned), 0));
        var failed = Store(0) with { Kind = InstanceKind.Local };
        Assert.False(Window.AddressVoids(s_arm, Settled(s_arm, failed, cleaned), 0));
    }

    [Fact]
    public void Only_what_has_nothing_left_to_do_leaves_the_window()
    {
        Assert.True(Window.CanRetire(Load(0, Progress.Read)));
        Assert.False(Window.CanRetire(Load(0)));
        Assert.False(Window.CanRetire(Store(0)));
        Assert.True(Window.CanRetire(Store(0, progress: Progress.Done)));
        Assert.False(Window.CanRetire(Branch(Knowledge.Speculative)));
        Assert.False(Window.CanRetire(Synchronisation));
    }
}
