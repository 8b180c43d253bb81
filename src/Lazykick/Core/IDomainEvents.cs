namespace Lazykick.Core;

/// <summary>
/// What the core tells the outside about itself; never while it holds a lock, as handlers are the user's code.
/// </summary>
internal interface IDomainEvents
{
    /// <summary>
    /// A grace period is over that began at the given time stamp of <see cref="System.Diagnostics.Stopwatch"/>.
    /// </summary>
    void GracePeriodEnded(long began);

    /// <summary>A thread ended without disposing its registration.</summary>
    void Reaped(Registration registration, bool wasActive);

    /// <summary>Something has been waiting for longer than the stall timeout, or for a multiple of it.</summary>
    void Stalled(in StallReport report);

    /// <summary>The queue of retired resources went above a limit.</summary>
    void PressureBegan(long pending, long pendingBytes);

    /// <summary>A callback of a retired resource threw.</summary>
    void CallbackFailed(Exception exception);
}
