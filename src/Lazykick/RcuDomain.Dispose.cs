using System.Diagnostics;
using Lazykick.Core;

namespace Lazykick;

public sealed partial class RcuDomain
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(15);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _disposing = new();
    private readonly TimeSpan _disposeTimeout;

    /// <summary>
    /// Cancelled when the disposal of the domain begins: what a long-running reader or writer watches, so that disposal
    /// need not wait for it. Handlers run on the thread pool.
    /// </summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>
    /// Ends the domain: refuses new scopes, waits for the open ones, then runs all that is pending. Afterwards no
    /// thread is in a scope of it and every call on it or on its registrations throws. Waits for
    /// <see cref="RcuDomainOptions.DisposeTimeout"/> at most.
    /// </summary>
    /// <exception cref="InvalidOperationException">The caller is active in this domain, or is a callback of
    /// it.</exception>
    /// <exception cref="TimeoutException">
    /// A reader did not leave its scope, or a callback did not end; the message says which. The domain stays closed to
    /// new readers, what is pending is kept, and another call goes on waiting.
    /// </exception>
    public void Dispose() => Dispose(_disposeTimeout);

    /// <summary>As <see cref="Dispose()"/>, with a time limit of its own.</summary>
    /// <param name="timeout">At least zero; or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="InvalidOperationException">The caller is active in this domain, or is a callback of
    /// it.</exception>
    /// <exception cref="TimeoutException">As <see cref="Dispose()"/>.</exception>
    public void Dispose(TimeSpan timeout)
    {
        var limit = WaitLimit.For(timeout);
        if (IsClosed)
        {
            return;
        }

        BeginClose(nameof(Dispose));
        if (!_core.FinishClose(limit))
        {
            throw TimedOut(timeout);
        }

        _events.Instruments.Remove(this);
    }

    /// <summary>As <see cref="Dispose()"/>, without holding a thread while it waits.</summary>
    /// <exception cref="InvalidOperationException">The caller is active in this domain, or is a callback of
    /// it.</exception>
    /// <exception cref="TimeoutException">As <see cref="Dispose()"/>.</exception>
    public ValueTask DisposeAsync() => DisposeAsync(_disposeTimeout);

    /// <summary>As <see cref="Dispose(TimeSpan)"/>, without holding a thread while it waits.</summary>
    /// <param name="timeout">At least zero; or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="InvalidOperationException">The caller is active in this domain, or is a callback of
    /// it.</exception>
    /// <exception cref="TimeoutException">As <see cref="Dispose()"/>.</exception>
    public ValueTask DisposeAsync(TimeSpan timeout)
    {
        var limit = WaitLimit.For(timeout);
        if (IsClosed)
        {
            return ValueTask.CompletedTask;
        }

        BeginClose(nameof(DisposeAsync));
        return new ValueTask(Finish());

        async Task Finish()
        {
            for (
                var pause = TimeSpan.FromMilliseconds(1);
                !_core.GracePeriods.HasElapsed(Core.GracePeriods<Memory.HardwareMemory>.Never);
                pause = pause < LongestPause ? pause * 2 : LongestPause
            )
            {
                if (limit.IsOver)
                {
                    throw TimedOut(timeout);
                }

                await Task.Delay(pause).ConfigureAwait(false);
            }

            try
            {
                await _core.Retired.Drain.Begin().WaitAsync(limit.Left).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw TimedOut(timeout);
            }

            _core.End();
            _events.Instruments.Remove(this);
        }
    }

    /// <summary>How long a disposal waits that is not told.</summary>
    internal TimeSpan DisposeTimeout => _disposeTimeout;

    /// <summary>The disposal of something that this domain protects has run into the time limit.</summary>
    internal TimeoutException CloseTimedOut(string name) =>
        Misuse.CloseTimedOut(
            name,
            _disposeTimeout,
            Describe(_core.GracePeriods.FindBlockers(_core.GracePeriods.Newest)),
            _core.Retired.DescribeRunning()
        );

    private bool IsClosed => Memory.HardwareMemory.LoadAcquire(_closed) == DomainState.Closed;

    private void BeginClose(string operation)
    {
        _core.ThrowIfItWouldDeadlock(operation);
        bool began;
        lock (_disposing)
        {
            began = _core.BeginClose();
        }

        if (began)
        {
            // The token is cancelled when this returns; the handlers, which are the user's, run elsewhere.
            _ = _stopping.CancelAsync();
        }
    }

    private TimeoutException TimedOut(TimeSpan timeout)
    {
        Debug.Assert(timeout != Timeout.InfiniteTimeSpan, "without a limit the time is never up");
        return Misuse.DisposeTimedOut(
            Name,
            timeout,
            Describe(_core.GracePeriods.FindBlockers(Core.GracePeriods<Memory.HardwareMemory>.Never)),
            _core.Retired.DescribeRunning(),
            _core.Retired.LastRun,
            PendingCount
        );
    }

    private static string[] Describe(List<Blocker> blockers) =>
        [.. blockers.Select(static blocker => $"{blocker.Registration.ThreadName} ({blocker.Registration.Origin})")];
}
