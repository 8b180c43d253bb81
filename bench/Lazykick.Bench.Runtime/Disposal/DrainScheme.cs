namespace Lazykick.Bench.Runtime.Disposal;

/// <summary>The scheme that Lucene.NET chose for its mapped indexes, written from its description.</summary>
internal sealed unsafe class DrainScheme : DisposalScheme
{
    private readonly long[] _inside = new long[(DisposalBench.Readers + 1) * 16];
    private nint _current = Allocate();

    public override long Read(int reader)
    {
        ref var inside = ref _inside[(reader + 1) * 16];
        Interlocked.Increment(ref inside);
        var value = *(long*)Volatile.Read(ref _current);
        Volatile.Write(ref inside, inside - 1);
        return value;
    }

    public override void Swap(nint block)
    {
        var old = Interlocked.Exchange(ref _current, block);
        for (var i = 1; i <= DisposalBench.Readers; i++)
        {
            SpinWait wait = default;
            while (Volatile.Read(ref _inside[i * 16]) != 0)
                wait.SpinOnce();
        }

        Free(old);
    }

    public override void Dispose() => Free(Interlocked.Exchange(ref _current, 0));
}
