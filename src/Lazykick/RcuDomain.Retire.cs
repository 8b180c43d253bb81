using Lazykick.Core;

namespace Lazykick;

public sealed partial class RcuDomain
{
    /// <summary>Retired resources whose callbacks have not run yet.</summary>
    public long PendingCount => _core.Retired.Pending;

    /// <summary>Bytes that they hold, as their retirers said; <see cref="long.MaxValue"/> also for more.</summary>
    public long PendingBytes => _core.Retired.Backlog.Bytes;

    /// <summary>
    /// Whether fewer resources are pending than the limits allow: a look that costs nothing, before an update or in an
    /// active region.
    /// </summary>
    public bool HasRoom => !_core.Retired.Backlog.IsFull;

    /// <summary>
    /// Disposes a resource after a grace period, on the reclaimer thread, in the order of retirement. Unpublish it
    /// first: from the call on no new reader may be able to find it. Returns at once and may be called anywhere: inside
    /// a read scope, inside a callback, with any lock held. A writer that should not run ahead of its readers calls
    /// <see cref="WaitForRoom"/> where it holds nothing.
    /// </summary>
    /// <param name="resource">The resource.</param>
    /// <param name="size">Bytes that it holds, for <see cref="RcuDomainOptions.MaxPendingBytes"/>; at least 0.</param>
    /// <exception cref="ObjectDisposedException">The domain has been disposed; the resource is still the
    /// caller's.</exception>
    /// <exception cref="OutOfMemoryException">The system gives no thread or memory; the resource is still the
    /// caller's.</exception>
    public void Retire(IDisposable resource, long size = 0)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        _core.Retired.Add(RetiredItem.Dispose(resource, size));
    }

    /// <summary>Calls back after a grace period, as <see cref="Retire(IDisposable, long)"/>.</summary>
    /// <param name="state">Handed to the callback; a value type is boxed.</param>
    /// <param name="callback">Best a static lambda, so that nothing is allocated.</param>
    /// <param name="size">Bytes that the resource holds; at least 0.</param>
    /// <exception cref="ObjectDisposedException">The domain has been disposed; the resource is still the
    /// caller's.</exception>
    /// <exception cref="OutOfMemoryException">The system gives no thread or memory; the resource is still the
    /// caller's.</exception>
    public void Retire<TState>(TState state, Action<TState> callback, long size = 0)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        _core.Retired.Add(RetiredItem.Call(state, callback, size));
    }

    /// <summary>
    /// Frees memory from <see cref="System.Runtime.InteropServices.NativeMemory.Alloc(nuint)"/> after a grace period,
    /// as <see cref="Retire(IDisposable, long)"/>; allocates nothing once the queue has been as long before.
    /// </summary>
    /// <param name="memory">The memory; null is ignored.</param>
    /// <param name="byteCount">Its size, for the limits.</param>
    /// <exception cref="ObjectDisposedException">The domain has been disposed; the memory is still the
    /// caller's.</exception>
    /// <exception cref="OutOfMemoryException">The system gives no thread or memory; the memory is still the
    /// caller's.</exception>
    /// <remarks>
    /// A big block goes back to the system by munmap, which interrupts every CPU that runs the process. Recycle such
    /// blocks with <see cref="Retire{TState}"/> where isolated threads matter.
    /// </remarks>
    public unsafe void RetireNative(void* memory, nuint byteCount)
    {
        if (memory is not null)
        {
            _core.Retired.Add(RetiredItem.Free(memory, checked((long)byteCount)));
        }
    }

    /// <summary>
    /// Frees memory from <see cref="System.Runtime.InteropServices.NativeMemory.AlignedAlloc"/>, as
    /// <see cref="RetireNative"/>. The two kinds are different heaps on Windows.
    /// </summary>
    /// <param name="memory">The memory; null is ignored.</param>
    /// <param name="byteCount">Its size, for the limits.</param>
    /// <exception cref="ObjectDisposedException">The domain has been disposed; the memory is still the
    /// caller's.</exception>
    /// <exception cref="OutOfMemoryException">The system gives no thread or memory; the memory is still the
    /// caller's.</exception>
    public unsafe void RetireAligned(void* memory, nuint byteCount)
    {
        if (memory is not null)
        {
            _core.Retired.Add(RetiredItem.FreeAligned(memory, checked((long)byteCount)));
        }
    }

    /// <summary>Publishes a successor and retires what was there before; fails before it does either.</summary>
    internal void Exchange<TExchange>(ref TExchange exchange)
        where TExchange : struct, IExchange => _core.Retired.Exchange(ref exchange);

    /// <summary>
    /// Waits until fewer resources are pending than <see cref="RcuDomainOptions.MaxPending"/> and
    /// <see cref="RcuDomainOptions.MaxPendingBytes"/> allow. A writer calls this before or after each update, where it
    /// holds no lock that a reader may want; then a slow reader slows the writer down instead of filling the memory.
    /// </summary>
    /// <param name="timeout">At least zero; or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait early.</param>
    /// <returns>Whether there is room; false if the time is up.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="InvalidOperationException">
    /// The caller is active in this domain, or is a callback of it. An active loop calls this inside
    /// <see cref="RcuThread.EnterQuiescent"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public bool WaitForRoom(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var limit = WaitLimit.For(timeout, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return _core.WaitForRoom(limit);
    }

    /// <summary>As <see cref="WaitForRoom"/>, without holding a thread while it waits.</summary>
    /// <param name="timeout">At least zero; or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait early.</param>
    /// <returns>Whether there was room; false if the time is up.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="InvalidOperationException">The caller is active in this domain, or is a callback of
    /// it.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public ValueTask<bool> WaitForRoomAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var limit = WaitLimit.For(timeout, cancellationToken);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        var task = _core.WaitForRoomAsync();
        return task.IsCompleted ? ValueTask.FromResult(true) : new ValueTask<bool>(Wait(task));

        async Task<bool> Wait(Task room)
        {
            try
            {
                await room.WaitAsync(limit.Left, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }

    /// <summary>Waits until everything that was retired before has run.</summary>
    /// <param name="cancellationToken">Ends the wait early.</param>
    /// <exception cref="InvalidOperationException">The caller is active in this domain, or is a callback of
    /// it.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public void Barrier(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _core.Barrier(cancellationToken);
    }

    /// <summary>As <see cref="Barrier"/>, without holding a thread while it waits.</summary>
    /// <param name="cancellationToken">Ends the wait early.</param>
    /// <exception cref="InvalidOperationException">The caller is active in this domain, or is a callback of
    /// it.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public ValueTask BarrierAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            _core.ThrowIfClosed();
            return ValueTask.FromCanceled(cancellationToken);
        }

        var task = _core.BarrierAsync();
        return task.IsCompleted ? ValueTask.CompletedTask : new ValueTask(task.WaitAsync(cancellationToken));
    }
}
