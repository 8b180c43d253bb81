using Lazykick.Core;

namespace Lazykick.Tests.Exploration.Scenarios;

/// <summary>The end of a domain, against readers and callbacks that do not know of it yet.</summary>
internal static class DisposeScenarios
{
    /// <summary>After Dispose the last version is freed without a grace period: nobody reads any more.</summary>
    public static Action? AgainstAReader(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(1);
        Slot slot = null!;
        simulation.Add(
            () => slot = domain.Register(),
            () =>
                UntilRefused(() =>
                {
                    SimDomain.Read(slot, versions.Read);
                    SimDomain.Read(slot, versions.Read);
                })
        );
        simulation.Add(null, () => DisposeAndFree(domain, versions));
        return () =>
        {
            versions.Check();
            Assert.Equal(
                Slot.Eqs,
                slot.Announced == 0 ? Slot.Eqs
                    : slot.Watching ? 1
                    : 0
            );
        };
    }

    /// <summary>A thread that registers while the domain ends.</summary>
    public static Action? AgainstARegistration(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(1);
        simulation.Add(null, () => UntilRefused(() => SimDomain.Read(domain.Register(), versions.Read)));
        simulation.Add(null, () => DisposeAndFree(domain, versions));
        return versions.Check;
    }

    /// <summary>
    /// A loop in an active region learns of the end where it announces, and is waited for until it has left.
    /// </summary>
    public static Action? AgainstAnActiveLoop(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(1);
        Slot slot = null!;
        var refused = false;
        simulation.Add(
            () =>
            {
                slot = domain.Register();
                ReadSide<SimulatedMemory>.EnterActive(slot, out _);
            },
            () =>
            {
                SimDomain.Until(() =>
                {
                    versions.Read();
                    refused = UntilRefused(() => ReadSide<SimulatedMemory>.QuiescentState(slot));
                    return refused;
                });
                versions.Read();
                ReadSide<SimulatedMemory>.ExitActive(slot, 1, 0, left: true);
            }
        );
        simulation.Add(null, () => DisposeAndFree(domain, versions));
        return () =>
        {
            versions.Check();
            Assert.True(refused);
        };
    }

    /// <summary>A thread that comes back from a quiescent scope while the domain ends.</summary>
    public static Action? AgainstAQuiescentScope(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(1);
        Slot slot = null!;
        simulation.Add(
            () =>
            {
                slot = domain.Register();
                ReadSide<SimulatedMemory>.EnterActive(slot, out _);
            },
            () =>
            {
                var entered = ReadSide<SimulatedMemory>.EnterQuiescent(slot, out var outer);
                if (!UntilRefused(() => ReadSide<SimulatedMemory>.ExitQuiescent(slot, slot.Innermost, outer, entered)))
                {
                    versions.Read();
                }

                ReadSide<SimulatedMemory>.ExitActive(slot, 1, 0, left: true);
            }
        );
        simulation.Add(null, () => DisposeAndFree(domain, versions));
        return versions.Check;
    }

    /// <summary>
    /// What was retired before, and what its callback retires during Dispose, has run when Dispose returns.
    /// </summary>
    public static Action? RunsChains(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(3);
        Slot slot = null!;
        simulation.Add(() => slot = domain.Register(), () => UntilRefused(() => SimDomain.Read(slot, versions.Read)));
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
                            RetireScenarios.Retire(domain, versions, 1);
                        },
                        0
                    )
                );
                domain.Dispose();
                Assert.Equal(2, versions.Freed);
            }
        );
        return () => versions.CheckRetired(domain, 2);
    }

    /// <summary>A callback may register, read and synchronise while Dispose waits for it.</summary>
    public static Action? CallbackReads(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(1);
        var read = false;
        simulation.Add(
            null,
            () =>
            {
                domain.Core.Retired.Add(
                    RetiredItem.Call(
                        0,
                        _ =>
                        {
                            SimDomain.Read(domain.Register(), versions.Read);
                            domain.Synchronize();
                            read = true;
                        },
                        0
                    )
                );
                DisposeAndFree(domain, versions);
            }
        );
        return () =>
        {
            versions.Check();
            Assert.Empty(domain.CallbackFailures);
            Assert.True(read);
        };
    }

    /// <summary>
    /// A retirer beside Dispose: either the domain runs the callback, or the retirer keeps the resource.
    /// </summary>
    public static Action? AgainstARetirer(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        int ran = 0,
            refused = 0;
        simulation.Add(
            null,
            () => refused += UntilRefused(() => domain.Core.Retired.Add(RetiredItem.Call(0, _ => ran++, 0))) ? 1 : 0
        );
        simulation.Add(
            null,
            () =>
            {
                domain.Dispose();
                Assert.Equal(0, domain.Core.Retired.Pending);
            }
        );
        return () => Assert.Equal((1, 0L), (ran + refused, domain.Core.Retired.Pending));
    }

    private static void DisposeAndFree(SimDomain domain, Versions versions)
    {
        domain.Dispose();
        versions.Free(0);
    }

    private static bool UntilRefused(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }
}
