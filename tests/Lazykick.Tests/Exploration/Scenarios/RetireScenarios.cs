using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick.Tests.Exploration.Scenarios;

/// <summary>The queue of retired resources, its barrier and its limits.</summary>
internal static class RetireScenarios
{
    public static Action? Barrier(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(() => slot = domain.Register(), () => SimDomain.Read(slot, versions.Read));
        simulation.Add(
            null,
            () =>
            {
                versions.Publish(1);
                Retire(domain, versions, 0);
                domain.Core.Barrier(CancellationToken.None);
                Assert.Equal(1, versions.Freed);
            }
        );
        return () => versions.CheckRetired(domain, 1);
    }

    /// <summary>A successor is published and the version before it retired in one step.</summary>
    public static Action? Exchange(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(() => slot = domain.Register(), () => SimDomain.Read(slot, versions.Read));
        simulation.Add(
            null,
            () =>
            {
                Succession exchange = new(versions);
                domain.Core.Retired.Exchange(ref exchange);
            }
        );
        return () => versions.CheckRetired(domain, 1);
    }

    /// <summary>A barrier that comes while the batch before it is running is not over with an empty queue.</summary>
    public static Action? AsyncBarrier(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        var early = false;
        simulation.Add(
            null,
            () =>
            {
                versions.Publish(1);
                Retire(domain, versions, 0);
            }
        );
        simulation.Add(
            null,
            () =>
            {
                // Retired before the call, as far as the caller can tell, and so freed when the task is complete.
                var known = domain.Core.Retired.Pending > 0;
                var task = domain.Core.BarrierAsync();
                early = known && task.IsCompleted && versions.Freed == 0;
            }
        );
        return () =>
        {
            versions.CheckRetired(domain, 1);
            Assert.False(early, "the barrier was over while a callback was running");
        };
    }

    public static Action? InCallback(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(3);
        Slot slot = null!;
        simulation.Add(() => slot = domain.Register(), () => SimDomain.Read(slot, versions.Read));
        simulation.Add(
            null,
            () =>
            {
                versions.Publish(1);
                domain.Core.Retired.Add(
                    RetiredItem.Call(
                        0,
                        _ =>
                        {
                            versions.Free(0);
                            versions.Publish(2);
                            Retire(domain, versions, 1);
                        },
                        0
                    )
                );
            }
        );
        return () => versions.CheckRetired(domain, 2);
    }

    /// <summary>A writer that waits for room before each update never has more pending than it may.</summary>
    public static Action? Limit(Simulation simulation)
    {
        SimDomain domain = new(simulation, maxPending: 1);
        Versions versions = new(4);
        Slot slot = null!;
        simulation.Add(() => slot = domain.Register(), () => SimDomain.Read(slot, versions.Read));
        simulation.Add(
            null,
            () =>
            {
                for (var version = 1; version < 4; version++)
                {
                    Assert.True(domain.Core.WaitForRoom(WaitLimit.Until(CancellationToken.None)));
                    versions.Publish(version);
                    Retire(domain, versions, version - 1);
                    Assert.InRange(domain.Core.Retired.Pending, 0, 1);
                }
            }
        );
        return () => versions.CheckRetired(domain, 3);
    }

    /// <summary>A writer retires above the limit with a lock that the reader takes inside its scope.</summary>
    public static Action? UnderAReadersLock(Simulation simulation)
    {
        SimDomain domain = new(simulation, maxPending: 1);
        Versions versions = new(4);
        Gate gate = new();
        Slot slot = null!;
        simulation.Add(
            () => slot = domain.Register(),
            () =>
                SimDomain.Read(
                    slot,
                    () =>
                    {
                        SimulatedMemory.Enter(gate);
                        versions.Read();
                        SimulatedMemory.Exit(gate);
                    }
                )
        );
        simulation.Add(
            null,
            () =>
            {
                SimulatedMemory.Enter(gate);
                for (var version = 1; version < 4; version++)
                {
                    versions.Publish(version);
                    Retire(domain, versions, version - 1);
                }

                SimulatedMemory.Exit(gate);
            }
        );
        return () => versions.CheckRetired(domain, 3);
    }

    /// <summary>Whoever looks at the figures sees what may be, never less than nothing.</summary>
    public static Action? Figures(Simulation simulation)
    {
        simulation.LooksAreSteps = true;
        SimDomain domain = new(simulation);
        simulation.Add(null, () => domain.Core.Retired.Add(RetiredItem.Call(0, static _ => { }, 5)));
        simulation.Add(
            null,
            () =>
            {
                Assert.InRange(domain.Core.Retired.Pending, 0, 1);
                Assert.InRange(domain.Core.Retired.Backlog.Bytes, 0, 5);
            }
        );
        return () => Assert.Equal((0L, 0L), (domain.Core.Retired.Pending, domain.Core.Retired.Backlog.Bytes));
    }

    public static Action? TwoRetirers(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        var ran = 0;
        for (var i = 0; i < 2; i++)
        {
            simulation.Add(
                null,
                () =>
                {
                    domain.Core.Retired.Add(RetiredItem.Call(0, _ => ran++, 0));
                    domain.Core.Barrier(CancellationToken.None);
                }
            );
        }

        return () => Assert.Equal(2, ran);
    }

    /// <summary>Nobody waits for these, so only the wake-up of each makes them run.</summary>
    public static Action? WithoutAWaiter(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        var ran = 0;
        simulation.Add(
            null,
            () =>
            {
                domain.Core.Retired.Add(RetiredItem.Call(0, _ => ran++, 0));
                domain.Core.Retired.Add(RetiredItem.Call(0, _ => ran++, 0));
            }
        );
        return () => Assert.Equal(2, ran);
    }

    /// <summary>Two retirers, each on its own; the reclaimer may end between them, or not.</summary>
    public static Action? TwoWithoutAWaiter(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        var ran = 0;
        for (var i = 0; i < 2; i++)
        {
            simulation.Add(null, () => domain.Core.Retired.Add(RetiredItem.Call(0, _ => ran++, 0)));
        }

        return () => Assert.Equal((2, 0L), (ran, domain.Core.Retired.Pending));
    }

    /// <summary>Each item has a piece of the queue for itself, and the pieces are used in turns.</summary>
    public static Action? PiecesAreUsedAgain(Simulation simulation)
    {
        SimDomain domain = new(simulation, chunkCapacity: 1);
        List<string> ran = [];
        void Retire(string name) => domain.Core.Retired.Add(RetiredItem.Call(0, _ => ran.Add(name), 0));
        simulation.Add(null, () => Retire("other"));
        simulation.Add(
            null,
            () =>
            {
                Retire("first");
                domain.Core.Barrier(CancellationToken.None);
                Retire("second");
                Retire("third");
                domain.Core.Barrier(CancellationToken.None);
            }
        );
        return () =>
        {
            Assert.Equal(["first", "second", "third"], ran.Where(static name => name != "other"));
            Assert.Contains("other", ran);
        };
    }

    public static void Retire(SimDomain domain, Versions versions, int version) =>
        domain.Core.Retired.Add(ItemOf(versions, version));

    private static RetiredItem ItemOf(Versions versions, int version) =>
        RetiredItem.Call((versions, version), static state => state.versions.Free(state.version), 0);

    private readonly struct Succession(Versions versions) : IExchange
    {
        public bool TryExchange(out RetiredItem old)
        {
            versions.Publish(1);
            old = ItemOf(versions, 0);
            return true;
        }
    }
}
