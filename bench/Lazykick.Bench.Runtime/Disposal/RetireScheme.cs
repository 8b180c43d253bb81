namespace Lazykick.Bench.Runtime.Disposal;

/// <summary><see cref="RcuDomain.Retire{T}(T, Action{T}, long)"/>: the block is freed after a grace period.</summary>
internal sealed unsafe class RetireScheme(TimeSpan interval) : DisposalScheme
{
    private readonly RcuDomain _domain = new(new RcuDomainOptions { ReclaimInterval = interval });
    private nint _current = Allocate();

    public override long Read(int reader)
    {
        using var scope = _domain.EnterRead();
        return *(long*)Volatile.Read(ref _current);
    }

    public override void Swap(nint block) =>
        _domain.Retire(
            new Freed { Memory = Interlocked.Exchange(ref _current, block) },
            static old => Free(old.Memory),
            BlockKind.Size
        );

    public override void Dispose()
    {
        _domain.Dispose();
        Free(Interlocked.Exchange(ref _current, 0));
    }

    private sealed class Freed
    {
        public nint Memory { get; init; }
    }
}
