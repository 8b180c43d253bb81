namespace Lazykick.Checking.Memory;

/// <summary>What an instruction instance is, as far as ordering is concerned.</summary>
public enum InstanceKind : byte
{
    /// <summary>Registers only.</summary>
    Local,

    /// <summary>
    /// A conditional or indirect branch; <see cref="Instance.Data"/> tells whether its outcome is settled.
    /// </summary>
    Branch,

    /// <summary>A memory read.</summary>
    Load,

    /// <summary>A memory write, exclusive ones that succeed included. One that fails is <see cref="Local"/>.</summary>
    Store,

    /// <summary>A read and a write in one instruction (LSE atomics, compare-and-swap, x86 locked operations).</summary>
    Rmw,

    /// <summary>DMB, DSB, MFENCE: see <see cref="Instance.Fence"/>.</summary>
    Fence,

    /// <summary>A context synchronisation event: ISB, and exception entry or return where it synchronises.</summary>
    ContextSync,

    /// <summary>DC CVAU: clean to the point of unification.</summary>
    Clean,

    /// <summary>IC IVAU: invalidate the instruction caches of every CPU.</summary>
    Invalidate,
}
