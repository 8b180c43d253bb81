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
    private readonly string _name;
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
        : this(domain, nameof(HotSwap<T>))
    {
        if (first is not null)
        {
            Swap(first, size);
        }
    }

    /// <summary>Creates one that is part of something else, by whose name its exceptions call it.</summary>
    internal HotSwap(RcuDomain domain, string name)
    {
        _current = new RcuReference<T>(domain, name, Closed);
        _domain = domain;
        _name = name;
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
    /// <exception cref="ObjectDisposedException">This object or its domain has been disposed; the version is still the
    /// caller's.</exception>
    /// <exception cref="OutOfMemoryException">The system gives no thread or memory; nothing has been
    /// swapped.</exception>
    public void Swap(T next, long size = 0)
    {
        ArgumentNullException.ThrowIfNull(next);
        Publish(next, size);
    }

    /// <summary>As <see cref="Swap"/>, and completes when the version before has been closed.</summary>
    /// <param name="next">The new version, which belongs to this object from now on.</param>
    /// <param name="size">Bytes that it holds; at least 0.</param>
    /// <param name="cancellationToken">Ends the wait, not the swap; if it is cancelled already, nothing is swapped, and
    /// the version is still the caller's.</param>
    /// <exception cref="InvalidOperationException">The caller is active in this domain, or is a callback of it; nothing
    /// has been swapped. <see cref="Swap"/> may be called there.</exception>
    /// <exception cref="ArgumentException">The version is the current one already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    /// <exception cref="ObjectDisposedException">This object or its domain has been disposed; the version is still the
    /// caller's.</exception>
    /// <exception cref="OutOfMemoryException">The system gives no thread or memory; nothing has been
    /// swapped.</exception>
    public ValueTask SwapAsync(T next, long size = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(next);
        ThrowIfCannotWait(nameof(SwapAsync));
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        var old = Publish(next, size);
        return old is null ? ValueTask.CompletedTask : new ValueTask(old.WhenClosed.WaitAsync(cancellationToken));
    }

    /// <summary>
    /// Takes the current version away for good and waits until it is closed: for readers, for pins, and for what was
    /// retired before; for <see cref="RcuDomainOptions.DisposeTimeout"/> at most. In a callback of the domain it does
    /// not wait: the version is closed after the callback.
    /// </summary>
    /// <exception cref="InvalidOperationException">The caller is active in this domain; nothing has been
    /// done.</exception>
    /// <exception cref="TimeoutException">A reader did not leave its scope, a callback did not end or a pin was not
    /// disposed. Nothing can be swapped any more; another call goes on waiting.</exception>
    public void Dispose()
    {
        if (_current.WhenEnded is { IsCompleted: true })
        {
            return;
        }

        _domain.ThrowIfCallerIsActive($"{_name}.{nameof(Dispose)}");
        var closed = _current.End();
        if (!_domain.IsCallback && !closed.Wait(WaitLimit.For(_domain.DisposeTimeout).Left))
        {
            throw _domain.CloseTimedOut(_name);
        }
    }

    /// <summary>As <see cref="Dispose"/>, without holding a thread while it waits.</summary>
    /// <exception cref="InvalidOperationException">The caller is active in this domain, or is a callback of it; nothing
    /// has been done.</exception>
    /// <exception cref="TimeoutException">As <see cref="Dispose"/>.</exception>
    public ValueTask DisposeAsync()
    {
        if (_current.WhenEnded is { IsCompleted: true })
        {
            return ValueTask.CompletedTask;
        }

        _domain.ThrowIfItWouldDeadlock($"{_name}.{nameof(DisposeAsync)}");
        var closed = _current.End();
        return closed.IsCompleted ? ValueTask.CompletedTask : new ValueTask(Wait());

        async Task Wait()
        {
            try
            {
                await closed.WaitAsync(WaitLimit.For(_domain.DisposeTimeout).Left).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw _domain.CloseTimedOut(_name);
            }
        }
    }

    /// <summary>Refuses what a disposed object cannot do.</summary>
    internal void ThrowIfDisposed() => _current.ThrowIfDisposed();

    /// <summary>Refuses a swap whose end the caller would hold up itself.</summary>
    internal void ThrowIfCannotWait(string operation)
    {
        _current.ThrowIfDisposed();
        _domain.ThrowIfItWouldDeadlock($"{_name}.{operation}");
    }

    private Held<T>? Publish(T next, long size)
    {
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
