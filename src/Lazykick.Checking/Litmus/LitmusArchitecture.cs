namespace Lazykick.Checking.Litmus;

/// <summary>The architectures whose litmus tests can be run.</summary>
public enum LitmusArchitecture
{
    /// <summary>Arm, 64 bit.</summary>
    AArch64,

    /// <summary>x86, 64 bit, AT&amp;T operand order.</summary>
    X86,
}
