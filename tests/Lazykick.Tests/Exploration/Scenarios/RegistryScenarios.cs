using Lazykick.Core;

namespace Lazykick.Tests.Exploration.Scenarios;

/// <summary>Slots that come, go and are used again while somebody scans them.</summary>
internal static class RegistryScenarios
{
    public static Action? LateRegistration(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        simulation.Add(null, () => SimDomain.Read(domain.Register(), versions.Read));
        simulation.Add(null, () => versions.Replace(domain));
        return versions.Check;
    }

    public static Action? SlotReuse(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(
            () => slot = domain.Register(),
            () =>
            {
                SimDomain.Read(slot, versions.Read);
                domain.Core.Unregister(slot, slot.Registration!);
            }
        );
        simulation.Add(null, () => SimDomain.Read(domain.Register(), versions.Read));
        simulation.Add(null, () => versions.Replace(domain));
        return versions.Check;
    }

    /// <summary>Two threads that register at the same time get two slots, and a scan finds both.</summary>
    public static Action? TwoRegister(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Slot? one = null,
            two = null;
        simulation.Add(null, () => one = RegisterAndLook());
        simulation.Add(null, () => two = RegisterAndLook());
        return () => Assert.NotSame(one, two);

        Slot RegisterAndLook()
        {
            var mine = domain.Register();
            var found = 0;
            foreach (var slot in domain.Core.Registry.Scan())
            {
                found += ReferenceEquals(slot, mine) ? 1 : 0;
            }

            Assert.Equal(1, found);
            return mine;
        }
    }

    public static Action? TableGrows(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        simulation.Add(
            () =>
            {
                for (var i = 0; i < 8; i++)
                {
                    domain.Register();
                }
            },
            () => SimDomain.Read(domain.Register(), versions.Read)
        );
        simulation.Add(null, () => versions.Replace(domain));
        return versions.Check;
    }

    /// <summary>A reader that is there already, while another thread's registration copies the table.</summary>
    public static Action? TableGrowsUnderAReader(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(
            () =>
            {
                slot = domain.Register();
                for (var i = 1; i < 8; i++)
                {
                    domain.Register();
                }
            },
            () => SimDomain.Read(slot, versions.Read)
        );
        simulation.Add(null, () => domain.Register());
        simulation.Add(null, () => versions.Replace(domain));
        return versions.Check;
    }

    /// <summary>A reader that stays, while another thread's leaving copies the table.</summary>
    public static Action? TableShrinksUnderAReader(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        List<Slot> slots = [];
        simulation.Add(
            () =>
            {
                for (var i = 0; i < 9; i++)
                {
                    slots.Add(domain.Register());
                }

                for (var i = 0; i < 4; i++)
                {
                    Unregister(domain, slots[i]);
                }
            },
            () => SimDomain.Read(slots[8], versions.Read)
        );
        simulation.Add(null, () => Unregister(domain, slots[4]));
        simulation.Add(null, () => versions.Replace(domain));
        return versions.Check;
    }

    /// <summary>Of many slots a few stay: the table is copied, and what is left out is never used again.</summary>
    public static Action? TableShrinks(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        List<Slot> slots = [];
        simulation.Add(
            () =>
            {
                for (var i = 0; i < 9; i++)
                {
                    slots.Add(domain.Register());
                }

                for (var i = 0; i < 4; i++)
                {
                    Unregister(domain, slots[i]);
                }
            },
            () =>
            {
                Unregister(domain, slots[4]);
                SimDomain.Read(domain.Register(), versions.Read);
            }
        );
        simulation.Add(null, () => versions.Replace(domain));
        return versions.Check;
    }

    public static Action? Death(Simulation simulation)
    {
        simulation.LongWaits = true;
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(
            () => slot = domain.Register(),
            () =>
            {
                ReadSide<SimulatedMemory>.EnterRead(slot, out _);
                versions.Read();
            }
        );
        simulation.Add(null, () => versions.Replace(domain));
        return () =>
        {
            versions.Check();
            Assert.False(
                domain.Reaps > 0 && (slot.Watching || slot.Innermost != 0),
                "a reaped slot still counts as active"
            );
        };
    }

    private static void Unregister(SimDomain domain, Slot slot) => domain.Core.Unregister(slot, slot.Registration!);
}
