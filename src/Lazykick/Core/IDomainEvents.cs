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

    /// <summary>A grace period has been waited for for another full stall timeout.</summary>
    void GracePeriodStalled(long gracePeriod, TimeSpan waited, IReadOnlyList<Blocker> blockers);

    /// <summary>So has the end of the last scopes of a domain that is being disposed.</summary>
    void DisposalStalled(TimeSpan waited, IReadOnlyList<Blocker> blockers);

    /// <summary>A callback has been running for another full stall timeout.</summary>
    void CallbackStalled(TimeSpan waited, string callback);

    /// <summary>A writer has been waiting for room for another full stall timeout.</summary>
    void WriterStalled(TimeSpan waited, IReadOnlyList<Blocker> blockers, string? callback);

    /// <summary>The queue of retired resources went above a limit.</summary>
    void PressureBegan(long pending, long pendingBytes);

    /// <summary>A callback of a retired resource threw.</summary>
    void CallbackFailed(Exception exception);
}
