using System.Diagnostics;
using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// Tasks that wait for a grace period, on a thread of their own: a callback that hangs, or that waits for such a task
/// itself, holds none of them up.
/// </summary>
internal sealed class GracePeriodWaiters<TMemory>(
    GracePeriods<TMemory> gracePeriods,
    IDomainEvents events,
    Action<Action> startThread
)
    where TMemory : struct, ISharedMemory
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private readonly Gate _gate = new();
    private readonly List<TaskCompletionSource> _waiters = [];
    private bool _isRunning;
    private bool _isClosed;

    /// <summary>A task that completes when a grace period has passed that begins from now on.</summary>
    public Task Add()
    {
        TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TMemory.Enter(_gate);
        try
        {
            if (!_isRunning)
            {
                // May throw; then nothing has been added.
                startThread(Serve);
                _isRunning = true;
            }

            _waiters.Add(completion);
            TMemory.PulseAll(_gate);
        }
        finally
        {
            TMemory.Exit(_gate);
        }

        return completion.Task;
    }

    /// <summary>Lets the thread end once it has served whoever waits.</summary>
    public void Close()
    {
        TMemory.Enter(_gate);
        _isClosed = true;
        TMemory.PulseAll(_gate);
        TMemory.Exit(_gate);
    }

    private void Serve()
    {
        while (Take() is { Length: > 0 } waiters)
        {
            var began = Stopwatch.GetTimestamp();
            gracePeriods.Wait(gracePeriods.Begin(), "SynchronizeAsync", WaitLimit.Until(CancellationToken.None));
            events.GracePeriodEnded(began);
            foreach (var waiter in waiters)
            {
                waiter.TrySetResult();
            }
        }
    }

    private TaskCompletionSource[] Take()
    {
        TMemory.Enter(_gate);
        try
        {
            while (_waiters.Count == 0)
            {
                // A timed-out wait looks once more: a waiter may have come while the lock was being taken again.
                if (_isClosed || (!TMemory.Wait(_gate, IdleTime) && _waiters.Count == 0))
                {
                    _isRunning = false;
                    return [];
                }
            }

            TaskCompletionSource[] taken = [.. _waiters];
            _waiters.Clear();
            return taken;
        }
        finally
        {
            TMemory.Exit(_gate);
        }
    }
}
