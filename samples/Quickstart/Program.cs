using Lazykick;

using RcuDomain domain = new(new RcuDomainOptions { Name = "prices" });
using RcuPointer<long> prices = new(domain, [100, 100, 100]); // a table in native memory, replaced as a whole

Thread reader = new(() =>
{
    using var me = domain.Register(); // once a thread; starts quiescent
    for (var i = 0; i < 1_000_000; i++)
    {
        using var scope = me.EnterRead(); // about 7 ns; what is read here is not freed before it ends
        var table = prices.Read(scope);
        if (table[0] < 100 || table[0] != table[^1])
            throw new InvalidOperationException("freed under a reader");
    }
});
reader.Start();
for (var price = 101L; price < 1_000; price++)
    prices.Publish([price, price, price]); // retires the table before; never waits for the reader
reader.Join();
domain.Barrier(); // all that was retired has been freed
using (var scope = domain.EnterRead())
    Console.WriteLine($"price {prices.Read(scope)[0]}, {domain.PendingCount} tables waiting to be freed");
