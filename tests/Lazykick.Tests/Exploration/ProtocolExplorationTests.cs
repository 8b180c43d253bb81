using Lazykick.Tests.Exploration.Scenarios;
using Lazykick.Tests.Support;

namespace Lazykick.Tests.Exploration;

/// <summary>The code that ships, in every interleaving, on x86-TSO and on weaker memory.</summary>
public class ProtocolExplorationTests(ITestOutputHelper output)
{
    public static TheoryData<string, bool> Scenarios
    {
        get
        {
            TheoryData<string, bool> data = [];
            foreach (var name in ProtocolScenarios.Names)
            {
                data.Add(name, true);
                data.Add(name, false);
            }

            return data;
        }
    }

    /// <summary>
    /// Every interleaving of two threads. Where there are more, every one with as many preemptions as
    /// <see cref="ProtocolScenarios.Bound"/> says on weak memory, which allows all that TSO does, and a random sample
    /// on TSO; where there are many steps, a random sample on both.
    /// </summary>
    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Holds_in_every_interleaving_within_the_bound(string name, bool tso)
    {
        var scenario = ProtocolScenarios.Get(name);
        var bound = ProtocolScenarios.Bound(name);
        var outcome = ProtocolScenarios.IsSampled(name, tso)
            ? Explorer.Sample(scenario, tso, seed: 1, LongMode.IsOn ? 100_000 : 1_000)
            : Explorer.Explore(scenario, tso, preemptions: bound);
        output.WriteLine(
            $"{outcome.Executions} executions, {outcome.Pruned} of them cut short because another one stands for them"
        );
        Assert.True(outcome.Failure is null, outcome.Failure);
        Assert.True(outcome.IsComplete || ProtocolScenarios.IsSampled(name, tso));
    }

    /// <summary>Sleep sets leave out executions, never verdicts: without them the same is found.</summary>
    [Theory]
    [InlineData("a read scope against a grace period", false)]
    [InlineData("a read scope against a grace period", true)]
    [InlineData("a kick against an active thread", true)]
    public void Holds_without_sleep_sets_too(string name, bool tso)
    {
        var outcome = Explorer.Explore(ProtocolScenarios.Get(name), tso, preemptions: 3);
        Assert.True(outcome.Failure is null, outcome.Failure);
        Assert.True(outcome.IsComplete);
    }
}
