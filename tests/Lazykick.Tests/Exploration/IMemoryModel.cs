namespace Lazykick.Tests.Exploration;

/// <summary>
/// How weak memory is. All calls of one execution come one after the other; threads are numbered from 0. What is left
/// open (which of several values a load gives) is asked from <see cref="IChoices"/>.
/// </summary>
internal interface IMemoryModel
{
    /// <summary>
    /// Adds a thread that has seen what <paramref name="creator"/> has seen; -1 for the start of the execution.
    /// </summary>
    void AddThread(int creator);

    long Load(int thread, object place, long initial, bool acquire);

    /// <summary>
    /// A load that may take its value later than the operations behind it; decided when something orders it.
    /// </summary>
    void LoadLate(int thread, object place, long initial, LateRead result);

    /// <summary>Whether the thread has loads that are not decided yet.</summary>
    bool HasLate(int thread);

    void Store(int thread, object place, long initial, long value, bool release);

    /// <summary>Reads the newest value and replaces it; returns the old one. Full: a barrier on both sides.</summary>
    long ReadModifyWrite(int thread, object place, long initial, Func<long, long> change, bool full);

    /// <summary>
    /// Replaces the newest value, with a barrier on both sides, if it is the one that is expected; else only acquires
    /// it. Returns the old one.
    /// </summary>
    long CompareExchange(int thread, object place, long initial, long value, long comparand);

    /// <summary>The newest value, for whoever looks on from outside.</summary>
    long Newest(object place, long initial);

    void Fence(int thread);

    /// <summary>Taking or giving back a lock: what one leaves the next one finds.</summary>
    void AcquireFrom(int thread, object token);

    void ReleaseTo(int thread, object token);

    /// <summary>Sees everything that a thread did that has ended.</summary>
    void Join(int thread, int ended);

    /// <summary>Whether the hardware lets the thread do this now.</summary>
    bool CanRun(int thread, in Operation operation);

    /// <summary>The place that a background step of this thread would write, or null if there is none.</summary>
    object? PendingFlush(int thread);

    /// <summary>Performs the background step.</summary>
    void Flush(int thread);

    /// <summary>Whether something that the thread read since its last pause has changed.</summary>
    bool HasNews(int thread);

    /// <summary>Makes those changes visible: stores arrive in finite time.</summary>
    void TakeNews(int thread);

    /// <summary>The end of the execution: whatever is still late is decided.</summary>
    void Finish();
}

/// <summary>Decides what is left open.</summary>
internal interface IChoices
{
    /// <summary>A number from 0 to below <paramref name="count"/>.</summary>
    int Choose(int count);
}

/// <summary>The value of a load that may be performed late.</summary>
internal sealed class LateRead
{
    public long Value { get; set; }
}
