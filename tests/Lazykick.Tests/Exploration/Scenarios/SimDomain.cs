using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick.Tests.Exploration.Scenarios;

/// <summary>A domain of the simulated machine.</summary>
internal sealed class SimDomain : IDomainEvents, IThreadStarter
{
    private readonly Simulation _simulation;

    /// <param name="simulation">The execution.</param>
    /// <param name="maxPending">As in the options.</param>
    /// <param name="chunkCapacity">Small, so that a queue of few items has many pieces.</param>
    public SimDomain(Simulation simulation, int maxPending = 100, int chunkCapacity = 2)
    {
        _simulation = simulation;
        Core = new DomainCore<SimulatedMemory>(
            new DomainSettings
            {
                MaxPending = maxPending,
                MaxPendingBytes = long.MaxValue,
                ChunkCapacity = chunkCapacity,
            },
            this,
            this
        );
        simulation.HasWork = () => Core.Retired.Pending > 0;
    }

    public DomainCore<SimulatedMemory> Core { get; }

    public List<Exception> CallbackFailures { get; } = [];

    public int Reaps { get; private set; }

    public Slot Register() => Core.Register(Thread.CurrentThread, "scenario", "scenario.cs", 1);

    /// <summary>A whole read scope.</summary>
    public static void Read(Slot slot, Action body)
    {
        var left = ReadSide<SimulatedMemory>.EnterRead(slot, out var outer);
        var ticket = slot.Innermost;
        body();
        ReadSide<SimulatedMemory>.ExitRead(slot, ticket, outer, left);
    }

    /// <summary>Waits for a grace period without a limit.</summary>
    public void Synchronize() => Assert.True(Core.Synchronize(WaitLimit.Until(CancellationToken.None)));

    /// <summary>As the public Dispose does it.</summary>
    public void Dispose()
    {
        Core.BeginClose();
        Assert.True(Core.FinishClose(WaitLimit.Until(CancellationToken.None)));
    }

    /// <summary>Polls as a program would: with something else to do in between.</summary>
    public static void Until(Func<bool> condition)
    {
        PauseState pause = default;
        while (!condition())
        {
            SimulatedMemory.Pause(ref pause, CancellationToken.None);
        }
    }

    public void StartReclaimer(Action body) => _simulation.Spawn(body);

    public void StartWaiter(Action body) => _simulation.Spawn(body);

    public void Reaped(Registration registration, bool wasActive) => Reaps++;

    public void GracePeriodStalled(long gracePeriod, TimeSpan waited, IReadOnlyList<Blocker> blockers) { }

    public void DisposalStalled(TimeSpan waited, IReadOnlyList<Blocker> blockers) { }

    public void CallbackStalled(TimeSpan waited, string callback) { }

    public void WriterStalled(TimeSpan waited, IReadOnlyList<Blocker> blockers, string? callback) { }

    public void PressureBegan(long pending, long pendingBytes) { }

    public void CallbackFailed(Exception exception) => CallbackFailures.Add(exception);

    public void GracePeriodEnded(long began) { }
}
