using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive.Tso;

/// <summary>
/// Something that a CPU has done and others do not see yet; or a read that is complete, and comes after such a thing in
/// program order.
/// </summary>
internal readonly record struct Pending()
{
    /// <summary>The variable in memory that is stored to, or -1.</summary>
    public int Variable { get; init; } = -1;

    /// <summary>The value that is stored or was read.</summary>
    public int Value { get; init; }

    /// <summary>What the store is to the life of an object.</summary>
    public Lifetime Lifetime { get; init; }

    /// <summary>The text location that is maintained, or -1.</summary>
    public int Text { get; init; } = -1;

    /// <summary>It is cleaned, else invalidated.</summary>
    public bool IsClean { get; init; }

    /// <summary>The page-table entry that is changed, or whose translations are invalidated everywhere.</summary>
    public MappingStep? Mapping { get; init; }

    /// <summary>The variable that was read, or -1.</summary>
    public int Read { get; init; } = -1;
}

/// <summary>The machine with a store buffer for each CPU; what is pending is in program order.</summary>
internal sealed class TsoState(
    NaiveState memory,
    IReadOnlyList<IReadOnlyList<Pending>> buffers,
    IReadOnlyList<int> returned
) : IEquatable<TsoState>
{
    private readonly int _hash = buffers
        .SelectMany(b => b)
        .Aggregate(returned.Aggregate(memory.GetHashCode(), HashCode.Combine), HashCode.Combine);

    /// <summary>What all CPUs see, and each CPU's own.</summary>
    public NaiveState Memory => memory;

    public IReadOnlyList<IReadOnlyList<Pending>> Buffers => buffers;

    /// <summary>What a CPU sees: its own stores are there.</summary>
    public NaiveState ViewOf(int cpu) =>
        buffers[cpu].Where(p => p.Variable >= 0).Aggregate(memory, (view, p) => view.WithVariable(p.Variable, p.Value));

    /// <summary>
    /// By variable in memory: the CPU whose kick has returned for it since the last write to it (W14), or -1.
    /// </summary>
    public IReadOnlyList<int> Returned => returned;

    public TsoState With(NaiveState state, int cpu, IReadOnlyList<Pending> buffer) =>
        new(state, [.. buffers.Select((b, i) => i == cpu ? buffer : b)], returned);

    public TsoState WithReturned(IEnumerable<int> variables, int kicker) =>
        new(memory, buffers, [.. returned.Select((r, i) => variables.Contains(i) ? kicker : r)]);

    public bool Equals(TsoState? other) =>
        other is not null
        && _hash == other._hash
        && memory.Equals(other.Memory)
        && returned.SequenceEqual(other.Returned)
        && buffers.Zip(other.Buffers).All(b => b.First.SequenceEqual(b.Second));

    public override bool Equals(object? obj) => Equals(obj as TsoState);

    public override int GetHashCode() => _hash;
}
