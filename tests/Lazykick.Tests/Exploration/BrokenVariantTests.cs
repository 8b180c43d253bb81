using Lazykick.Memory;
using Lazykick.Tests.Exploration.Scenarios;

namespace Lazykick.Tests.Exploration;

/// <summary>
/// The negative controls: the exploration finds the bug when one ordering of the shipping code is taken away, so
/// "holds" means something. Each entry says on which memory it shows.
/// </summary>
public class BrokenVariantTests
{
    [Theory]
    [InlineData("LeaveEqsByPlainStore", "a read scope against a grace period", true)]
    [InlineData("LeaveEqsByPlainStore", "a read scope against a grace period", false)]
    [InlineData("LeaveEqsByPlainStore", "a quiescent scope inside an active region", true)]
    [InlineData("LeaveEqsByPlainStore", "a kick against leaving EQS", true)]
    [InlineData("LeaveEqsByPlainStore", "a thread that registers while a grace period begins", true)]
    [InlineData("LeaveEqsByPlainStore", "a callback against a reader, and a barrier", false)]
    [InlineData("KickWithoutBarrier", "a kick against leaving EQS", true)]
    [InlineData("KickWithoutBarrier", "a kick against leaving EQS", false)]
    [InlineData("NoBroadcast", "a kick against an active thread", true)]
    [InlineData("NoBroadcast", "a kick against an active thread", false)]
    [InlineData("EnterEqsRelaxed", "a read scope against a grace period", false)]
    [InlineData("EnterEqsRelaxed", "an active region with quiescent states against a grace period", false)]
    [InlineData("EnterEqsRelaxed", "what a reader wrote is seen after the grace period", false)]
    [InlineData("ScanRelaxed", "what a reader wrote is seen after the grace period", false)]
    [InlineData("SeenRelaxed", "an active region with quiescent states against a grace period", false)]
    [InlineData("BeginWithoutBarrier", "a read scope against a grace period", false)]
    [InlineData("CountRelaxed", "the table grows during a scan", false)]
    [InlineData("FilledRelaxed", "an exchange against a reader", false)]
    [InlineData("ControlRelaxed", "a map's entry is replaced under a reader", false)]
    [InlineData("ControlRelaxed", "a map's entry moves on under a reader", false)]
    [InlineData("NoLocks", "two retirers and the end of the queue", true)]
    [InlineData("NoPulse", "a callback against a reader, and a barrier", true)]
    [InlineData("ReapTheLiving", "a thread dies in its scope", true)]
    public void Is_caught(string mutation, string scenario, bool tso)
    {
        var outcome = Explorer.Explore(
            ProtocolScenarios.Get(scenario),
            tso,
            Enum.Parse<Mutation>(mutation),
            ProtocolScenarios.Bound(scenario),
            limit: 200_000
        );
        Assert.True(outcome.Failure is not null, $"not caught in {outcome.Executions} executions");
        Assert.Contains("path ", outcome.Failure, StringComparison.Ordinal);
    }

    /// <summary>
    /// Not every ordering is needed: the release of the count already covers the table that was published before it.
    /// </summary>
    [Fact]
    public void The_release_of_the_table_is_redundant()
    {
        const string Scenario = "the table grows during a scan";
        var outcome = Explorer.Explore(
            ProtocolScenarios.Get(Scenario),
            tso: false,
            Mutation.TableRelaxed,
            ProtocolScenarios.Bound(Scenario)
        );
        Assert.True(outcome.IsComplete, outcome.Failure);
    }

    [Fact]
    public void A_failure_replays_from_its_path()
    {
        var scenario = ProtocolScenarios.Get("a read scope against a grace period");
        var first = Explorer.Explore(scenario, tso: true, Mutation.LeaveEqsByPlainStore);
        var second = Explorer.Explore(scenario, tso: true, Mutation.LeaveEqsByPlainStore);
        Assert.Equal(first.Executions, second.Executions);
        Assert.Equal(LastLine(first), LastLine(second));

        static string LastLine(Outcome outcome) => outcome.Failure!.Split('\n')[^1];
    }

    /// <summary>A kick that looks at the slots before its barrier.</summary>
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    public void A_snapshot_before_the_kick_is_caught(bool before, bool tso, bool expected)
    {
        var outcome = Explorer.Explore(
            simulation =>
            {
                SimCell slot = new("slot", 0),
                    data = new("data", 0);
                long read = 1;
                var skipped = false;
                simulation.Add(
                    null,
                    () =>
                    {
                        SimulatedMemory.ExchangeFull(slot, 1);
                        read = SimulatedMemory.LoadRelaxed(data);
                    }
                );
                simulation.Add(
                    null,
                    () =>
                    {
                        var state = before ? SimulatedMemory.LoadAcquire(slot) : 0;
                        SimulatedMemory.StoreRelaxed(data, 1);
                        SimulatedMemory.OwnFence();
                        skipped = (before ? state : SimulatedMemory.LoadAcquire(slot)) == 0;
                    }
                );
                return () => Assert.False(skipped && read == 0);
            },
            tso
        );
        Assert.Equal(expected, outcome.Failure is not null);
    }

    /// <summary>
    /// Interrupting only the CPU that a thread's own record names: the record of a migration may sit behind the very
    /// store buffer that the interrupt was to drain.
    /// </summary>
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    public void Targeting_by_another_threads_cpu_number_is_caught(bool targeted, bool tso, bool expected)
    {
        var outcome = Explorer.Explore(
            simulation =>
            {
                SimCell cpu = new("cpu_id", 0),
                    flag = new("flag", 0),
                    data = new("data", 0);
                long read = 1,
                    seen = 1;
                simulation.Add(
                    null,
                    () =>
                    {
                        // The kernel's context switch, with its barrier, lies before; its return to user space drains
                        // nothing.
                        SimulatedMemory.OwnFence();
                        SimulatedMemory.StoreRelaxed(cpu, 1);
                        SimulatedMemory.StoreRelaxed(flag, 1);
                        read = SimulatedMemory.LoadRelaxed(data);
                    }
                );
                simulation.Add(
                    null,
                    () =>
                    {
                        SimulatedMemory.StoreRelaxed(data, 1);
                        SimulatedMemory.OwnFence();

                        // On CPU 0 runs somebody else by now: interrupting it does nothing for the reader.
                        if (!targeted || SimulatedMemory.LoadAcquire(cpu) == 1)
                            SimulatedMemory.ProcessWideFence();
                        seen = SimulatedMemory.LoadAcquire(flag);
                    }
                );
                return () => Assert.False(read == 0 && seen == 0);
            },
            tso
        );
        Assert.Equal(expected, outcome.Failure is not null);
    }

    [Fact]
    public void A_simulated_wait_ends_only_by_news()
    {
        var outcome = Explorer.Explore(
            simulation =>
            {
                SimCell never = new("never", 0);
                simulation.Add(
                    null,
                    () =>
                    {
                        PauseState pause = default;
                        while (SimulatedMemory.LoadAcquire(never) == 0)
                            SimulatedMemory.Pause(ref pause, CancellationToken.None);
                    }
                );
                return null;
            },
            tso: false
        );
        Assert.StartsWith("System.InvalidOperationException: Deadlock", outcome.Failure, StringComparison.Ordinal);
    }
}
