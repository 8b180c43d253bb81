namespace Lazykick.Auditing.Bytes;

/// <summary>The machine that an image is for.</summary>
public enum MachineKind
{
    /// <summary>AArch64, little-endian.</summary>
    Arm64,

    /// <summary>x86, 64 bits.</summary>
    X86,
}
