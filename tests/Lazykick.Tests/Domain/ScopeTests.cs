namespace Lazykick.Tests.Domain;

public class ScopeTests
{
    private static RcuThreadState State(RcuDomain domain) => Assert.Single(domain.GetThreads()).State;

    [Fact]
    public void Read_scopes_nest_and_only_the_outermost_leaves_EQS()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        using (thread.EnterRead())
        {
            using (thread.EnterRead())
                Assert.Equal(RcuThreadState.Active, State(domain));
            Assert.Equal(RcuThreadState.Active, State(domain));
        }

        Assert.Equal(RcuThreadState.ExtendedQuiescent, State(domain));
    }

    [Fact]
    public void A_quiescent_scope_inside_an_active_region_returns_to_it()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        using (thread.EnterActive())
        {
            using (thread.EnterQuiescent())
            {
                Assert.Equal(RcuThreadState.ExtendedQuiescent, State(domain));
                using (thread.EnterQuiescent())
                    Assert.Equal(RcuThreadState.ExtendedQuiescent, State(domain));
                using (thread.EnterRead())
                    Assert.Equal(RcuThreadState.Active, State(domain));
                Assert.Equal(RcuThreadState.ExtendedQuiescent, State(domain));
            }

            Assert.Equal(RcuThreadState.Active, State(domain));
        }

        Assert.Equal(RcuThreadState.ExtendedQuiescent, State(domain));
    }

    [Fact]
    public void Synchronize_is_allowed_inside_a_quiescent_scope()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        using var active = thread.EnterActive();
        using (thread.EnterQuiescent())
            domain.Synchronize();
    }

    [Fact]
    public void Disposing_a_scope_twice_changes_nothing()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        using var outer = thread.EnterRead();
        var inner = thread.EnterRead();
        inner.Dispose();
        inner.Dispose();
        Assert.Equal(RcuThreadState.Active, State(domain));
    }

    [Fact]
    public void A_scope_is_left_when_an_exception_passes()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        Action readAndFail = () =>
        {
            using var scope = thread.EnterRead();
            throw new FormatException();
        };
        Assert.Throws<FormatException>(readAndFail);
        Assert.Equal(RcuThreadState.ExtendedQuiescent, State(domain));
    }

    [Fact]
    public void A_default_scope_can_be_disposed()
    {
        default(ReadScope).Dispose();
        default(ActiveScope).Dispose();
        default(QuiescentScope).Dispose();
    }

    [Fact]
    public void A_quiescent_state_announced_in_EQS_does_not_leave_it()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        domain.Synchronize();
        thread.QuiescentState();
        Assert.Equal(RcuThreadState.ExtendedQuiescent, State(domain));
    }

    /// <summary>Any well-nested sequence of scopes leaves the state that a stack of states predicts.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_nesting_agrees_with_a_stack(int seed)
    {
        Random random = new(seed);
        using RcuDomain domain = new();
        using var thread = domain.Register();
        for (var i = 0; i < 2_000; i++)
            Nest(domain, thread, random, active: false, reads: 0, depth: 0);
        Assert.Equal(RcuThreadState.ExtendedQuiescent, State(domain));
    }

    private static void Nest(RcuDomain domain, RcuThread thread, Random random, bool active, int reads, int depth)
    {
        Assert.Equal(active ? RcuThreadState.Active : RcuThreadState.ExtendedQuiescent, State(domain));
        if (depth == 6)
            return;
        switch (random.Next(5))
        {
            case 0:
                using (thread.EnterRead())
                    Nest(domain, thread, random, active: true, reads + 1, depth + 1);
                break;
            case 1:
                using (thread.EnterActive())
                    Nest(domain, thread, random, active: true, reads, depth + 1);
                break;
            case 2 when reads == 0:
                using (thread.EnterQuiescent())
                    Nest(domain, thread, random, active: false, reads, depth + 1);
                break;
            case 2:
                Assert.Throws<InvalidOperationException>(() => thread.EnterQuiescent());
                break;
            case 3 when reads == 0:
                thread.QuiescentState();
                break;
            case 4 when !active:
                domain.Synchronize();
                break;
        }

        Assert.Equal(active ? RcuThreadState.Active : RcuThreadState.ExtendedQuiescent, State(domain));
    }
}
