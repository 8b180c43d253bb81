using Lazykick.Memory;

namespace Lazykick.Core;

/// <summary>
/// The state of one registered thread. The shared word is <see cref="Eqs"/> while the thread is in an extended
/// quiescent state, else the number of the last grace period that the thread has seen begin. One word serves both
/// questions: "is everybody in EQS?" (a kick) and "has everybody passed a quiescent state since?" (a grace period).
/// </summary>
internal sealed class Slot(Cell gracePeriod, Cell closed) : Cell(Eqs)
{
    /// <summary>
    /// The thread holds no reference to protected data and will execute a full barrier before it takes one.
    /// </summary>
    public const long Eqs = 0;

    /// <summary>The domain's number of grace periods, here so that the owner finds it on a line that it owns.</summary>
    public readonly Cell GracePeriod = gracePeriod;

    /// <summary>
    /// The domain's <see cref="DomainCore{TMemory}.Closed"/> word; it also tells the slots of different domains apart.
    /// </summary>
    public readonly Cell Closed = closed;

    // The owner's private bookkeeping, on the line that it owns anyway.

    /// <summary>The value that the owner last put into the shared word.</summary>
    public long Announced;

    /// <summary>The ticket of the innermost open scope of any kind; 0 if none is open.</summary>
    public long Innermost;

    /// <summary>
    /// The last ticket given out. Never given twice, so a copy of a closed scope matches no later one.
    /// </summary>
    public long LastTicket;

    /// <summary>Read scopes that are open.</summary>
    public int Reads;

    /// <summary>Whether the owner is out of EQS.</summary>
    public bool Watching;

    /// <summary>Who holds the slot; null while it is free. Written under the registry's lock.</summary>
    public volatile Registration? Registration;

#pragma warning disable CA1823, IDE0051, CS0169 // Unused on purpose: it takes up room.
    private readonly Padding _after;
#pragma warning restore CA1823, IDE0051, CS0169

    /// <summary>
    /// Whether the calling thread holds the slot. No lock: a thread's own registration changes by its own hand only,
    /// and comparing threads, not their recycled identifiers, makes every other answer "no".
    /// </summary>
    public bool IsHeldByCaller => ReferenceEquals(Registration?.Owner, Thread.CurrentThread);

    /// <summary>
    /// Forgets all open scopes of an owner that will not close them. The caller sets the shared word.
    /// </summary>
    public void Abandon()
    {
        Watching = false;
        Innermost = 0;
        Reads = 0;
    }
}
