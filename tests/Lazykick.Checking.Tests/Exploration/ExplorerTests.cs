using Lazykick.Checking.Exploration;

namespace Lazykick.Checking.Tests.Exploration;

/// <summary>The search that schemes and litmus tests share, on a machine that is neither.</summary>
public sealed class ExplorerTests
{
    [Fact]
    public void Every_state_is_found_once_at_its_distance_and_every_move_is_counted()
    {
        var machine = new Counters(3, 20);
        var explorer = Search(machine, SearchLimits.Default);
        Assert.Equal(SearchEnd.Exhausted, explorer.End);
        Assert.Equal(21 * 21 * 21, explorer.States.Count);
        Assert.Equal(3 * 20 * 21 * 21, explorer.Edges.Count);
        Assert.Equal(61, explorer.Levels);
        Assert.Equal(explorer.States.Count, machine.Seen.Select(s => s.State).Distinct().Count());
        Assert.All(
            machine.Seen,
            s => Assert.Equal((int)((s.State & 0xFF) + (s.State >> 8 & 0xFF) + (s.State >> 16)), s.Level)
        );
        Assert.Equal(0x141414UL, machine.Seen[Assert.Single(machine.Stuck)].State);
        for (var state = 0; state < explorer.Edges.States; state++)
        {
            for (var e = explorer.Edges.StartOf(state); e < explorer.Edges.StartOf(state + 1); e++)
            {
                var difference = machine.Seen[explorer.Edges.TargetOf(e)].State - machine.Seen[state].State;
                Assert.Contains(difference, new ulong[] { 1, 1 << 8, 1 << 16 });
            }
        }
    }

    [Fact]
    public void The_way_that_is_shown_has_the_fewest_switches_and_the_lowest_CPU_first()
    {
        var machine = new Counters(3, 9);
        var explorer = Search(machine, SearchLimits.Default);
        var target = explorer.States.Find(new Word(0x020403));
        var execution = explorer.FindExecution([target]);
        Assert.Equal([0, 0, 0, 1, 1, 1, 1, 2, 2], execution.Moves.Select(m => m.Cpu));
        Assert.Equal(new Word(0), execution.Start);
        Assert.Equal(target, execution.Target);
        Assert.Equal(explorer.States[target], execution.Moves[^1].Next);
    }

    [Fact]
    public void Of_several_ends_the_one_is_chosen_that_takes_the_fewest_switches_its_last_move_included()
    {
        var explorer = Search(new Counters(2, 9), SearchLimits.Default);
        int[] targets =
        [
            explorer.States.Find(new Word(0x0202)),
            explorer.States.Find(new Word(0x0400)),
            explorer.States.Find(new Word(0x0103)),
        ];
        Assert.Equal([1, 1, 1, 1], explorer.FindExecution(targets).Moves.Select(m => m.Cpu));
        var through = explorer.FindExecution([explorer.States.Find(new Word(0x0301))], m => m.Cpu == 0);
        Assert.Equal([1, 1, 1, 0, 0], through.Moves.Select(m => m.Cpu));
        Assert.Equal(new Word(0x0302), through.Moves[^1].Next);
    }

    [Theory]
    [InlineData(9, SearchEnd.StateLimit)]
    [InlineData(399, SearchEnd.StateLimit)]
    [InlineData(400, SearchEnd.Exhausted)]
    public void A_limit_on_states_is_met_exactly(int limit, SearchEnd end) =>
        Assert.Equal(end, Search(new Counters(2, 19), SearchLimits.Default with { MaxStates = limit }).End);

    [Fact]
    public void Limits_on_memory_and_time_and_a_cancellation_end_a_search()
    {
        Assert.Equal(
            SearchEnd.MemoryLimit,
            Search(new Counters(3, 60), SearchLimits.Default with { MaxBytes = 1 << 20 }).End
        );
        Assert.Equal(
            SearchEnd.TimeLimit,
            Search(new Counters(3, 60), SearchLimits.Default with { Timeout = TimeSpan.FromTicks(1) }).End
        );
        var explorer = Search(new Counters(3, 60), SearchLimits.Default, isCancelled: true);
        Assert.Equal(SearchEnd.Cancelled, explorer.End);
        Assert.True(explorer.States.Count < 61 * 61 * 61);
    }

    private static Explorer<Word, Counters.Tick> Search(Counters machine, SearchLimits limits, bool isCancelled = false)
    {
        var explorer = new Explorer<Word, Counters.Tick>(
            machine,
            machine,
            new SearchControl(limits, null, new CancellationToken(isCancelled))
        );
        explorer.Run();
        return explorer;
    }
}
