using System.Runtime.InteropServices;
using Lazykick;

using RcuDomain domain = new(new RcuDomainOptions { Name = "prices" });
Prices.Publish(domain, 100);

Thread reader = new(() =>
{
    using var me = domain.Register(); // once a thread; starts quiescent
    for (var i = 0; i < 1_000_000; i++)
    {
        using var scope = me.EnterRead(); // about 7 ns; what is read here is not freed before it ends
        if (Prices.First() < 100)
            throw new InvalidOperationException("freed under a reader");
    }
});
reader.Start();
for (var price = 101; price < 1_000; price++)
    Prices.Publish(domain, price); // never waits for the reader
reader.Join();
domain.Barrier(); // all that was retired has been freed
Console.WriteLine($"price {Prices.First()}, {domain.PendingCount} tables waiting to be freed");

/// <summary>A table in native memory that is replaced as a whole.</summary>
internal static unsafe class Prices
{
    private const int Count = 1024;
    private static nint _table;

    public static long First() => *(long*)Volatile.Read(ref _table);

    public static void Publish(RcuDomain domain, long price)
    {
        var fresh = (long*)NativeMemory.Alloc(Count, sizeof(long));
        new Span<long>(fresh, Count).Fill(price);
        var old = (long*)Interlocked.Exchange(ref _table, (nint)fresh);
        domain.RetireNative(old, Count * sizeof(long)); // freed when no reader can hold it any more
    }
}
