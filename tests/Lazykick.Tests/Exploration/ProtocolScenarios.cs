using Lazykick.Core;
using Lazykick.Memory;
using Lazykick.Tests.Support;

namespace Lazykick.Tests.Exploration;

/// <summary>A domain of the simulated machine.</summary>
internal sealed class SimDomain : IDomainEvents
{
    public SimDomain(Simulation simulation, int maxPending = 100)
    {
        Core = new DomainCore<SimulatedMemory>(
            new RcuDomainOptions { MaxPending = maxPending, StallTimeout = TimeSpan.Zero },
            this,
            () => simulation.Spawn(() => Core!.Retired.Reclaim())
        );
    }

    public DomainCore<SimulatedMemory> Core { get; }

    public Cell GracePeriod => Core.GracePeriods.Number;

    public List<Exception> CallbackFailures { get; } = [];

    public int Reaps { get; private set; }

    public Slot Register() => Core.Registry.Add(new Registration(Thread.CurrentThread, "scenario", "scenario.cs", 1));

    public void Reaped(Registration registration, bool wasActive) => Reaps++;

    public void Stalled(long gracePeriod, TimeSpan waited, IReadOnlyList<Registration> blockers) { }

    public void CallbackFailed(Exception exception) => CallbackFailures.Add(exception);

    public void GracePeriodEnded(long began) { }
}

/// <summary>
/// Protected data: a pointer to the current version, and the versions, which are poisoned where a program would free
/// them.
/// </summary>
internal sealed class Versions(int count)
{
    public const long Poison = -1;

    private readonly List<LateRead> _reads = [];
    private readonly SimCell[] _data = [.. Enumerable.Range(0, count).Select(i => new SimCell($"data{i}", i + 1))];

    public int Freed { get; private set; }

    public SimCell Pointer { get; } = new("pointer", 0);

    /// <summary>A read as in a program: the pointer, then through it.</summary>
    public void Read()
    {
        var current = SimulatedMemory.LoadAcquire(Pointer);
        var read = SimulatedMemory.LoadLate(_data[current]);
        lock (_reads)
            _reads.Add(read);
    }

    /// <summary>Lets no new reader find the old version.</summary>
    public void Publish(int version) => SimulatedMemory.StoreRelease(Pointer, version);

    /// <summary>What a program would do by freeing: somebody else's data is there.</summary>
    public void Free(int version)
    {
        SimulatedMemory.StoreRelaxed(_data[version], Poison);
        Freed++;
    }

    public void Check() => Assert.All(_reads, read => Assert.NotEqual(Poison, read.Value));
}

/// <summary>The core of each operation, small enough for all interleavings.</summary>
internal static class ProtocolScenarios
{
    private static readonly Dictionary<string, Scenario> All = new()
    {
        ["a read scope against a grace period"] = ReadScope,
        ["an active region with quiescent states against a grace period"] = QuiescentStates,
        ["a quiescent scope inside an active region"] = QuiescentScope,
        ["a nested read scope"] = NestedRead,
        ["what a reader wrote is seen after the grace period"] = ReaderWrites,
        ["a kick against leaving EQS"] = KickSkips,
        ["a kick against an active thread"] = KickBroadcasts,
        ["a thread that registers while a grace period begins"] = LateRegistration,
        ["a slot that is used again"] = SlotReuse,
        ["the table grows during a scan"] = TableGrows,
        ["a thread dies in its scope"] = Death,
        ["a callback against a reader, and a barrier"] = RetireAndBarrier,
        ["a callback that retires again"] = RetireInCallback,
        ["back-pressure"] = BackPressure,
        ["two retirers and the end of the queue"] = TwoRetirers,
        ["a task for a grace period"] = SynchronizeAsync,
    };

    public static IEnumerable<string> Names => All.Keys;

    public static Scenario Get(string name) => All[name];

    /// <summary>How many preemptions are explored: all where two threads are involved.</summary>
    public static int? Bound(string name) =>
        name switch
        {
            "the table grows during a scan" => LongMode.IsOn ? 4 : 2,
            "a slot that is used again"
            or "a callback against a reader, and a barrier"
            or "a callback that retires again"
            or "back-pressure"
            or "two retirers and the end of the queue"
            or "a task for a grace period" => LongMode.IsOn ? 3 : 2,
            _ => null,
        };

