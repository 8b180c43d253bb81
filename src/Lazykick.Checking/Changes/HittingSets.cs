namespace Lazykick.Checking.Changes;

/// <summary>
/// Sets of parts of which each known race class demands at least one: what mends a property hits every clause.
/// </summary>
internal sealed class HittingSets(int most)
{
    private readonly List<HashSet<Part>> _clauses = [];
    private readonly List<IReadOnlyCollection<Part>> _blocked = [];

    /// <summary>Some race cannot be prevented by any part.</summary>
    public bool IsHopeless { get; private set; }

    /// <summary>One of these parts is needed.</summary>
    public void Add(IReadOnlyCollection<Part> clause)
    {
        IsHopeless |= clause.Count == 0;
        _clauses.Add([.. clause]);
    }

    /// <summary>Sets that do all that this one does are of no interest any more.</summary>
    public void Block(IReadOnlyCollection<Part> set) => _blocked.Add(set);

    /// <summary>
    /// The next sets: of the smallest size for which there is one, each part of a set needed for a clause.
    /// </summary>
    /// <param name="count">Most sets.</param>
    public IReadOnlyList<IReadOnlyList<Part>> Next(int count)
    {
        if (IsHopeless)
            return [];
        for (var size = _clauses.Count == 0 ? 0 : 1; size <= most; size++)
        {
            var found = new List<IReadOnlyList<Part>>();
            Extend([], size, found, count);
            if (found.Count > 0)
                return found;
        }

        return [];
    }

    private void Extend(List<Part> set, int size, List<IReadOnlyList<Part>> found, int count)
    {
        if (found.Count >= count || IsBlocked(set))
            return;
        var open = _clauses.Where(c => !c.Overlaps(set)).MinBy(c => c.Count);
        if (open is null)
        {
            if (IsMinimal(set) && !found.Exists(f => f.Count == set.Count && f.All(set.Contains)))
                found.Add([.. set]);
            return;
        }

        if (set.Count == size)
            return;
        foreach (var part in open.OrderBy(p => p.Rank.Strength))
        {
            set.Add(part);
            Extend(set, size, found, count);
            set.RemoveAt(set.Count - 1);
        }
    }

    private bool IsMinimal(List<Part> set) =>
        set.TrueForAll(p => _clauses.Exists(c => c.Contains(p) && set.TrueForAll(o => o == p || !c.Contains(o))));

    private bool IsBlocked(List<Part> set) => _blocked.Exists(b => b.All(p => set.Exists(s => s.IsAtLeast(p))));
}
