using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

public class PollTests
{
    [Fact]
    public void A_grace_period_that_is_polled_is_over_when_the_readers_from_before_have_left()
    {
        using RcuDomain domain = new();
        long cookie;
        using (new ParkedReader(domain))
        {
            cookie = domain.StartPoll();
            Assert.False(domain.HasElapsed(cookie));
        }

        using ParkedReader later = new(domain);
        Assert.True(domain.HasElapsed(cookie));
        Assert.Throws<ArgumentOutOfRangeException>(() => domain.HasElapsed(cookie + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => domain.HasElapsed(1));
    }

    [Fact]
    public void Synchronize_with_a_time_limit_tells_whether_the_grace_period_is_over()
    {
        using RcuDomain domain = new();
        Assert.True(domain.Synchronize(TimeSpan.Zero));
        Assert.True(domain.Synchronize(TimeSpan.MaxValue));
        using (new ParkedReader(domain))
        {
            Assert.False(domain.Synchronize(TimeSpan.Zero));
            Assert.False(domain.Synchronize(TimeSpan.FromMilliseconds(10)));
            using CancellationTokenSource soon = new(20);
            Assert.Throws<OperationCanceledException>(() => domain.Synchronize(Timeout.InfiniteTimeSpan, soon.Token));
            Assert.Throws<ArgumentOutOfRangeException>(() => domain.Synchronize(TimeSpan.FromMilliseconds(-5)));
        }

        Assert.True(domain.Synchronize(TimeSpan.FromSeconds(30)));
    }
}
