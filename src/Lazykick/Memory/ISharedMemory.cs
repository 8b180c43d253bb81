namespace Lazykick.Memory;

/// <summary>
/// The seam between the protocol and the machine: every access that two threads can race on goes through it. The JIT
/// specialises the protocol for a struct that implements this interface, so that in production
/// (<see cref="HardwareMemory"/>) each member is the instruction that it names; the tests put a scheduler with weak
/// memory behind the same members and explore the very code that ships.
/// </summary>
internal interface ISharedMemory
{
    /// <summary>Loads; later accesses of this thread are not performed before it.</summary>
    static abstract long LoadAcquire(Cell cell);

    /// <summary>
    /// Loads a figure that is reported, or that a caller who is late in knowing it only waits longer or shorter for:
    /// nothing is ordered by it, and the tests explore no interleavings for it.
    /// </summary>
    static abstract long Look(Cell cell);

    /// <summary>Stores; earlier accesses of this thread are performed before it.</summary>
    static abstract void StoreRelease(Cell cell, long value);

    /// <summary>Exchanges; a full barrier on both sides.</summary>
    static abstract long ExchangeFull(Cell cell, long value);

    /// <summary>Adds and gives the new value; a full barrier on both sides.</summary>
    static abstract long AddFull(Cell cell, long value);

    /// <summary>
    /// Stores a value if another one is there, and gives what was there; a full barrier on both sides if it stores.
    /// </summary>
    static abstract long CompareExchangeFull(Cell cell, long value, long comparand);

    /// <summary>Loads a published reference; the referenced object is seen as it was when it was published.</summary>
    static abstract T LoadAcquire<T>(Published<T> published)
        where T : class;

    /// <summary>Publishes a reference after everything that this thread did before.</summary>
    static abstract void StoreRelease<T>(Published<T> published, T value)
        where T : class;

    /// <summary>
    /// Loads an entry of a shared array, in no order of its own: an acquire load has told that it is there.
    /// </summary>
    static abstract T LoadElement<T>(T[] array, int index)
        where T : class;

    /// <summary>
    /// Stores an entry of a shared array, in no order of its own: a release store tells that it is there.
    /// </summary>
    static abstract void StoreElement<T>(T[] array, int index, T value)
        where T : class;

    /// <summary>Loads a number of a shared array, as <see cref="LoadAcquire(Cell)"/>.</summary>
    static abstract long LoadAcquire(long[] array, int index);

    /// <summary>Stores a number of a shared array, as <see cref="StoreRelease(Cell, long)"/>.</summary>
    static abstract void StoreRelease(long[] array, int index, long value);

    /// <summary>Loads a word outside of the collector's heap, as <see cref="LoadAcquire(Cell)"/>.</summary>
    static abstract ulong LoadAcquire(ref ulong word);

    /// <summary>Stores a word outside of the collector's heap, as <see cref="StoreRelease(Cell, long)"/>.</summary>
    static abstract void StoreRelease(ref ulong word, ulong value);

    /// <summary>
    /// Loads what lies outside of the collector's heap, in no order of its own: an acquire load has told that it is
    /// there.
    /// </summary>
    static abstract T LoadContent<T>(ref T place)
        where T : unmanaged;

    /// <summary>
    /// Stores what lies outside of the collector's heap, in no order of its own: a release store tells that it is
    /// there.
    /// </summary>
    static abstract void StoreContent<T>(ref T place, T value)
        where T : unmanaged;

    /// <summary>A full barrier on this thread.</summary>
    static abstract void Fence();

    /// <summary>A full barrier on every thread of the process: each executes one between call and return.</summary>
    static abstract void ProcessWideFence();

    /// <summary>Takes a mutual exclusion lock.</summary>
    static abstract void Enter(Gate gate);

    /// <summary>Gives the lock back.</summary>
    static abstract void Exit(Gate gate);

    /// <summary>Gives the lock back, waits for <see cref="PulseAll"/> or the timeout, takes it again.</summary>
    /// <returns>Whether there was a pulse before the timeout.</returns>
    static abstract bool Wait(Gate gate, TimeSpan timeout);

    /// <summary>Wakes all who wait at a lock that this thread holds.</summary>
    static abstract void PulseAll(Gate gate);

    /// <summary>Lets other threads run between two looks at a condition.</summary>
    static abstract void Pause(ref PauseState state, CancellationToken cancellationToken);

    /// <summary>Whether a thread can still run managed code.</summary>
    static abstract bool IsAlive(Thread thread);
}
