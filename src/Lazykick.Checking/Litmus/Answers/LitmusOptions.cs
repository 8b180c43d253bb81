using Lazykick.Checking.Exploration;
using Lazykick.Checking.Memory;

namespace Lazykick.Checking.Litmus.Answers;

/// <summary>How a test is run.</summary>
public sealed record LitmusOptions
{
    /// <summary>The memory model; null for the architecture's own.</summary>
    public MemoryModel? Model { get; init; }

    /// <summary>
    /// Most instructions in flight on a CPU, from 1 to 64. Code without loops is never cut short by 32.
    /// </summary>
    /// <value>32.</value>
    public int Window { get; init; } = 32;

    /// <summary>Where the search gives up.</summary>
    public SearchLimits Limits { get; init; } = SearchLimits.Default;

    /// <summary>
    /// Steps that no other CPU can notice happen at once. Off only to show that this changes no answer: then issuing
    /// each instruction is a step of its own.
    /// </summary>
    /// <value>True.</value>
    public bool Reduced { get; init; } = true;

    /// <summary>Called about once a second.</summary>
    public Action<SearchProgress>? Progress { get; init; }

    /// <summary>
    /// Keep one shortest execution, with the fewest switches between CPUs: of a final state that satisfies the
    /// proposition if there is one.
    /// </summary>
    public bool KeepsExecution { get; init; }

    /// <summary>The ordering rule that a test leaves out; 0 for none.</summary>
    internal int LeftOut { get; init; }
}