    private static Action? ReadScope(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(() => slot = domain.Register(), () => Read(domain, slot, versions));
        simulation.Add(null, () => Replace(domain, versions));
        return versions.Check;
    }

    private static Action? QuiescentStates(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(
            () =>
            {
                slot = domain.Register();
                ReadSide<SimulatedMemory>.EnterActive(slot, domain.GracePeriod);
            },
            () =>
            {
                versions.Read();
                ReadSide<SimulatedMemory>.QuiescentState(slot, domain.GracePeriod);
                versions.Read();
                ReadSide<SimulatedMemory>.ExitActive(slot, 1, left: true);
            }
        );
        simulation.Add(null, () => Replace(domain, versions));
        return versions.Check;
    }

    private static Action? QuiescentScope(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(
            () =>
            {
                slot = domain.Register();
                ReadSide<SimulatedMemory>.EnterActive(slot, domain.GracePeriod);
            },
            () =>
            {
                versions.Read();
                var entered = ReadSide<SimulatedMemory>.EnterQuiescent(slot);
                ReadSide<SimulatedMemory>.ExitQuiescent(slot, domain.GracePeriod, 2, entered);
                versions.Read();
                ReadSide<SimulatedMemory>.ExitActive(slot, 1, left: true);
            }
        );
        simulation.Add(null, () => Replace(domain, versions));
        return versions.Check;
    }

    private static Action? NestedRead(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(
            () => slot = domain.Register(),
            () =>
            {
                var outer = ReadSide<SimulatedMemory>.EnterRead(slot, domain.GracePeriod);
                var inner = ReadSide<SimulatedMemory>.EnterRead(slot, domain.GracePeriod);
                versions.Read();
                ReadSide<SimulatedMemory>.ExitRead(slot, 2, inner);
                versions.Read();
                ReadSide<SimulatedMemory>.ExitRead(slot, 1, outer);
            }
        );
        simulation.Add(null, () => Replace(domain, versions));
        return versions.Check;
    }

    private static Action? ReaderWrites(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        SimCell used = new("used", 0);
        SimCell pointer = new("pointer", 0);
        Slot slot = null!;
        long found = -1,
            wrote = 0;
        simulation.Add(
            () => slot = domain.Register(),
            () =>
            {
                var left = ReadSide<SimulatedMemory>.EnterRead(slot, domain.GracePeriod);
                found = SimulatedMemory.LoadAcquire(pointer);
                SimulatedMemory.StoreRelaxed(used, 1);
                ReadSide<SimulatedMemory>.ExitRead(slot, 1, left);
            }
        );
        simulation.Add(
            null,
            () =>
            {
                SimulatedMemory.StoreRelease(pointer, 1);
                domain.Core.Synchronize(CancellationToken.None);
                wrote = SimulatedMemory.LoadRelaxed(used);
            }
        );

        // A reader that found the old version is over, with all that it did, when the grace period is.
        return () =>
            Assert.False(
                found == 0 && wrote == 0,
                "the reader found the old version, and its write is missing after the grace period"
            );
    }

    private static Action? KickSkips(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        SimCell data = new("data", 0);
        Slot slot = null!;
        long read = 0,
            seenByKicker = 1;
        KickResult result = default;
        SimCell mark = new("mark", 0);
        simulation.Add(
            () => slot = domain.Register(),
            () =>
            {
                var left = ReadSide<SimulatedMemory>.EnterRead(slot, domain.GracePeriod);
                SimulatedMemory.StoreRelaxed(mark, 1);
                read = SimulatedMemory.LoadRelaxed(data);
                ReadSide<SimulatedMemory>.ExitRead(slot, 1, left);
            }
        );
        simulation.Add(
            null,
            () =>
            {
                SimulatedMemory.StoreRelaxed(data, 1);
                result = domain.Core.Kicks.Kick();
                seenByKicker = SimulatedMemory.LoadRelaxed(mark);
            }
        );
        return () =>
            Assert.False(
                read == 0 && seenByKicker == 0,
                $"the reader used the old data and the kick ({result.Kind}) saw nothing of it"
            );
    }

