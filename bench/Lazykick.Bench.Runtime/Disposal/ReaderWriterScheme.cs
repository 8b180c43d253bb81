namespace Lazykick.Bench.Runtime.Disposal;

/// <summary>A lock that lets readers in together.</summary>
internal sealed unsafe class ReaderWriterScheme : DisposalScheme
{
    private readonly ReaderWriterLockSlim _lock = new();
    private nint _current = Allocate();

    public override long Read(int reader)
    {
        _lock.EnterReadLock();
        var value = *(long*)_current;
        _lock.ExitReadLock();
        return value;
    }

    public override void Swap(nint block)
    {
        _lock.EnterWriteLock();
        (block, _current) = (_current, block);
        _lock.ExitWriteLock();
        Free(block);
    }

    public override void Dispose()
    {
        Free(Interlocked.Exchange(ref _current, 0));
        _lock.Dispose();
    }
}
