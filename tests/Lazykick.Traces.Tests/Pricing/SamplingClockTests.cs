using Lazykick.Traces.Kicks;

namespace Lazykick.Traces.Tests.Pricing;

public sealed class SamplingClockTests
{
    private const ulong Function = 0xffffffff81000100;
    private const ulong Site = 0xffffffff81000200;

    [Fact]
    public void All_targets_of_a_kick_are_asked_at_one_moment_before_the_first_is_queued()
    {
        var clock = new SamplingClock(4);
        // Nothing is known yet: the first csd event is the best that there is.
        Assert.Equal(1000UL, clock.Queued(0, Function, Site, 1, 1000));
        Assert.Equal(1000UL, clock.Queued(0, Function, Site, 2, 1200));
        Assert.Equal(1000UL, clock.Queued(0, Function, Site, 3, 1500));
        clock.Sent(0);

        // Three targets, a step of 300 (the upper of two): 900 before.
        Assert.Equal(300UL, clock.Step);
        Assert.Equal(4100UL, clock.Queued(0, Function, Site, 1, 5000));
        Assert.Equal(4100UL, clock.Queued(0, Function, Site, 2, 5200));
    }

    [Fact]
    public void A_kick_without_interrupts_ends_where_the_next_one_names_a_lower_target()
    {
        var clock = new SamplingClock(3);
        clock.Queued(0, Function, Site, 1, 1000);
        clock.Queued(0, Function, Site, 2, 1100);

        Assert.Equal(8800UL, clock.Queued(0, Function, Site, 1, 9000));
    }

    [Fact]
    public void Other_senders_functions_and_sites_are_other_kicks()
    {
        var clock = new SamplingClock(4);
        clock.Queued(0, Function, Site, 1, 1000);
        clock.Queued(1, Function, Site, 2, 1010);
        clock.Queued(0, Function + 1, Site, 3, 1020);
        clock.Queued(0, Function + 1, Site + 1, 4, 1030);

        Assert.Equal(0UL, clock.Step);
    }

    [Fact]
    public void A_kick_of_one_target_asks_one()
    {
        var clock = new SamplingClock(72);
        clock.Queued(0, Function, Site, 1, 1000);
        clock.Queued(0, Function, Site, 2, 1100);
        clock.Sent(0);
        clock.Queued(0, Function + 1, Site, 5, 2000);
        clock.Sent(0);

        Assert.Equal(2900UL, clock.Queued(0, Function + 1, Site, 6, 3000));
    }
}
