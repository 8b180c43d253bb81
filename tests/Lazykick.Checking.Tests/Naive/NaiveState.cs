using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>A path that a CPU is in (M1).</summary>
/// <param name="Below">The path that it interrupted, or null if the CPU was at a place.</param>
/// <param name="Path">The path.</param>
/// <param name="At">Where the CPU stands in it.</param>
/// <param name="Masks">Masks of the interrupted code.</param>
/// <param name="Lost">Registers that no longer hold what the interrupted program left in them; bit n stands for
/// xn.</param>
internal sealed record Frame(Frame? Below, PathDeclaration Path, Level At, ExceptionMasks Masks, uint Lost)
{
    /// <summary>Paths <c>from kernel</c> here.</summary>
    public int Nested => (Path.From == "kernel" ? 1 : 0) + (Below?.Nested ?? 0);

    /// <summary>The kick in progress, or null.</summary>
    public Level? Kick => At.Kick ?? Below?.Kick;

    public bool Has(Trigger trigger) => Path.Trigger == trigger || (Below?.Has(trigger) ?? false);

    public Frame Strike(int eqs)
    {
        var below = Below?.Strike(eqs);
        var at = At.Strike(eqs);
        return ReferenceEquals(below, Below) && ReferenceEquals(at, At) ? this : this with { Below = below, At = at };
    }

    public bool Equals(Frame? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && ReferenceEquals(Path, other.Path)
            && Masks == other.Masks
            && Lost == other.Lost
            && Equals(At, other.At)
            && Equals(Below, other.Below)
        );

    public override int GetHashCode() => HashCode.Combine(At, Masks, Lost, Below);
}

/// <summary>
/// One CPU: its place, which stays while it is in paths, its paths, masks (M5) and pending interrupts (M4).
/// </summary>
internal sealed record CpuState(string Place, Frame? Top, ExceptionMasks Masks, bool Device, int Messages)
{
    /// <summary>Messages that are switched off here (M29).</summary>
    public int Off { get; init; }

    /// <summary>Interrupts of devices are switched off here.</summary>
    public bool DeviceOff { get; init; }
}

/// <summary>The whole machine. Copies share what did not change; nothing is changed in place.</summary>
internal sealed class NaiveState(
    IReadOnlyList<CpuState> cpus,
    IReadOnlyList<int> variables,
    IReadOnlyList<TextCell> texts
) : IEquatable<NaiveState>
{
    private readonly int _hash = Hash(cpus, variables, texts);

    public IReadOnlyList<CpuState> Cpus => cpus;

    public IReadOnlyList<int> Variables => variables;

    public IReadOnlyList<TextCell> Texts => texts;

    public NaiveState With(int cpu, CpuState state) => new(Replaced(cpus, cpu, state), variables, texts);

    public NaiveState WithVariable(int index, int value) => new(cpus, Replaced(variables, index, value), texts);

    public NaiveState WithText(int index, TextCell text) => new(cpus, variables, Replaced(texts, index, text));

    public NaiveState WithTexts(Func<TextCell, TextCell> change) => new(cpus, variables, [.. texts.Select(change)]);

    public bool Equals(NaiveState? other) =>
        other is not null
        && _hash == other._hash
        && cpus.SequenceEqual(other.Cpus)
        && variables.SequenceEqual(other.Variables)
        && texts.SequenceEqual(other.Texts);

    public override bool Equals(object? obj) => Equals(obj as NaiveState);

    public override int GetHashCode() => _hash;

    private static T[] Replaced<T>(IReadOnlyList<T> list, int index, T item)
    {
        T[] copy = [.. list];
        copy[index] = item;
        return copy;
    }

    private static int Hash(IReadOnlyList<CpuState> cpus, IReadOnlyList<int> variables, IReadOnlyList<TextCell> texts)
    {
        var hash = new HashCode();
        foreach (var cpu in cpus)
            hash.Add(cpu);
        foreach (var variable in variables)
            hash.Add(variable);
        foreach (var text in texts)
            hash.Add(text);
        return hash.ToHashCode();
    }
}
