namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>One instruction of a random program.</summary>
internal sealed record Op(OpKind Kind)
{
    internal int Location { get; init; } = -1;

    /// <summary>The constant written or added.</summary>
    internal int Value { get; init; }

    /// <summary>The register that the result goes to: the position of the instruction in its thread.</summary>
    internal int Result { get; init; } = -1;

    /// <summary>A register that the address hangs on (without changing it), or -1.</summary>
    internal int AddressFrom { get; init; } = -1;

    /// <summary>A register that is added to the value written, or that a branch tests, or -1.</summary>
    internal int DataFrom { get; init; } = -1;

    internal bool Acquire { get; init; }

    internal bool AcquirePc { get; init; }

    internal bool Release { get; init; }

    /// <summary>As written: "DMB SY", "mfence".</summary>
    internal string Fence { get; init; } = "";
}
