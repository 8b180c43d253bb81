namespace Lazykick.Checking.Memory;

/// <summary>
/// Which orderings a CPU keeps between its own operations. Memory itself is multi-copy atomic in all three.
/// </summary>
public enum MemoryModel
{
    /// <summary>Sequential consistency: every operation waits for all older ones of its CPU.</summary>
    Sc,

    /// <summary>
    /// x86-TSO (Owens, Sarkar, Sewell, TPHOLs 2009): loads in order, stores through a FIFO with forwarding.
    /// </summary>
    Tso,

    /// <summary>
    /// Arm (Pulte et al., POPL 2018; DDI0487 B2.3): a window of operations in flight, see <see cref="Ordering"/>.
    /// </summary>
    Arm,
}
