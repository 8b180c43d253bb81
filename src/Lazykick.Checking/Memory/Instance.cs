namespace Lazykick.Checking.Memory;

/// <summary>
/// An instruction instance in a CPU's window as the ordering rules see it. A front end (litmus tests, schemes) fills an
/// array of these from its own packed state, oldest first, and asks <see cref="Window"/> what may happen.
/// </summary>
public struct Instance
{
    /// <summary>A location that is not known yet.</summary>
    public const short UnknownLocation = -1;

    /// <summary>What it is.</summary>
    public InstanceKind Kind { get; set; }

    /// <summary>Acquire, release and the like.</summary>
    public OrderFlags Flags { get; set; }

    /// <summary>Which fence, for <see cref="InstanceKind.Fence"/>.</summary>
    public BarrierKind Fence { get; set; }

    /// <summary>How far it has come.</summary>
    public Progress Progress { get; set; }

    /// <summary>How far its address is known. <see cref="Knowledge.Final"/> where it is fixed.</summary>
    public Knowledge Address { get; set; }

    /// <summary>
    /// How far the value is known that it writes, or that a load has returned, or the outcome of a branch.
    /// </summary>
    public Knowledge Data { get; set; }

    /// <summary>
    /// The read was satisfied and another CPU wrote the location since. Then an older read of the same location can no
    /// longer be satisfied, and an exclusive store that pairs with it can no longer succeed.
    /// </summary>
    public bool Overwritten { get; set; }

    /// <summary>The location, or <see cref="UnknownLocation"/>. One cache line a location.</summary>
    public short Location { get; set; }

    /// <summary>It reads memory.</summary>
    public readonly bool Reads => Kind is InstanceKind.Load or InstanceKind.Rmw;

    /// <summary>It writes memory.</summary>
    public readonly bool Writes => Kind is InstanceKind.Store or InstanceKind.Rmw;

    /// <summary>It reads or writes memory.</summary>
    public readonly bool Accesses => Kind is InstanceKind.Load or InstanceKind.Store or InstanceKind.Rmw;

    /// <summary>Its read is outstanding.</summary>
    public readonly bool ReadPending => Reads && Progress == Progress.Waiting;

    /// <summary>Its write is outstanding.</summary>
    public readonly bool WritePending => Writes && Progress != Progress.Done;

    /// <summary>Its read has been satisfied.</summary>
    public readonly bool HasRead => Reads && Progress != Progress.Waiting;

    /// <summary>Something of the access is outstanding.</summary>
    public readonly bool AccessPending => ReadPending || WritePending;
}
