using Lazykick.Core;

namespace Lazykick.Tests.Exploration.Scenarios;

/// <summary>Readers against grace periods that somebody waits for.</summary>
internal static class ReadScenarios
{
    public static Action? ReadScope(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(() => slot = domain.Register(), () => SimDomain.Read(slot, versions.Read));
        simulation.Add(null, () => versions.Replace(domain));
        return versions.Check;
    }

    /// <summary>
    /// A state announced for a grace period that has not begun yet lets the second one pass under a reader.
    /// </summary>
    public static Action? TwoGracePeriods(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(3);
        Slot slot = null!;
        simulation.Add(
            () => slot = domain.Register(),
            () =>
                SimDomain.Read(
                    slot,
                    () =>
                    {
                        var version = versions.Find();
                        versions.Use(version);
                        versions.Use(version);
                    }
                )
        );
        simulation.Add(
            null,
            () =>
            {
                versions.Replace(domain, 1);
                versions.Replace(domain, 2);
            }
        );
        return versions.Check;
    }

    public static Action? TwoGracePeriodsAgainstQuiescentStates(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(3);
        Slot slot = null!;
        simulation.Add(
            () => EnterActive(slot = domain.Register()),
            () =>
            {
                versions.Read();
                ReadSide<SimulatedMemory>.QuiescentState(slot);
                var version = versions.Find();
                versions.Use(version);
                ReadSide<SimulatedMemory>.ExitActive(slot, 1, 0, left: true);
            }
        );
        simulation.Add(
            null,
            () =>
            {
                versions.Replace(domain, 1);
                versions.Replace(domain, 2);
            }
        );
        return versions.Check;
    }

    public static Action? QuiescentStates(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(
            () => EnterActive(slot = domain.Register()),
            () =>
            {
                versions.Read();
                ReadSide<SimulatedMemory>.QuiescentState(slot);
                versions.Read();
                ReadSide<SimulatedMemory>.ExitActive(slot, 1, 0, left: true);
            }
        );
        simulation.Add(null, () => versions.Replace(domain));
        return versions.Check;
    }

    public static Action? QuiescentScope(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(
            () => EnterActive(slot = domain.Register()),
            () =>
            {
                versions.Read();
                var entered = ReadSide<SimulatedMemory>.EnterQuiescent(slot, out var outer);
                ReadSide<SimulatedMemory>.ExitQuiescent(slot, slot.Innermost, outer, entered);
                versions.Read();
                ReadSide<SimulatedMemory>.ExitActive(slot, 1, 0, left: true);
            }
        );
        simulation.Add(null, () => versions.Replace(domain));
        return versions.Check;
    }

    /// <summary>
    /// Announcing inside a quiescent scope must not take the thread out of EQS, or the wait would never end.
    /// </summary>
    public static Action? QuiescentStateInEqs(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(3);
        Slot slot = null!;
        simulation.Add(
            () => slot = domain.Register(),
            () =>
            {
                SimDomain.Read(slot, versions.Read);
                ReadSide<SimulatedMemory>.QuiescentState(slot);
            }
        );
        simulation.Add(
            null,
            () =>
            {
                versions.Replace(domain, 1);
                versions.Replace(domain, 2);
            }
        );
        return versions.Check;
    }

    public static Action? NestedRead(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(
            () => slot = domain.Register(),
            () =>
                SimDomain.Read(
                    slot,
                    () =>
                    {
                        SimDomain.Read(slot, versions.Read);
                        versions.Read();
                    }
                )
        );
        simulation.Add(null, () => versions.Replace(domain));
        return versions.Check;
    }

    /// <summary>A read scope inside an active region is the region's reading, and leaves it active.</summary>
    public static Action? ReadInsideActive(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        simulation.Add(
            () => EnterActive(slot = domain.Register()),
            () =>
            {
                var version = versions.Find();
                SimDomain.Read(slot, versions.Read);
                versions.Use(version);
                ReadSide<SimulatedMemory>.ExitActive(slot, 1, 0, left: true);
            }
        );
        simulation.Add(null, () => versions.Replace(domain));
        return versions.Check;
    }

    public static Action? ReaderWrites(Simulation simulation)
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
                SimDomain.Read(
                    slot,
                    () =>
                    {
                        found = SimulatedMemory.LoadAcquire(pointer);
                        SimulatedMemory.StoreRelaxed(used, 1);
                    }
                )
        );
        simulation.Add(
            null,
            () =>
            {
                SimulatedMemory.StoreRelease(pointer, 1);
                domain.Synchronize();
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

    /// <summary>A writer that begins a grace period, does something else, and looks now and then.</summary>
    public static Action? Poll(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot one = null!,
            two = null!;
        simulation.Add(() => one = domain.Register(), () => SimDomain.Read(one, versions.Read));
        simulation.Add(() => two = domain.Register(), () => SimDomain.Read(two, versions.Read));
        simulation.Add(
            null,
            () =>
            {
                versions.Publish(1);
                var cookie = domain.Core.GracePeriods.Begin();
                SimDomain.Until(() => domain.Core.GracePeriods.HasElapsed(cookie));
                versions.Free(0);
            }
        );
        return versions.Check;
    }

    public static Action? SynchronizeAsync(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot slot = null!;
        Task? task = null;
        simulation.Add(() => slot = domain.Register(), () => SimDomain.Read(slot, versions.Read));
        simulation.Add(null, () => task = ReplaceAsync(domain, versions));
        return () =>
        {
            versions.Check();
            Assert.True(task!.IsCompletedSuccessfully);
        };
    }

    public static Action? SynchronizeAsyncAgainstTwoReaders(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        Versions versions = new(2);
        Slot one = null!,
            two = null!;
        Task? task = null;
        simulation.Add(() => one = domain.Register(), () => SimDomain.Read(one, versions.Read));
        simulation.Add(() => two = domain.Register(), () => SimDomain.Read(two, versions.Read));
        simulation.Add(null, () => task = ReplaceAsync(domain, versions));
        return () =>
        {
            versions.Check();
            Assert.True(task!.IsCompletedSuccessfully);
        };
    }

    private static Task ReplaceAsync(SimDomain domain, Versions versions)
    {
        versions.Publish(1);
        var task = domain.Core.SynchronizeAsync();

        // A program's continuation runs somewhere else; here the last step of whoever completes the task stands for it.
        if (task.IsCompleted)
        {
            versions.Free(0);
        }

        return task;
    }

    private static void EnterActive(Slot slot) => ReadSide<SimulatedMemory>.EnterActive(slot, out _);

    /// <summary>A task that comes when the thread that serves them is about to end for want of any.</summary>
    public static Action? TwoTasksOneAfterTheOther(Simulation simulation)
    {
        SimDomain domain = new(simulation);
        List<Task> tasks = [];
        simulation.Add(
            null,
            () =>
            {
                tasks.Add(domain.Core.Waiters.Add());
                tasks.Add(domain.Core.Waiters.Add());
            }
        );
        return () => Assert.All(tasks, static task => Assert.True(task.IsCompleted, "nobody serves the task"));
    }
}
