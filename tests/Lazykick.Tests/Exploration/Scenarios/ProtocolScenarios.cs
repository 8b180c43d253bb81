using System.Text.RegularExpressions;
using Lazykick.Tests.Support;

namespace Lazykick.Tests.Exploration.Scenarios;

/// <summary>The core of each operation, small enough for all interleavings, or for all with few preemptions.</summary>
internal static class ProtocolScenarios
{
    /// <summary>All interleavings.</summary>
    private static readonly Dictionary<string, Scenario> Whole = new()
    {
        ["a read scope against a grace period"] = ReadScenarios.ReadScope,
        ["an active region with quiescent states against a grace period"] = ReadScenarios.QuiescentStates,
        ["a quiescent scope inside an active region"] = ReadScenarios.QuiescentScope,
        ["a nested read scope"] = ReadScenarios.NestedRead,
        ["a read scope inside an active region"] = ReadScenarios.ReadInsideActive,
        ["what a reader wrote is seen after the grace period"] = ReadScenarios.ReaderWrites,
        ["a kick against leaving EQS"] = KickScenarios.Skips,
        ["a kick against an active thread"] = KickScenarios.Broadcasts,
        ["a kick from inside a scope"] = KickScenarios.FromInsideAScope,
        ["a map's entry is replaced under a reader"] = MapScenarios.UpdateInPlace,
        ["a map's entry moves on under a reader"] = MapScenarios.UpdateMovesOn,
        ["a map's entry moves further on under a reader"] = MapScenarios.UpdateMovesFurtherOn,
        ["two threads register"] = RegistryScenarios.TwoRegister,
        ["a thread dies in its scope"] = RegistryScenarios.Death,
    };

    /// <summary>Those with as many preemptions as <see cref="Bound"/> says.</summary>
    private static readonly Dictionary<string, Scenario> Bounded = new()
    {
        ["two grace periods"] = ReadScenarios.TwoGracePeriods,
        ["two grace periods against quiescent states"] = ReadScenarios.TwoGracePeriodsAgainstQuiescentStates,
        ["a quiescent state in EQS"] = ReadScenarios.QuiescentStateInEqs,
        ["a poll against two readers"] = ReadScenarios.Poll,
        ["a task for a grace period"] = ReadScenarios.SynchronizeAsync,
        ["a task for a grace period against two readers"] = ReadScenarios.SynchronizeAsyncAgainstTwoReaders,
        ["two tasks for a grace period one after the other"] = ReadScenarios.TwoTasksOneAfterTheOther,
        ["a kick after a death"] = KickScenarios.AfterADeath,
        ["a thread that registers while a grace period begins"] = RegistryScenarios.LateRegistration,
        ["a slot that is used again"] = RegistryScenarios.SlotReuse,
        ["the table grows during a scan"] = RegistryScenarios.TableGrows,
        ["the table shrinks during a scan"] = RegistryScenarios.TableShrinks,
        ["a callback against a reader, and a barrier"] = RetireScenarios.Barrier,
        ["an exchange against a reader"] = RetireScenarios.Exchange,
        ["a task for a barrier"] = RetireScenarios.AsyncBarrier,
        ["a callback that retires again"] = RetireScenarios.InCallback,
        ["two retirers and the end of the queue"] = RetireScenarios.TwoRetirers,
        ["what is retired as figures"] = RetireScenarios.Figures,
        ["retiring without a waiter"] = RetireScenarios.WithoutAWaiter,
        ["two retirers without a waiter"] = RetireScenarios.TwoWithoutAWaiter,
        ["a map's entry comes and goes under a reader"] = MapScenarios.ComesAndGoes,
        ["a map's place is used again"] = MapScenarios.PlaceIsUsedAgain,
        ["a map's entry moves back under a reader"] = MapScenarios.MovesBack,
        ["a map's entry moves back and on under a reader"] = MapScenarios.MovesBackAndOn,
        ["a map's entry is removed while it moves back"] = MapScenarios.RemovedWhileItMovesBack,
        ["Dispose against a reader"] = DisposeScenarios.AgainstAReader,
        ["Dispose against a registration"] = DisposeScenarios.AgainstARegistration,
        ["Dispose against an active loop"] = DisposeScenarios.AgainstAnActiveLoop,
        ["Dispose against a quiescent scope"] = DisposeScenarios.AgainstAQuiescentScope,
        ["Dispose with a callback that reads"] = DisposeScenarios.CallbackReads,
        ["Dispose against a retirer"] = DisposeScenarios.AgainstARetirer,
    };

    /// <summary>Those of many steps, of which a random sample is looked at.</summary>
    private static readonly Dictionary<string, Scenario> Long = new()
    {
        ["the table grows under a reader"] = RegistryScenarios.TableGrowsUnderAReader,
        ["the table shrinks under a reader"] = RegistryScenarios.TableShrinksUnderAReader,
        ["a writer at the limit"] = RetireScenarios.Limit,
        ["retiring above the limit with a lock that a reader takes"] = RetireScenarios.UnderAReadersLock,
        ["retiring where pieces of the queue are used again"] = RetireScenarios.PiecesAreUsedAgain,
        ["Dispose with callbacks that retire"] = DisposeScenarios.RunsChains,
    };

    /// <summary>All of them, or those that LAZYKICK_SCENARIOS, a regular expression, names.</summary>
    public static IEnumerable<string> Names =>
        Whole
            .Keys.Concat(Bounded.Keys)
            .Concat(Long.Keys)
            .Where(static name =>
                Regex.IsMatch(
                    name,
                    Environment.GetEnvironmentVariable("LAZYKICK_SCENARIOS") ?? "",
                    RegexOptions.None,
                    TimeSpan.FromSeconds(1)
                )
            );

    public static Scenario Get(string name) =>
        Whole.TryGetValue(name, out var scenario) || Bounded.TryGetValue(name, out scenario) ? scenario : Long[name];

    /// <summary>Whether a random sample is all that there is time for.</summary>
    public static bool IsSampled(string name, bool tso) => Long.ContainsKey(name) || (tso && Bounded.ContainsKey(name));

    /// <summary>How many preemptions are explored; null for all.</summary>
    public static int? Bound(string name) =>
        Whole.ContainsKey(name) ? null
        : LongMode.IsOn ? 3
        : 2;
}
