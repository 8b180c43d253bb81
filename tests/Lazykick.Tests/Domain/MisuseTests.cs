using Lazykick.Tests.Support;

namespace Lazykick.Tests.Domain;

public class MisuseTests
{
    [Fact]
    public void Waiting_inside_the_own_read_scope_throws_and_says_what_to_do()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        using var scope = thread.EnterRead();
        var exception = Assert.Throws<InvalidOperationException>(() => domain.Synchronize());
        Assert.Contains("MisuseTests.cs", exception.Message, StringComparison.Ordinal);
        Assert.Contains("after the scope has been disposed", exception.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => domain.Barrier());
        Assert.Throws<InvalidOperationException>(() =>
        {
            _ = domain.SynchronizeAsync();
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            _ = domain.BarrierAsync();
        });
    }

    [Fact]
    public void Waiting_inside_the_own_read_scope_throws_also_behind_another_blocker()
    {
        using RcuDomain domain = new();
        using ParkedReader other = new(domain);
        using var thread = domain.Register();
        using var scope = thread.EnterRead();
        Assert.Throws<InvalidOperationException>(() => domain.Synchronize());
    }

    [Fact]
    public void Another_threads_handle_throws_and_names_its_owner()
    {
        using RcuDomain domain = new();
        using ManualResetEventSlim registered = new();
        using ManualResetEventSlim leave = new();
        RcuThread? handle = null;
        Thread owner = new(() =>
        {
            handle = domain.Register();
            registered.Set();
            leave.Wait();
            handle.Dispose();
        })
        {
            Name = "the owner",
        };
        owner.Start();
        registered.Wait(TestContext.Current.CancellationToken);
        foreach (
            var use in new Action[]
            {
                () => handle!.EnterRead(),
                () => handle!.EnterActive(),
                () => handle!.EnterQuiescent(),
                () => handle!.QuiescentState(),
                () => handle!.Dispose(),
            }
        )
        {
            Assert.Contains(
                "the owner",
                Assert.Throws<InvalidOperationException>(use).Message,
                StringComparison.Ordinal
            );
        }

        leave.Set();
        owner.Join();
        Assert.Throws<ObjectDisposedException>(() => handle!.EnterRead());
    }

    [Fact]
    public void A_disposed_handle_stays_disposed_when_its_slot_is_used_again()
    {
        using RcuDomain domain = new();
        var first = domain.Register();
        first.Dispose();
        first.Dispose();
        using var second = domain.Register();
        Assert.Throws<ObjectDisposedException>(() => first.EnterRead());
    }

    [Fact]
    public void Disposing_a_registration_inside_its_scope_throws_and_leaves_the_scope_intact()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        using var scope = thread.EnterRead();
        Assert.Throws<InvalidOperationException>(thread.Dispose);
        Assert.Equal(RcuThreadState.Active, Assert.Single(domain.GetThreads()).State);
    }

    [Fact]
    public void Scopes_disposed_out_of_order_throw()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        var outer = thread.EnterRead();
        var inner = thread.EnterRead();
        var thrown = false;
        try
        {
            outer.Dispose();
        }
        catch (InvalidOperationException)
        {
            thrown = true;
        }

        Assert.True(thrown);
        inner.Dispose();
        outer.Dispose();
        Assert.Equal(RcuThreadState.ExtendedQuiescent, Assert.Single(domain.GetThreads()).State);
    }

    [Fact]
    public void A_copied_scope_that_is_disposed_twice_throws()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        var scope = thread.EnterRead();
        var copy = scope;
        scope.Dispose();
        var thrown = false;
        try
        {
            copy.Dispose();
        }
        catch (InvalidOperationException)
        {
            thrown = true;
        }

        Assert.True(thrown);
    }

    [Fact]
    public void A_copy_of_a_closed_scope_does_not_close_the_next_one()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        var first = thread.EnterRead();
        var copy = first;
        first.Dispose();
        using var second = thread.EnterRead();
        var thrown = false;
        try
        {
            copy.Dispose();
        }
        catch (InvalidOperationException)
        {
            thrown = true;
        }

        Assert.True(thrown);
        Assert.Equal(RcuThreadState.Active, Assert.Single(domain.GetThreads()).State);
    }

    [Fact]
    public void A_copy_of_a_closed_scope_reads_nothing()
    {
        using RcuDomain domain = new();
        using RcuPointer<int> pointer = new(domain, [1]);
        var scope = domain.EnterRead();
        var copy = scope;
        Assert.Equal(1, pointer.Read(copy)[0]);
        scope.Dispose();
        var thrown = false;
        try
        {
            _ = pointer.Read(copy);
        }
        catch (InvalidOperationException)
        {
            thrown = true;
        }

        Assert.True(thrown);
    }

    [Fact]
    public void A_scope_that_protects_nothing_is_refused_with_the_reason()
    {
        using RcuDomain domain = new(),
            other = new();
        using RcuPointer<int> pointer = new(domain, [1]);
        Assert.Contains("default value", Refusal(0), StringComparison.Ordinal);
        Assert.Contains("is closed", Refusal(1), StringComparison.Ordinal);
        Assert.Contains("is closed", Refusal(2), StringComparison.Ordinal);
        Assert.Contains("another domain", Refusal(3), StringComparison.Ordinal);

        string Refusal(int kind) =>
            Assert
                .Throws<InvalidOperationException>(() =>
                {
                    using var wrong = other.EnterRead();
                    var scope = domain.EnterRead();
                    var copy = scope;
                    scope.Dispose();
                    switch (kind)
                    {
                        case 0:
                            pointer.Read(default);
                            break;
                        case 1:
                            pointer.Read(scope);
                            break;
                        case 2:
                            pointer.Read(copy);
                            break;
                        default:
                            pointer.Read(wrong);
                            break;
                    }
                })
                .Message;
    }

    [Fact]
    public void A_quiescent_state_inside_a_read_scope_throws()
    {
        using RcuDomain domain = new();
        using var thread = domain.Register();
        using var scope = thread.EnterRead();
        Assert.Throws<InvalidOperationException>(thread.QuiescentState);
        Assert.Throws<InvalidOperationException>(() => thread.EnterQuiescent());
    }

    [Fact]
    public void Options_out_of_range_throw_where_they_are_set()
    {
        Assert.Throws<ArgumentException>(() => new RcuDomainOptions { Name = "" });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RcuDomainOptions { MaxPending = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RcuDomainOptions { MaxPendingBytes = 0 });
        Assert.Throws<ArgumentNullException>(() => new RcuDomainOptions { TimeProvider = null! });
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new RcuDomainOptions { DisposeTimeout = TimeSpan.FromSeconds(-5) }
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new RcuDomainOptions { ReclaimInterval = TimeSpan.FromSeconds(-5) }
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => new RcuDomainOptions { ReclaimerCpus = [-1] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RcuDomainOptions { ReclaimerCpus = [4_096] });
        Assert.Throws<ArgumentNullException>(() => new RcuDomain(null!));
    }
}
