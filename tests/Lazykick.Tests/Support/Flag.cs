namespace Lazykick.Tests.Support;

/// <summary>A resource that knows how often it was disposed.</summary>
internal sealed class Flag : IDisposable
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool IsDisposed => Count > 0;

    public void Dispose() => Interlocked.Increment(ref _count);
}
