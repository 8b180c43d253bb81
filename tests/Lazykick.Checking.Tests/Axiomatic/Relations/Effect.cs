namespace Lazykick.Checking.Tests.Axiomatic.Relations;

/// <summary>One effect of one instruction: what the formal models call an event.</summary>
internal sealed record Effect(EffectKind Kind)
{
    /// <summary>Its thread, or -1 for an initial write.</summary>
    internal int Thread { get; init; } = -1;

    /// <summary>Its instruction, numbered in program order over the whole thread.</summary>
    internal int Instruction { get; init; }

    /// <summary>The memory location or the register.</summary>
    internal int Location { get; init; } = -1;

    internal Port Port { get; init; }

    /// <summary>As written: "DMB SY".</summary>
    internal string Fence { get; init; } = "";

    internal bool Acquire { get; init; }

    internal bool AcquirePc { get; init; }

    internal bool Release { get; init; }

    internal bool Exclusive { get; init; }

    /// <summary>Part of one atomic instruction.</summary>
    internal bool Atomic { get; init; }

    /// <summary>The read of an atomic that returns nothing.</summary>
    internal bool NoReturn { get; init; }

    /// <summary>What it writes, from what other effects read or wrote; null where it does not write.</summary>
    internal Func<Values, int?>? Written { get; init; }

    internal bool IsRead => Kind is EffectKind.ReadMemory or EffectKind.Fetch;

    internal bool IsWrite => Kind == EffectKind.WriteMemory;
}
