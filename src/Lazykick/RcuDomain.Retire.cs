using Lazykick.Core;

namespace Lazykick;

public sealed partial class RcuDomain
{
    /// <summary>
    /// Disposes a resource after a grace period, on the reclaimer thread, in the order of retirement. Unpublish it
    /// first: from
    /// the call on no new reader may be able to find it. May be called anywhere, also inside a read scope.
    /// </summary>
    /// <param name="resource">The resource.</param>
    /// <param name="size">Bytes that it holds, for <see cref="RcuDomainOptions.MaxPendingBytes"/>; at least 0.</param>
    /// <exception cref="ObjectDisposedException">The domain has been disposed; the resource is still the
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
    public void Retire<TState>(TState state, Action<TState> callback, long size = 0)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        _core.Retired.Add(RetiredItem.Call(state, callback, size));
    }

    /// <summary>
    /// Frees memory from <see cref="System.Runtime.InteropServices.NativeMemory.Alloc(nuint)"/> after a grace period,
    /// as
    /// <see cref="Retire(IDisposable, long)"/>; allocates nothing.
    /// </summary>
    /// <param name="memory">The memory; null is ignored.</param>
    /// <param name="byteCount">Its size, for back-pressure.</param>
    /// <exception cref="ObjectDisposedException">The domain has been disposed; the memory is still the
    /// caller's.</exception>
    /// <remarks>
    /// A big block goes back to the system by munmap, which interrupts every CPU that runs the process. Recycle such
    /// blocks
    /// with <see cref="Retire{TState}"/> where isolated threads matter.
    /// </remarks>
    public unsafe void RetireNative(void* memory, nuint byteCount)
    {
        if (memory is not null)
            _core.Retired.Add(RetiredItem.Free(memory, checked((long)byteCount)));
    }

    /// <summary>Waits until everything that was retired before has run.</summary>
    /// <param name="cancellationToken">Ends the wait early.</param>
    /// <exception cref="InvalidOperationException">The caller is active in this domain, or is a callback of
    /// it.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public void Barrier(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _core.Barrier(cancellationToken);
    }

    /// <summary>As <see cref="Barrier"/>, without holding a thread while it waits.</summary>
    /// <param name="cancellationToken">Ends the wait early.</param>
    /// <exception cref="InvalidOperationException">The caller is active in this domain, or is a callback of
    /// it.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public ValueTask BarrierAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        var task = _core.BarrierAsync();
        return task.IsCompleted ? ValueTask.CompletedTask : new ValueTask(task.WaitAsync(cancellationToken));
    }
}
