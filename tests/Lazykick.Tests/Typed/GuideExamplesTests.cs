using Lazykick.Tests.Support;

namespace Lazykick.Tests.Typed;

/// <summary>The code that the guide shows, as it stands there, run.</summary>
public class GuideExamplesTests
{
    [Fact]
    public void A_table()
    {
        using RcuDomain domain = new();

        using RcuPointer<double> weights = new(domain, [0.5, 0.25, 0.25]);

        double Weigh(ReadOnlySpan<double> values)
        {
            using var scope = domain.EnterRead();
            var table = weights.Read(scope); // a span, valid until the scope ends
            var sum = 0.0;
            for (var i = 0; i < Math.Min(table.Length, values.Length); i++)
                sum += table[i] * values[i];
            return sum; // a copy may leave
        }

        var before = Weigh([4, 4, 4]);
        weights.Publish([1, 0, 0]); // copied in, published, the old table retired

        Assert.Equal(4, before);
        Assert.Equal(8, Weigh([8, 4, 4]));
    }

    [Fact]
    public async Task An_object()
    {
        using RcuDomain domain = new();
        Stream Open() => new MemoryStream([1, 2, 3]);
        Task UseAsync(Stream stream) => stream.FlushAsync(TestContext.Current.CancellationToken);

        using RcuReference<Stream> current = new(domain);
        current.Exchange(Open()); // the stream belongs to the reference from here on

        long LengthNow()
        {
            using var scope = domain.EnterRead();
            var borrow = current.Read(scope); // RcuBorrow<Stream>, a ref struct
            return borrow.HasValue ? borrow.Value.Length : 0; // never keep borrow.Value itself
        }

        using (var pin = current.Pin()) // across an await; null if there is no object
        {
            if (pin is not null)
                await UseAsync(pin.Value);
        }

        Assert.Equal(3, LengthNow());
        current.Exchange(null);
        Assert.Equal(0, LengthNow());
    }

    [Fact]
    public void A_map()
    {
        using RcuDomain domain = new();

        using NativeRcuMap<long, int> stock = new(domain, capacity: 1_000);
        stock.Set(4711, 3);

        using (var scope = domain.EnterRead())
        {
            if (stock.TryGetValue(scope, 4711, out var pieces)) // a copy
                Console.WriteLine(pieces);
            var entry = stock.GetValue(scope, 4711); // in place: no element, or one
            Console.WriteLine(entry.IsEmpty ? 0 : entry[0]);
        }

        stock.TryRemove(4711);

        Assert.Equal(0, stock.Count);
    }

    [Fact]
    public void The_order_of_shutdown()
    {
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, [7]);
        RcuDomain domain = new();
        MappedFileSlot slot = new(domain, path);
        var stop = false;
        Thread reader = new(() =>
        {
            using var me = domain.Register();
            while (!Volatile.Read(ref stop))
            {
                using var scope = me.EnterRead();
                _ = slot.Read(scope).Length;
            }
        });
        reader.Start();

        Volatile.Write(ref stop, true); // 1. readers and writers are told
        reader.Join(); // 2. and have ended: EnterRead of a disposed domain throws
        slot.Dispose(); // 3. slots, tables, references, maps: each retires what it has
        domain.Dispose(); // 4. runs all that is pending

        Assert.Equal(0, slot.OpenFiles);
        Assert.Throws<ObjectDisposedException>(() => domain.EnterRead().Dispose());
        File.Delete(path);
    }

    [Fact]
    public void Are_what_the_guide_shows()
    {
        var root = Repository.Root;
        Assert.SkipWhen(root is null, "not run from within the repository");
        var here = Text(Path.Combine(root!, "tests", "Lazykick.Tests", "Typed", "GuideExamplesTests.cs"));
        var blocks = Text(Path.Combine(root!, "docs", "guide", "library-patterns.md")).Split("\n```csharp\n")[1..];
        Assert.Equal(4, blocks.Length);
        Assert.All(blocks, block => Assert.Contains(block[..block.IndexOf("\n```\n", StringComparison.Ordinal)], here));
    }

    /// <summary>A file, without what its lines are indented by.</summary>
    private static string Text(string path) =>
        string.Join('\n', File.ReadLines(path).Select(line => line.Trim())) + '\n';
}
