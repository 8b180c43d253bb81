namespace Lazykick.Auditing.Walking;

/// <summary>What the walk met and could not follow, or took for granted: each with the places.</summary>
public sealed class WalkLimits
{
    private readonly Dictionary<string, SortedSet<string>> _places = new(StringComparer.Ordinal);

    /// <summary>Kinds with their places, in order.</summary>
    public IEnumerable<(string Kind, IReadOnlyCollection<string> Places)> All =>
        _places.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, (IReadOnlyCollection<string>)p.Value));

    internal void Add(string kind, string place)
    {
        if (!_places.TryGetValue(kind, out var places))
        {
            _places[kind] = places = new SortedSet<string>(StringComparer.Ordinal);
        }

        places.Add(place);
    }

    internal void AddAll(WalkLimits other)
    {
        foreach (var (kind, places) in other._places)
        {
            foreach (var place in places)
            {
                Add(kind, place);
            }
        }
    }
}
