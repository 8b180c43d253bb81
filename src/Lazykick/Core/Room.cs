namespace Lazykick.Core;

/// <summary>
/// Who waits for the queue to come below its limits, and since when. The queue's lock guards all but the reads.
/// </summary>
internal sealed class Room
{
    private TaskCompletionSource? _task;
    private StallClock _clock;
    private int _threads;
    private int _tasks;

    /// <summary>How many callers wait.</summary>
    public int Waiters => Volatile.Read(ref _threads) + Volatile.Read(ref _tasks);

    /// <summary>A thread begins to wait.</summary>
    public void Enter(TimeProvider time)
    {
        StartClock(time);
        Volatile.Write(ref _threads, _threads + 1);
    }

    /// <summary>A thread has stopped waiting, with or without room.</summary>
    public void Leave() => Volatile.Write(ref _threads, _threads - 1);

    /// <summary>A task that completes when there is room.</summary>
    public Task Task(TimeProvider time)
    {
        StartClock(time);
        Volatile.Write(ref _tasks, _tasks + 1);
        _task ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _task.Task;
    }

    /// <summary>There is room.</summary>
    public void Open()
    {
        _task?.TrySetResult();
        _task = null;
        Volatile.Write(ref _tasks, 0);
        _clock = default;
    }

    /// <summary>
    /// Whether somebody has waited for another full stall timeout. Only the timer asks; a race costs one report.
    /// </summary>
    public bool IsStallDue(TimeProvider time, TimeSpan stallTimeout, out TimeSpan waited)
    {
        var isDue = Waiters > 0 && _clock.IsDue(time, stallTimeout);
        waited = _clock.Waited;
        return isDue;
    }

    private void StartClock(TimeProvider time)
    {
        if (Waiters == 0)
        {
            _clock = default;
            _clock.IsDue(time, TimeSpan.MaxValue);
        }
    }
}
