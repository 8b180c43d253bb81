using Lazykick.Core;

namespace Lazykick.Tests.Exploration.Scenarios;

/// <summary>Kicks against threads that leave EQS, are active, or are dead.</summary>
internal static class KickScenarios
{
    public static Action? Skips(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        SimCell data = new("data", 0),
            mark = new("mark", 0);
        Slot slot = null!;
        long read = 0,
            seenByKicker = 1;
        var active = 0;
        simulation.Add(
            () => slot = domain.Register(),
            () =>
                SimDomain.Read(
                    slot,
                    () =>
                    {
                        SimulatedMemory.StoreRelaxed(mark, 1);
                        read = SimulatedMemory.LoadRelaxed(data);
                    }
                )
        );
        simulation.Add(
            null,
            () =>
            {
                SimulatedMemory.StoreRelaxed(data, 1);
                active = domain.Core.Kicks.Kick();
                seenByKicker = SimulatedMemory.LoadRelaxed(mark);
            }
        );
        return () =>
            Assert.False(
                read == 0 && seenByKicker == 0,
                $"the reader used the old data and the kick, which saw {active} active, saw nothing of it"
            );
    }

    public static Action? Broadcasts(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        SimCell data = new("data", 0),
            flag = new("flag", 0);
        Slot slot = null!;
        long read = 0,
            seen = 1;
        simulation.Add(
            () =>
            {
                slot = domain.Register();
                ReadSide<SimulatedMemory>.EnterActive(slot, out _);
            },
            () =>
            {
                SimulatedMemory.StoreRelaxed(flag, 1);
                read = SimulatedMemory.LoadRelaxed(data);
                ReadSide<SimulatedMemory>.ExitActive(slot, 1, 0, left: true);
            }
        );
        simulation.Add(
            null,
            () =>
            {
                SimulatedMemory.StoreRelaxed(data, 1);
                domain.Core.Kicks.Kick();
                seen = SimulatedMemory.LoadRelaxed(flag);
            }
        );
        return () => Assert.False(read == 0 && seen == 0, "a plain flag in an active region was missed by the kick");
    }

    /// <summary>A thread that died in its scope: the kick after its death interrupts nobody.</summary>
    public static Action? AfterADeath(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        SimCell dead = new("dead", 0);
        Slot slot = null!;
        List<int> active = [];
        simulation.Add(
            () => slot = domain.Register(),
            () =>
            {
                ReadSide<SimulatedMemory>.EnterRead(slot, out _);
                SimulatedMemory.StoreRelease(dead, 1);
            }
        );
        simulation.Add(
            null,
            () =>
            {
                SimDomain.Until(() =>
                    SimulatedMemory.LoadAcquire(dead) == 1 && !SimulatedMemory.IsAlive(simulation.ThreadOf(0))
                );
                active.Add(domain.Core.Kicks.Kick());
            }
        );
        return () => Assert.Equal([0], active);
    }

    /// <summary>The kicker's own scope is none of its kick's business.</summary>
    public static Action? FromInsideAScope(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Slot slot = null!;
        var active = 0;
        simulation.Add(
            () => slot = domain.Register(),
            () => SimDomain.Read(slot, () => active = domain.Core.Kicks.Kick())
        );
        return () => Assert.Equal(0, active);
    }
}
