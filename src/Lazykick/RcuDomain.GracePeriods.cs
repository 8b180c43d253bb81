using Lazykick.Core;
using Lazykick.Memory;

namespace Lazykick;

public sealed partial class RcuDomain
{
    /// <summary>
    /// Waits for a grace period: every read scope that was open when this was called has ended, and every active thread
    /// has announced a quiescent state. Nobody is interrupted.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait early; then nothing may be freed.</param>
    /// <exception cref="InvalidOperationException">The calling thread is active itself and would wait for
    /// itself.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public void Synchronize(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Synchronize(WaitLimit.Until(cancellationToken));
    }

    /// <summary>As <see cref="Synchronize(CancellationToken)"/>, for a limited time.</summary>
    /// <param name="timeout">At least zero, which only looks; or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait early; then nothing may be freed.</param>
    /// <returns>Whether the grace period is over; if it is not, nothing may be freed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="InvalidOperationException">The calling thread is active itself and would wait for
    /// itself.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public bool Synchronize(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var limit = WaitLimit.For(timeout, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return Synchronize(limit);
    }

    /// <summary>As <see cref="Synchronize(CancellationToken)"/>, without holding a thread while it waits.</summary>
    /// <param name="cancellationToken">Ends the wait early; then nothing may be freed.</param>
    /// <exception cref="InvalidOperationException">The calling thread is active itself; start the wait after the
    /// scope.</exception>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public ValueTask SynchronizeAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            _core.ThrowIfClosed();
            return ValueTask.FromCanceled(cancellationToken);
        }

        var start = _events.StartGracePeriod();
        var task = _core.SynchronizeAsync();
        if (!task.IsCompleted)
        {
            return new ValueTask(task.WaitAsync(cancellationToken));
        }

        _events.EndGracePeriod(start);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Begins a grace period without waiting for it: for a writer that has other things to do, and looks at the result
    /// later. Unpublish first.
    /// </summary>
    /// <returns>A number for <see cref="HasElapsed"/>.</returns>
    /// <exception cref="ObjectDisposedException">The domain has been disposed.</exception>
    public long StartPoll()
    {
        _core.ThrowIfClosed();
        return _core.GracePeriods.Begin();
    }

    /// <summary>Whether a grace period is over that <see cref="StartPoll"/> began; one look at each thread.</summary>
    /// <param name="cookie">What <see cref="StartPoll"/> returned.</param>
    /// <returns>True if what was unpublished before <see cref="StartPoll"/> may be freed. Also true on a disposed
    /// domain.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is not from this domain.</exception>
    public bool HasElapsed(long cookie)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cookie, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cookie, GracePeriod);
        return _core.GracePeriods.HasElapsed(cookie);
    }

    /// <summary>For what is never refused, whatever state the domain is in.</summary>
    internal GracePeriods<HardwareMemory> GracePeriods => _core.GracePeriods;

    private bool Synchronize(in WaitLimit limit)
    {
        var start = _events.StartGracePeriod();
        if (!_core.Synchronize(limit))
        {
            return false;
        }

        _events.EndGracePeriod(start);
        return true;
    }
}
