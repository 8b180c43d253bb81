namespace Lazykick.Checking.Tests.Axiomatic.Relations;

internal enum EffectKind
{
    ReadRegister,
    WriteRegister,
    ReadMemory,
    WriteMemory,

    /// <summary>A conditional branch (the model's BCC).</summary>
    Branch,

    /// <summary>A choice within an instruction, such as whether a compare-and-swap writes.</summary>
    Choice,
    Fence,

    /// <summary>ISB.</summary>
    ContextSync,

    /// <summary>DC CVAU.</summary>
    Clean,

    /// <summary>IC IVAU.</summary>
    Invalidate,

    /// <summary>The read of an instruction of which there are several versions.</summary>
    Fetch,
}
