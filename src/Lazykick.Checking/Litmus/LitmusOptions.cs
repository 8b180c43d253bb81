using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus;

/// <summary>How a test is run.</summary>
public sealed record LitmusOptions
{
    /// <summary>The memory model; null for the architecture's own.</summary>
    public MemoryModel? Model { get; init; }

    /// <summary>Most instructions in flight on a CPU, from 1 to 64. Code without loops is never cut short by 32.</summary>
    /// <value>32.</value>
    public int Window { get; init; } = 32;

    /// <summary>Most states.</summary>
    /// <value>20 million.</value>
    public int MaxStates { get; init; } = 20_000_000;

    /// <summary>
    /// Steps that no other CPU can notice happen at once. Off only to show that this changes no answer: then issuing
    /// each instruction is a step of its own.
    /// </summary>
    /// <value>True.</value>
    public bool Reduced { get; init; } = true;

    /// <summary>Called every few thousand states with how many were visited, how many wait, and the time since the start.</summary>
    public Action<int, int, TimeSpan>? Progress { get; init; }

    /// <summary>Keep one shortest execution: of a final state that satisfies the proposition if there is one.</summary>
    public bool Trace { get; init; }
}
