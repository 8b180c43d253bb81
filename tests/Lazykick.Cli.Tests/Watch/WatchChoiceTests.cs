using Lazykick.Cli.Json;
using Lazykick.Cli.Watch;

namespace Lazykick.Cli.Tests.Watch;

/// <summary>What the keys of <c>watch</c> do to its screen.</summary>
public sealed class WatchChoiceTests
{
    [Fact]
    public void Breaks_count_from_the_start_until_a_reset_and_from_what_it_showed_after_it()
    {
        var first = WatchPageTests.Frame(cpus: 1, causes: 0);
        Assert.Equal("1,234,567", BreaksIn(first, WatchChoice.Begin));

        var reset = WatchChoice.Begin.After('r', first);
        Assert.Equal("0", BreaksIn(first, reset));
        var second = first with { Cpus = [first.Cpus[0] with { BreaksSinceStart = 1_234_600 }] };
        Assert.Equal("33", BreaksIn(second, reset));
        // Before the first second there is nothing to count from.
        Assert.Equal("1,234,567", BreaksIn(first, WatchChoice.Begin.After('r', null)));
    }

    [Fact]
    public void Keys_sort_in_turn_and_pause_and_others_do_nothing()
    {
        var choice = WatchChoice.Begin;
        foreach (var sort in new[] { "breaks", "CPU", "stolen" })
        {
            choice = choice.After('s', null);
            Assert.Equal(sort, choice.Sort);
        }

        Assert.True(choice.After('p', null).IsPaused);
        Assert.False(choice.After('p', null).After('p', null).IsPaused);
        Assert.Equal(choice, choice.After('x', null));
    }

    private static string BreaksIn(WatchDocument frame, WatchChoice choice) =>
        WatchPage.Lines(frame, choice, 80, 24)[3].Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
}
