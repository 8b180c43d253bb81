using Lazykick.Checking.Moves;

namespace Lazykick.Checking.Properties;

/// <summary>What a property sees of the accesses that CPUs have in flight in a state.</summary>
internal interface IAccessesInFlight
{
    /// <summary>Number of CPUs.</summary>
    int Cpus { get; }

    /// <summary>The CPU has no guess outstanding that may turn out wrong.</summary>
    bool IsSettled(ReadOnlySpan<ulong> words, int cpu);

    /// <summary>The value of a variable as the CPU sees it: its youngest write in flight, else memory.</summary>
    int Seen(ReadOnlySpan<ulong> words, int cpu, Field variable);

    /// <summary>Marks the CPU's reads of a variable that returned something else than a value.</summary>
    void MarkReads(Span<ulong> words, int cpu, Field variable, int value, int property);
}
