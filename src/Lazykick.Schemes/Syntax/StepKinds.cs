namespace Lazykick.Schemes.Syntax;

/// <summary>
/// Ordering annotations, in the kernel's terms (memory-barriers.txt); without effect under <c>sc</c>.
/// </summary>
public enum MemoryOrder
{
    /// <summary>No ordering of its own: READ_ONCE, WRITE_ONCE, an atomic without return value.</summary>
    Relaxed,

    /// <summary>Later accesses stay later: smp_load_acquire.</summary>
    Acquire,

    /// <summary>Earlier accesses stay earlier: smp_store_release.</summary>
    Release,

    /// <summary>A full barrier on both sides: a value-returning atomic without suffix.</summary>
    Full,
}

/// <summary>
/// How an atomic read-modify-write is built on arm64 (arch/arm64/include/asm/atomic_ll_sc.h, atomic_lse.h, v4.16).
/// </summary>
public enum AtomicForm
{
    /// <summary>What the scheme's knob <c>atomics</c> says, or LSE without one.</summary>
    Default,

    /// <summary>One instruction of FEAT_LSE: LDADDAL, SWPAL, CASAL for <c>full</c>.</summary>
    Lse,

    /// <summary>A loop of LDXR and STLXR, followed by DMB ISH for <c>full</c>.</summary>
    LlSc,
}

/// <summary>Memory barriers.</summary>
public enum FenceKind
{
    /// <summary>smp_mb(): DMB ISH on arm64, a locked instruction or MFENCE on x86.</summary>
    SmpMb,

    /// <summary>smp_rmb(): DMB ISHLD on arm64.</summary>
    SmpRmb,

    /// <summary>smp_wmb(): DMB ISHST on arm64.</summary>
    SmpWmb,

    /// <summary>DSB ISH: waits until all earlier accesses and maintenance are complete.</summary>
    Dsb,
}

/// <summary>Steps about instruction fetch and the kernel's doors.</summary>
public enum SyncKind
{
    /// <summary>ISB: a context synchronisation event.</summary>
    Isb,

    /// <summary>
    /// Exception entry: masks D, A, I and F; a context synchronisation event unless FEAT_ExS with EIS=0.
    /// </summary>
    Exception,

    /// <summary>
    /// Exception return: restores the masks; a context synchronisation event unless FEAT_ExS with EOS=0.
    /// </summary>
    Eret,

    /// <summary>
    /// x86 interrupt or exception entry, or a trap of RISC-V or LoongArch: no context synchronisation event.
    /// </summary>
    X86Exception,

    /// <summary>IRET: serialising.</summary>
    Iret,

    /// <summary>SYSRET, and SRET, MRET and ERTN of RISC-V and LoongArch: no context synchronisation event.</summary>
    Sysret,

    /// <summary>CPUID, MOV to CR3, SERIALIZE; FENCE.I and IBAR, for the CPU that runs them.</summary>
    Serialize,
}

/// <summary>Steps of the writer of text.</summary>
public enum TextStepKind
{
    /// <summary>Stores the new instruction.</summary>
    Write,

    /// <summary>DC CVAU: cleans the data cache to the point of unification.</summary>
    CleanData,

    /// <summary>IC IVAU: invalidates instruction caches, on all CPUs.</summary>
    InvalidateInstruction,
}

/// <summary>What an assignment means for the life of an object in memory.</summary>
public enum Lifetime
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It begins: the first value is stored.</summary>
    Alloc,

    /// <summary>Its contents are taken for the last time: nobody else may write to it from here on.</summary>
    Drain,

    /// <summary>It ends: nobody may read or write it from here on.</summary>
    Free,
}

/// <summary>Steps that concern a translation of kernel addresses.</summary>
public enum MappingStepKind
{
    /// <summary>Removes or changes the page-table entry.</summary>
    Unmap,

    /// <summary>TLBI with broadcast: invalidates the translation on every CPU; complete after a DSB.</summary>
    Broadcast,

    /// <summary>Invalidates the translation on the CPU that runs the step.</summary>
    Flush,

    /// <summary>An access through the mapping.</summary>
    Touch,
}

/// <summary>The mask bits of PSTATE.</summary>
[Flags]
public enum ExceptionMasks
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Watchpoint, breakpoint and single-step exceptions; never BRK.</summary>
    D = 1,

    /// <summary>SError.</summary>
    A = 2,

    /// <summary>IRQ.</summary>
    I = 4,

    /// <summary>FIQ.</summary>
    F = 8,

    /// <summary>All four.</summary>
    All = D | A | I | F,
}

/// <summary>What happens to registers.</summary>
public enum RegisterStepKind
{
    /// <summary>They hold values of the interrupted program, saved on the stack.</summary>
    Save,

    /// <summary>They are loaded again from where they were saved.</summary>
    Restore,

    /// <summary>Their saved values are needed.</summary>
    Use,

    /// <summary>Their values are lost.</summary>
    Clobber,
}

/// <summary>Kernel code of which little matters.</summary>
public enum CodeStepKind
{
    /// <summary>Any instructions.</summary>
    Plain,

    /// <summary>A site that can be patched at run time.</summary>
    Site,

    /// <summary>A read-side section or another use of RCU.</summary>
    Rcu,

    /// <summary>Ordinary kernel code that uses RCU.</summary>
    Body,
}

/// <summary>Places in a path where a CPU stays.</summary>
public enum RestKind
{
    /// <summary>WFI: until an interrupt is pending, masked or not, or for no reason.</summary>
    Wfi,

    /// <summary>Guest code: until an interrupt is pending or the guest traps; no host text runs.</summary>
    Guest,

    /// <summary>Until something outside the scheme happens.</summary>
    Linger,
}
