namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>One instruction of a random program.</summary>
internal sealed record Op(OpKind Kind)
{
    internal int Location { get; init; } = -1;

    /// <summary>The constant written or added.</summary>
    internal int Value { get; init; }

    /// <summary>The register that the result goes to, or -1.</summary>
    internal int Result { get; init; } = -1;

    /// <summary>A register that the address hangs on (without changing it), or -1.</summary>
    internal int AddressFrom { get; init; } = -1;

    /// <summary>A register that is added to the value written, or that a branch tests, or -1.</summary>
    internal int DataFrom { get; init; } = -1;

    internal bool Acquire { get; init; }

    internal bool AcquirePc { get; init; }

    internal bool Release { get; init; }

    /// <summary>An atomic of a load-exclusive and a store-exclusive, tried until it succeeds.</summary>
    internal bool LlSc { get; init; }

    /// <summary>What a compare-and-swap compares with; its result is whether it was that.</summary>
    internal int Compare { get; init; }

    /// <summary>
    /// A load that is tested at once: its result is whether it returned this, and a branch on it follows. -1: an
    /// ordinary load.
    /// </summary>
    internal int Tests { get; init; } = -1;

    /// <summary>A load that is repeated until it returns this, or -1.</summary>
    internal int Awaits { get; init; } = -1;

    /// <summary>
    /// A register that is tested before the instruction, which is skipped unless it has the value <see cref="WhenIs"/>;
    /// or -1.
    /// </summary>
    internal int When { get; init; } = -1;

    internal int WhenIs { get; init; }

    /// <summary>
    /// A fence that belongs to the atomic before it, and is left out with a compare-and-swap that fails.
    /// </summary>
    internal bool IsPartOfAtomic { get; init; }

    /// <summary>An atomic that schemes call fully ordered.</summary>
    internal bool IsFull { get; init; }

    /// <summary>A branch on what it read stands right behind it.</summary>
    internal bool BranchesOnRead => Tests >= 0 || Awaits >= 0 || (Kind == OpKind.CompareSwap && LlSc);

    /// <summary>As written: "DMB SY", "mfence".</summary>
    internal string Fence { get; init; } = "";
}
