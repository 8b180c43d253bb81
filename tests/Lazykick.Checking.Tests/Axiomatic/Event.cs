namespace Lazykick.Checking.Tests.Axiomatic;

/// <summary>A read or write of a candidate execution.</summary>
/// <param name="Thread">Its thread, or -1 for an initial write.</param>
/// <param name="Position">The instruction's position in its thread.</param>
/// <param name="IsWrite">Write or read.</param>
/// <param name="Op">The instruction; null for an initial write.</param>
internal sealed record Event(int Thread, int Position, bool IsWrite, int Location, Op? Op)
{
    internal bool IsAtomic => Op is { Kind: OpKind.Swap or OpKind.Add or OpKind.AddNoReturn or OpKind.CompareSwap };

    internal bool Acquire => !IsWrite && Op is { Acquire: true };

    internal bool AcquirePc => !IsWrite && Op is { AcquirePc: true };

    internal bool Release => IsWrite && Op is { Release: true };
}
