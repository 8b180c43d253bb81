using Lazykick.Tests.Support;

namespace Lazykick.Tests.Typed;

public class RcuPointerTests
{
    [Fact]
    public void A_reader_keeps_the_table_that_it_has_read_whatever_is_published_meanwhile()
    {
        using RcuDomain domain = new();
        using RcuPointer<long> table = new(domain, [1, 2, 3]);
        using (var scope = domain.EnterRead())
        {
            var before = table.Read(scope);
            Threads.Run(() => table.Publish([4, 5]));
            Assert.Equal([1, 2, 3], before.ToArray());
            Assert.Equal([4, 5], table.Read(scope).ToArray());
            Assert.Equal(1, domain.PendingCount);
        }

        domain.Barrier();
        Assert.Equal(0, domain.PendingBytes);
    }

    [Fact]
    public void A_table_can_be_filled_in_place_and_taken_away()
    {
        using RcuDomain domain = new();
        RcuPointer<int> table = new(domain);
        using (var scope = domain.EnterRead())
            Assert.True(table.Read(scope).IsEmpty);
        table.Publish(100, 7, static (values, state) => values.Fill(state));
        using (var scope = domain.EnterRead())
            Assert.Equal(700, table.Read(scope).ToArray().Sum());
        Assert.Throws<FormatException>(() => table.Publish(10, 0, static (_, _) => throw new FormatException()));
        table.Dispose();
        table.Dispose();
        using (var scope = domain.EnterRead())
            Assert.True(table.Read(scope).IsEmpty);
    }

    [Fact]
    public void A_scope_of_another_domain_or_a_closed_one_is_refused()
    {
        using RcuDomain domain = new(),
            other = new();
        using RcuPointer<int> table = new(domain, [1]);
        Assert.Throws<InvalidOperationException>(() =>
        {
            using var scope = other.EnterRead();
            table.Read(scope);
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            var scope = domain.EnterRead();
            scope.Dispose();
            table.Read(scope);
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            table.Read(default);
        });
    }

    [Fact]
    public void After_the_domain_a_table_can_be_freed_but_not_published()
    {
        RcuDomain domain = new();
        RcuPointer<int> table = new(domain, [1]);
        domain.Dispose();
        Assert.Throws<ObjectDisposedException>(() => table.Publish([2]));
        table.Dispose();
    }

    [Fact]
    public void Readers_never_see_a_table_that_is_half_of_one_and_half_of_another()
    {
        using RcuDomain domain = new();
        using RcuPointer<long> table = new(domain, [0, 0, 0, 0]);
        var stop = false;
        long reads = 0;
        void Read()
        {
            while (!Volatile.Read(ref stop))
            {
                using var scope = domain.EnterRead();
                var values = table.Read(scope);
                foreach (var value in values)
                    Assert.Equal(values[0], value);
                Assert.Equal(4 + (values[0] % 3), values.Length);
                reads++;
            }
        }

        Threads.RunTogether(
            Read,
            Read,
            () =>
            {
                for (long i = 1; i < 20_000; i++)
                {
                    table.Publish(4 + (int)(i % 3), i, static (values, i) => values.Fill(i));
                    if (i % 100 == 0)
                        domain.WaitForRoom(Timeout.InfiniteTimeSpan);
                }

                Volatile.Write(ref stop, true);
            }
        );
        Assert.True(reads > 0);
    }
}
