namespace Lazykick.Auditing.Code;

/// <summary>Where control goes after an instruction.</summary>
public enum FlowKind
{
    /// <summary>To the next.</summary>
    Next,

    /// <summary>To its target.</summary>
    Jump,

    /// <summary>To its target or to the next.</summary>
    Branch,

    /// <summary>To its target, and back to the next.</summary>
    Call,

    /// <summary>To wherever a register or a word of memory says.</summary>
    IndirectJump,

    /// <summary>There, and back.</summary>
    IndirectCall,

    /// <summary>To the caller.</summary>
    Return,

    /// <summary>Out of the kernel, or to what was interrupted: eret, iret, sysret, sysexit.</summary>
    ExceptionReturn,

    /// <summary>Nowhere: it traps for good.</summary>
    Stop,

    /// <summary>The bytes are no instruction that the decoder knows.</summary>
    Undecoded,
}
