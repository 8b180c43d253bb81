namespace Lazykick.Checking.Machines;

/// <summary>Compares states by their words.</summary>
internal sealed class StateWords : IEqualityComparer<ulong[]>
{
    public static StateWords Comparer { get; } = new();

    public bool Equals(ulong[]? x, ulong[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(ulong[] obj)
    {
        var hash = new HashCode();
        foreach (var word in obj)
            hash.Add(word);
        return hash.ToHashCode();
    }
}
