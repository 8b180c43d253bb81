namespace Lazykick.Checking.Tests.Naive.Tso;

/// <summary>Something that a CPU has done and others do not see yet.</summary>
/// <param name="Variable">The variable in memory that is stored to, or -1.</param>
/// <param name="Value">The value.</param>
/// <param name="Text">The text location that is maintained, or -1.</param>
/// <param name="IsClean">It is cleaned, else invalidated.</param>
internal readonly record struct Pending(int Variable, int Value, int Text, bool IsClean);

/// <summary>The machine with a store buffer for each CPU; what is pending is in program order.</summary>
internal sealed class TsoState(NaiveState memory, IReadOnlyList<IReadOnlyList<Pending>> buffers) : IEquatable<TsoState>
{
    private readonly int _hash = buffers.SelectMany(b => b).Aggregate(memory.GetHashCode(), HashCode.Combine);

    /// <summary>What all CPUs see, and each CPU's own.</summary>
    public NaiveState Memory => memory;

    public IReadOnlyList<IReadOnlyList<Pending>> Buffers => buffers;

    /// <summary>What a CPU sees: its own stores are there.</summary>
    public NaiveState ViewOf(int cpu) =>
        buffers[cpu].Where(p => p.Variable >= 0).Aggregate(memory, (view, p) => view.WithVariable(p.Variable, p.Value));

    public TsoState With(NaiveState state, int cpu, IReadOnlyList<Pending> buffer) =>
        new(state, [.. buffers.Select((b, i) => i == cpu ? buffer : b)]);

    public bool Equals(TsoState? other) =>
        other is not null
        && _hash == other._hash
        && memory.Equals(other.Memory)
        && buffers.Zip(other.Buffers).All(b => b.First.SequenceEqual(b.Second));

    public override bool Equals(object? obj) => Equals(obj as TsoState);

    public override int GetHashCode() => _hash;
}
