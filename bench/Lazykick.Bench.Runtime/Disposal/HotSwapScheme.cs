namespace Lazykick.Bench.Runtime.Disposal;

/// <summary><see cref="HotSwap{T}"/>, whose old version is disposed of after a grace period.</summary>
internal sealed unsafe class HotSwapScheme : DisposalScheme
{
    private readonly RcuDomain _domain;
    private readonly HotSwap<Version> _slot;

    public HotSwapScheme(TimeSpan interval)
    {
        _domain = new RcuDomain(new RcuDomainOptions { ReclaimInterval = interval });
        _slot = new HotSwap<Version>(_domain, new Version(Allocate()), BlockKind.Size);
    }

    public override long Read(int reader)
    {
        using var scope = _domain.EnterRead();
        return *(long*)_slot.Read(scope).Value.Memory;
    }

    public override void Swap(nint block) => _slot.Swap(new Version(block), BlockKind.Size);

    public override void Dispose()
    {
        _slot.Dispose();
        _domain.Dispose();
    }

    private sealed class Version(nint memory) : IDisposable
    {
        public nint Memory => memory;

        public void Dispose() => Free(memory);
    }
}
