namespace Lazykick.Checking.Litmus.Reading;

/// <summary>The architectures whose litmus tests can be run.</summary>
public enum LitmusArchitecture
{
    /// <summary>Arm, 64 bit.</summary>
    AArch64,

    /// <summary>x86: herd's X86_64 (AT&amp;T operand order) and X86 (the target first).</summary>
    X86,
}
