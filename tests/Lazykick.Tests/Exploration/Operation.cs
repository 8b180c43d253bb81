namespace Lazykick.Tests.Exploration;

internal enum OperationKind
{
    Load,
    Store,
    ReadModifyWrite,
    Fence,
    ForeignFence,
    EnterGate,
    ExitGate,
    BeginWait,
    EndWait,
    Pause,
    IsAlive,
    Flush,
}

/// <summary>
/// What a thread is about to do, for the scheduler: can it run, and does it commute with another operation?
/// </summary>
/// <param name="Kind">What it does.</param>
/// <param name="Place">
/// A number for the word or the lock: the objects are new in every execution, the numbers, given in the order of first
/// use, are the same wherever two executions have the same beginning.
/// </param>
/// <param name="Full">Whether it is a full barrier.</param>
/// <param name="DecidesLate">Whether it may have to decide loads that were left open.</param>
internal readonly record struct Operation(OperationKind Kind, int Place, bool Full = false, bool DecidesLate = false)
{
    /// <summary>The number of no place.</summary>
    public const int Nowhere = -1;

    /// <summary>
    /// Whether the order of two operations of different threads cannot be told apart. Fences are ordered among
    /// themselves (they join one global view); what waits for or touches everything commutes with nothing.
    /// </summary>
    public bool CommutesWith(in Operation other)
    {
        if (TouchesAll || other.TouchesAll)
            return false;
        if (Full && other.Full)
            return false;
        if (Place != other.Place || Place == Nowhere)
            return true;
        return Kind == OperationKind.Load && other.Kind == OperationKind.Load;
    }

    // A step that decides late loads reads places of which it does not say anything.
    private bool TouchesAll =>
        DecidesLate
        || Kind is OperationKind.ForeignFence or OperationKind.Pause or OperationKind.IsAlive or OperationKind.EndWait;
}
