using System.Runtime.CompilerServices;
using Lazykick.Core;

namespace Lazykick;

/// <summary>
/// The current version of something that is opened, published, and closed when its successor is there and the last
/// reader is done: a model, an index, a configuration, a native library.
/// </summary>
/// <typeparam name="T">A version.</typeparam>
public sealed class HotSwap<T> : IDisposable, IAsyncDisposable
    where T : class, IDisposable
{
    private readonly RcuReference<T> _current;
    private readonly RcuDomain _domain;
    private long _version;
    private long _open;
    private long _openBytes;

    /// <summary>Creates it with a first version.</summary>
    /// <param name="domain">Whose read scopes protect the versions, and whose reclaimer closes them. It is not disposed
    /// here.</param>
    /// <param name="first">The first version, which belongs to this object from now on; null to begin without
    /// one.</param>
    /// <param name="size">Bytes that the version holds; at least 0.</param>
    /// <exception cref="ObjectDisposedException">The domain has been disposed; the version is still the
    /// caller's.</exception>
    public HotSwap(RcuDomain domain, T? first = null, long size = 0)
    {
        _current = new RcuReference<T>(domain, Closed);
        _domain = domain;
        if (first is not null)
        {
            Swap(first, size);
        }
    }

    /// <summary>The number of the current version: how often one has been published.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>
    /// Versions that have been published and not been closed: the current one, and old ones with readers or pins.
    /// </summary>
    public long OpenVersions => Volatile.Read(ref _open);

    /// <summary>Bytes that those hold.</summary>
    public long OpenBytes => Volatile.Read(ref _openBytes);

    /// <summary>The current version; it is not closed before the scope ends.</summary>
    /// <param name="scope">An open scope of the same domain, held in a variable.</param>
    /// <exception cref="InvalidOperationException">The scope is closed or belongs to another domain.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RcuBorrow<T> Read(in ReadScope scope) => _current.Read(scope);

    /// <summary>Holds the current version until the pin is disposed, across awaits.</summary>
    /// <returns>The pin; null if there is no version.</returns>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public RcuPin<T>? Pin() => _current.Pin();

    /// <summary>
    /// Publishes a version and retires the one before. Returns at once; readers go over with their next scope.
    /// </summary>
    /// <param name="next">The new version, which belongs to this object from now on.</param>
    /// <param name="size">Bytes that it holds; at least 0.</param>
    /// <exception cref="ArgumentException">The version is the current one already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed; the version is still the
    /// caller's.</exception>
    /// <exception cref="OutOfMemoryException">The system gives no thread or memory; nothing has been
    /// swapped.</exception>
    public void Swap(T next, long size = 0)
    {
        ArgumentNullException.ThrowIfNull(next);
        Replace(next, size);
    }

    /// <summary>As <see cref="Swap"/>, and completes when the version before has been closed.</summary>
    /// <param name="next">The new version, which belongs to this object from now on.</param>
    /// <param name="size">Bytes that it holds; at least 0.</param>
    /// <param name="cancellationToken">Ends the wait, not the swap.</param>
    /// <exception cref="ArgumentException">The version is the current one already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed; the version is still the
    /// caller's.</exception>
    /// <exception cref="OutOfMemoryException">The system gives no thread or memory; nothing has been
    /// swapped.</exception>
    public ValueTask SwapAsync(T next, long size = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(next);
        var old = Replace(next, size);
        return old is null ? ValueTask.CompletedTask : new ValueTask(old.WhenClosed.WaitAsync(cancellationToken));
    }

    /// <summary>
    /// Takes the current version away and waits until it is closed; a pin holds that up until it is let go. Inside a
    /// read scope, or in a callback, it does not wait.
    /// </summary>
    public void Dispose()
    {
        var old = Replace(null, 0);
        if (old is not null && _domain.MayWait)
        {
            old.WhenClosed.GetAwaiter().GetResult();
        }
    }

    /// <summary>Takes the current version away and completes when it is closed.</summary>
    public ValueTask DisposeAsync() =>
        Replace(null, 0) is { } old ? new ValueTask(old.WhenClosed) : ValueTask.CompletedTask;

    private Held<T>? Replace(T? next, long size)
    {
        if (next is null)
        {
            return _current.Replace(null, 0);
        }

        // Counted before anybody can close it.
        Count(1, size);
        try
        {
            var old = _current.Replace(next, size);
            Interlocked.Increment(ref _version);
            return old;
        }
        catch
        {
            Count(-1, -size);
            throw;
        }
    }

    private void Closed(Held<T> held) => Count(-1, -held.Size);

    private void Count(int versions, long bytes)
    {
        Interlocked.Add(ref _open, versions);
        Interlocked.Add(ref _openBytes, bytes);
        _domain.CountVersions(versions, bytes);
    }
}
