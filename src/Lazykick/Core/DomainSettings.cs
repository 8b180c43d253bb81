namespace Lazykick.Core;

/// <summary>What the core needs to know of a domain's options.</summary>
internal sealed record DomainSettings
{
    /// <summary>The clock of stall reports.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>After how long a wait is reported, and how often; zero or less for never.</summary>
    public TimeSpan StallTimeout { get; init; }

    /// <summary>How many callbacks may wait before the queue is at its limit.</summary>
    public required int MaxPending { get; init; }

    /// <summary>How many bytes the retired resources may hold before the queue is at its limit.</summary>
    public required long MaxPendingBytes { get; init; }

    /// <summary>How often the reclaimer looks by itself; zero if retirers wake it.</summary>
    public TimeSpan ReclaimInterval { get; init; }

    /// <summary>Items in a chunk of the queue; small where tests want to see many chunks.</summary>
    public int ChunkCapacity { get; init; } = RetiredChunk.LargestCapacity;
}
