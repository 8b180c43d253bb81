namespace Lazykick.Auditing.Walking;

/// <summary>What may rewrite an instruction.</summary>
public enum SiteKind
{
    /// <summary>A static key.</summary>
    StaticKey,

    /// <summary>A static call.</summary>
    StaticCall,

    /// <summary>A function tracer at the function's entry; livepatch and BPF trampolines use the same place.</summary>
    Ftrace,

    /// <summary>A probe, anywhere in the function.</summary>
    Kprobe,

    /// <summary>Alternatives: once, at boot, or when a module is loaded.</summary>
    Alternative,
}
