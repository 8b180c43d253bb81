namespace Lazykick.Bench.Runtime.Disposal;

/// <summary>A count of references, which each reader changes twice.</summary>
internal sealed unsafe class CountedScheme : DisposalScheme
{
    private Count _current = new(Allocate());

    public override long Read(int reader)
    {
        Count block;
        do block = Volatile.Read(ref _current);
        while (!block.TryAdd());
        var value = *(long*)block.Memory;
        block.Release();
        return value;
    }

    public override void Swap(nint block) => Interlocked.Exchange(ref _current, new Count(block)).Release();

    public override void Dispose() => _current.Release();

    private sealed class Count(nint memory)
    {
        private int _count = 1;

        public nint Memory => memory;

        public bool TryAdd()
        {
            for (var count = Volatile.Read(ref _count); count > 0; count = Volatile.Read(ref _count))
            {
                if (Interlocked.CompareExchange(ref _count, count + 1, count) == count)
                    return true;
            }

            return false;
        }

        public void Release()
        {
            if (Interlocked.Decrement(ref _count) == 0)
                Free(memory);
        }
    }
}