    private static Action? KickBroadcasts(Simulation simulation)
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
                ReadSide<SimulatedMemory>.EnterActive(slot, domain.GracePeriod);
            },
            () =>
            {
                SimulatedMemory.StoreRelaxed(flag, 1);
                read = SimulatedMemory.LoadRelaxed(data);
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

    private static Action? LateRegistration(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        simulation.Add(null, () => Read(domain, domain.Register(), versions));
        simulation.Add(null, () => Replace(domain, versions));
        return versions.Check;
    }

    private static Action? SlotReuse(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(
            () => slot = domain.Register(),
            () =>
            {
                Read(domain, slot, versions);
                domain.Core.Unregister(slot, slot.Registration!);
            }
        );
        simulation.Add(null, () => Read(domain, domain.Register(), versions));
        simulation.Add(null, () => Replace(domain, versions));
        return versions.Check;
    }

    private static Action? TableGrows(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        simulation.Add(
            () =>
            {
                for (var i = 0; i < 8; i++)
                    domain.Register();
            },
            () => Read(domain, domain.Register(), versions)
        );
        simulation.Add(null, () => Replace(domain, versions));
        return versions.Check;
    }

    private static Action? Death(Simulation simulation)
    {
        simulation.LongWaits = true;
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(
            () => slot = domain.Register(),
            () =>
            {
                ReadSide<SimulatedMemory>.EnterRead(slot, domain.GracePeriod);
                versions.Read();
            }
        );
        simulation.Add(null, () => Replace(domain, versions));
        return versions.Check;
    }

    private static Action? RetireAndBarrier(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        var freed = false;
        simulation.Add(() => slot = domain.Register(), () => Read(domain, slot, versions));
        simulation.Add(
            null,
            () =>
            {
                versions.Publish(1);
                domain.Core.Retired.Add(
                    RetiredItem.Call(
                        versions,
                        versions =>
                        {
                            versions.Free(0);
                            freed = true;
                        },
                        0
                    )
                );
                domain.Core.Barrier(CancellationToken.None);
                Assert.True(freed, "the barrier did not wait for a callback from before");
            }
        );
        return () => CheckRetired(domain, versions, 1);
    }

    private static Action? RetireInCallback(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(3);
        Slot slot = null!;
        simulation.Add(() => slot = domain.Register(), () => Read(domain, slot, versions));
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
                            domain.Core.Retired.Add(RetiredItem.Call(versions, static versions => versions.Free(1), 0));
                        },
                        0
                    )
                );
            }
        );
        return () => CheckRetired(domain, versions, 2);
    }

    private static Action? BackPressure(Simulation simulation)
    {
        SimDomain domain = new(simulation, maxPending: 1);
        Versions versions = new(4);
        Slot slot = null!;
        simulation.Add(() => slot = domain.Register(), () => Read(domain, slot, versions));
        simulation.Add(
            null,
            () =>
            {
                for (var version = 1; version < 4; version++)
                {
                    versions.Publish(version);
                    domain.Core.Retired.Add(
                        RetiredItem.Call((versions, version), static state => state.versions.Free(state.version - 1), 0)
                    );
                    Assert.InRange(domain.Core.Retired.Pending, 0, 1);
                }
            }
        );
        return () => CheckRetired(domain, versions, 3);
    }

    private static Action? TwoRetirers(Simulation simulation)
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

    private static Action? SynchronizeAsync(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        Task? task = null;
        simulation.Add(() => slot = domain.Register(), () => Read(domain, slot, versions));
        simulation.Add(
            null,
            () =>
            {
                versions.Publish(1);
                task = domain.Core.SynchronizeAsync();
                if (task.IsCompleted)
                    versions.Free(0);
            }
        );
        return () =>
        {
            versions.Check();
            Assert.True(task!.IsCompletedSuccessfully);
        };
    }

    private static void CheckRetired(SimDomain domain, Versions versions, int count)
    {
        versions.Check();
        Assert.Empty(domain.CallbackFailures);
        Assert.Equal((0, count), (domain.Core.Retired.Pending, versions.Freed));
    }

    private static void Read(SimDomain domain, Slot slot, Versions versions)
    {
        var left = ReadSide<SimulatedMemory>.EnterRead(slot, domain.GracePeriod);
        versions.Read();
        ReadSide<SimulatedMemory>.ExitRead(slot, 1, left);
    }

    private static void Replace(SimDomain domain, Versions versions)
    {
        versions.Publish(1);
        domain.Core.Synchronize(CancellationToken.None);
        versions.Free(0);
    }
}
