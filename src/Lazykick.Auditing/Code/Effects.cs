namespace Lazykick.Auditing.Code;

/// <summary>What an instruction does, as far as an audit asks.</summary>
[Flags]
public enum Effects
{
    /// <summary>Nothing that an audit asks for.</summary>
    None = 0,

    /// <summary>It reads and writes memory atomically (arm64: the store that ends the exclusive pair).</summary>
    Atomic = 1,

    /// <summary>arm64 isb.</summary>
    Isb = 2,

    /// <summary>arm64 dsb.</summary>
    Dsb = 4,

    /// <summary>x86: it serialises (Intel SDM volume 3, section 9.3).</summary>
    Serialise = 8,

    /// <summary>It masks interrupts.</summary>
    Mask = 16,

    /// <summary>It may unmask interrupts.</summary>
    Unmask = 32,

    /// <summary>It waits a moment in a loop: yield, wfe, pause.</summary>
    Relax = 64,

    /// <summary>The CPU sleeps: wfi, hlt, mwait.</summary>
    Sleep = 128,

    /// <summary>It reads memory.</summary>
    Load = 256,

    /// <summary>A trap that warns and goes on, or is fatal: ud2, brk.</summary>
    Trap = 512,
}
