using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// The end of a queue. From its beginning on the queue closes as soon as nothing is left in it; until then a callback
/// may still retire.
/// </summary>
/// <remarks>
/// That nothing is left, and that nothing comes any more, is one compare-and-exchange of the buffer's word: a retirer
/// has taken its place before it, and its item runs, or finds the queue closed.
/// </remarks>
internal sealed class Drain<TMemory>(Gate gate, RetiredBuffer<TMemory> buffer, Backlog<TMemory> backlog)
    where TMemory : struct, ISharedMemory
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it has begun. Without the lock this may be a moment old.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether the queue is closed. Under the lock.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Begins it. No reader is there any more, callbacks apart.</summary>
    /// <returns>A task that completes when nothing is left.</returns>
    public Task Begin()
    {
        TMemory.Enter(gate);
        HasBegun = true;
        CloseIfEmpty();
        TMemory.PulseAll(gate);
        TMemory.Exit(gate);
        return _over.Task;
    }

    /// <summary>Waits until nothing is left.</summary>
    /// <returns>Whether everything has run; false if the time is up.</returns>
    public bool Wait(in WaitLimit limit)
    {
        TMemory.Enter(gate);
        try
        {
            while (!IsOver)
            {
                if (limit.IsOver)
                {
                    return false;
                }

                TMemory.Wait(gate, limit.Left);
            }

            return true;
        }
        finally
        {
            TMemory.Exit(gate);
        }
    }

    /// <summary>Closes the queue if it is to end and nothing is left. Under the lock.</summary>
    public void CloseIfEmpty()
    {
        if (HasBegun && !IsOver && buffer.TryClose())
        {
            IsOver = true;
            backlog.Open();
            _over.TrySetResult();
        }
    }
}
