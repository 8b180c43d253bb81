namespace Lazykick.Tests.Exploration;

/// <summary>
/// The classic litmus tests: the memory models allow and forbid what they should, or the explorations above them mean
/// nothing.
/// </summary>
public class MemoryModelTests
{
    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, false, true)]
    [InlineData(true, true, false)]
    [InlineData(false, true, false)]
    public void Store_buffering_is_seen_unless_there_are_full_barriers(bool tso, bool barrier, bool expected)
    {
        Assert.Equal(
            expected,
            IsReachable(
                tso,
                simulation =>
                {
                    SimCell x = new("x", 0),
                        y = new("y", 0);
                    long first = 1,
                        second = 1;
                    simulation.Add(
                        null,
                        () =>
                        {
                            SimulatedMemory.StoreRelease(x, 1);
                            if (barrier)
                                SimulatedMemory.OwnFence();
                            first = SimulatedMemory.LoadAcquire(y);
                        }
                    );
                    simulation.Add(
                        null,
                        () =>
                        {
                            SimulatedMemory.StoreRelease(y, 1);
                            if (barrier)
                                SimulatedMemory.OwnFence();
                            second = SimulatedMemory.LoadAcquire(x);
                        }
                    );
                    return () => Assert.False(first == 0 && second == 0);
                }
            )
        );
    }

    [Theory]
    [InlineData(true, false, false, false)]
    [InlineData(false, false, false, true)]
    [InlineData(false, true, false, true)]
    [InlineData(false, false, true, true)]
    [InlineData(false, true, true, false)]
    public void Message_passing_needs_release_and_acquire_where_loads_may_be_stale(
        bool tso,
        bool release,
        bool acquire,
        bool expected
    )
    {
        Assert.Equal(
            expected,
            IsReachable(
                tso,
                simulation =>
                {
                    SimCell data = new("data", 0),
                        flag = new("flag", 0);
                    long seen = 0,
                        value = 1;
                    simulation.Add(
                        null,
                        () =>
                        {
                            SimulatedMemory.StoreRelaxed(data, 1);
                            if (release)
                                SimulatedMemory.StoreRelease(flag, 1);
                            else
                                SimulatedMemory.StoreRelaxed(flag, 1);
                        }
                    );
                    simulation.Add(
                        null,
                        () =>
                        {
                            seen = acquire ? SimulatedMemory.LoadAcquire(flag) : SimulatedMemory.LoadRelaxed(flag);
                            value = SimulatedMemory.LoadRelaxed(data);
                        }
                    );
                    return () => Assert.False(seen == 1 && value == 0);
                }
            )
        );
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_late_load_may_be_overtaken_by_a_relaxed_store_but_not_by_a_release(bool release, bool expected)
    {
        Assert.Equal(
            expected,
            IsReachable(
                tso: false,
                simulation =>
                {
                    SimCell data = new("data", 0),
                        done = new("done", 0);
                    LateRead? late = null;
                    long seen = 0;
                    simulation.Add(
                        null,
                        () =>
                        {
                            late = SimulatedMemory.LoadLate(data);
                            if (release)
                                SimulatedMemory.StoreRelease(done, 1);
                            else
                                SimulatedMemory.StoreRelaxed(done, 1);
                        }
                    );
                    simulation.Add(
                        null,
                        () =>
                        {
                            seen = SimulatedMemory.LoadAcquire(done);
                            if (seen == 1)
                                SimulatedMemory.StoreRelaxed(data, 1);
                        }
                    );
                    return () => Assert.False(seen == 1 && late!.Value == 1);
                }
            )
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_place_never_goes_back_for_one_reader(bool tso)
    {
        Assert.False(
            IsReachable(
                tso,
                simulation =>
                {
                    SimCell x = new("x", 0);
                    long first = 0,
                        second = 0;
                    simulation.Add(null, () => SimulatedMemory.StoreRelaxed(x, 1));
                    simulation.Add(
                        null,
                        () =>
                        {
                            first = SimulatedMemory.LoadRelaxed(x);
                            second = SimulatedMemory.LoadRelaxed(x);
                        }
                    );
                    return () => Assert.False(first == 1 && second == 0);
                }
            )
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Increments_are_never_lost(bool tso)
    {
        Assert.False(
            IsReachable(
                tso,
                simulation =>
                {
                    SimCell x = new("x", 0);
                    long first = 0,
                        second = 0;
                    simulation.Add(null, () => first = SimulatedMemory.AddFull(x, 1));
                    simulation.Add(null, () => second = SimulatedMemory.AddFull(x, 1));
                    return () => Assert.Equal(3, first + second);
                }
            )
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_two_that_compare_and_exchange_one_fails(bool tso)
    {
        Assert.False(
            IsReachable(
                tso,
                simulation =>
                {
                    SimCell x = new("x", 0);
                    long first = 0,
                        second = 0;
                    simulation.Add(null, () => first = SimulatedMemory.CompareExchangeFull(x, 1, 0));
                    simulation.Add(null, () => second = SimulatedMemory.CompareExchangeFull(x, 2, 0));
                    return () => Assert.True((first, second) is (0, 1) or (2, 0), $"{first}, {second}");
                }
            )
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_process_wide_barrier_stands_for_the_barrier_of_the_other_side(bool tso)
    {
        Assert.False(
            IsReachable(
                tso,
                simulation =>
                {
                    SimCell x = new("x", 0),
                        y = new("y", 0);
                    long first = 1,
                        second = 1;
                    simulation.Add(
                        null,
                        () =>
                        {
                            SimulatedMemory.StoreRelaxed(x, 1);
                            first = SimulatedMemory.LoadRelaxed(y);
                        }
                    );
                    simulation.Add(
                        null,
                        () =>
                        {
                            SimulatedMemory.StoreRelaxed(y, 1);
                            SimulatedMemory.ProcessWideFence();
                            second = SimulatedMemory.LoadRelaxed(x);
                        }
                    );
                    return () => Assert.False(first == 0 && second == 0);
                }
            )
        );
    }

    [Fact]
    public void Two_threads_that_take_two_locks_in_opposite_order_are_found_to_deadlock()
    {
        Assert.True(
            IsReachable(
                tso: false,
                simulation =>
                {
                    Lazykick.Memory.Gate a = new(),
                        b = new();
                    simulation.Add(null, () => Both(a, b));
                    simulation.Add(null, () => Both(b, a));
                    return null;

                    static void Both(Lazykick.Memory.Gate first, Lazykick.Memory.Gate second)
                    {
                        SimulatedMemory.Enter(first);
                        SimulatedMemory.Enter(second);
                        SimulatedMemory.Exit(second);
                        SimulatedMemory.Exit(first);
                    }
                }
            )
        );
    }

    /// <summary>
    /// Independent steps are not permuted: n threads with one store each to places of their own are one execution.
    /// </summary>
    [Fact]
    public void Commuting_steps_are_run_in_one_order_only()
    {
        var exploration = Explorer.Explore(
            simulation =>
            {
                for (var i = 0; i < 4; i++)
                {
                    SimCell own = new("own", 0);
                    simulation.Add(null, () => SimulatedMemory.StoreRelaxed(own, 1));
                }

                return null;
            },
            tso: false
        );
        Assert.Equal(1, exploration.Executions - exploration.Pruned);
        Assert.True(exploration.IsComplete);
    }

    private static bool IsReachable(bool tso, Scenario scenario)
    {
        var withSleepSets = Explorer.Explore(scenario, tso);
        var withoutThem = Explorer.Explore(scenario, tso, preemptions: 100);
        Assert.Equal(withoutThem.Failure is null, withSleepSets.Failure is null);
        Assert.True(withSleepSets.Failure is not null || withSleepSets.IsComplete);
        return withSleepSets.Failure is not null;
    }
}
