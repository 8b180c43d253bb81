namespace Lazykick.Core;

/// <summary>
/// A published resource and who holds it: the publisher, whose share ends with a grace period, and pins.
/// </summary>
internal sealed class Held<T>(T value, long size, Action<Held<T>>? closed)
    where T : class, IDisposable
{
    private int _shares = 1;
    private TaskCompletionSource? _closed;

    public T Value => value;

    public long Size => size;

    /// <summary>Whether this stands for the end of its reference, after which nothing is published any more.</summary>
    public bool IsEnd => value is null;

    /// <summary>
    /// What takes the place of the last object when its reference is disposed, and is never released.
    /// </summary>
    /// <param name="last">The last object, by which <see cref="WhenClosed"/> goes; null for none.</param>
    public static Held<T> EndOf(Held<T>? last)
    {
        Held<T> end = new(null!, 0, null) { _closed = last?.Completion ?? new TaskCompletionSource() };
        if (last is null)
        {
            end._closed.SetResult();
        }

        return end;
    }

    /// <summary>Takes a share; the caller is inside a read scope, so the publisher's share is still there.</summary>
    public void AddShare() => Interlocked.Increment(ref _shares);

    /// <summary>Gives a share back; the last one disposes the resource.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _shares) != 0)
        {
            return;
        }

        try
        {
            value.Dispose();
        }
        finally
        {
            closed?.Invoke(this);
            Completion.TrySetResult();
        }
    }

    /// <summary>Completes when the resource has been disposed.</summary>
    public Task WhenClosed => Completion.Task;

    private TaskCompletionSource Completion =>
        Volatile.Read(ref _closed)
        ?? Interlocked.CompareExchange(
            ref _closed,
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
            null
        )
        ?? _closed;
}
