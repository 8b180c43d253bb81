namespace Lazykick.Checking.Machines;

/// <summary>Keys of states to which steps of several moves lead: they wait until their level comes.</summary>
/// <param name="maxWeight">Most moves of a step.</param>
internal sealed class LaterStates(int maxWeight)
{
    private readonly List<ulong>[] _byLevel = [.. Enumerable.Range(0, maxWeight + 1).Select(_ => new List<ulong>())];

    /// <summary>Keys of all levels; one may be there several times.</summary>
    public long Count => _byLevel.Sum(static keys => (long)keys.Count);

    /// <summary>By level, the lists taking turns: what is waiting, for a checkpoint.</summary>
    public IReadOnlyList<List<ulong>> All => _byLevel;

    /// <summary>The keys of a level, in the order in which they came.</summary>
    public List<ulong> Of(int level) => _byLevel[level % _byLevel.Length];

    /// <summary>Adds a key to a level that is at most the largest weight away.</summary>
    public void Add(ulong key, int level) => Of(level).Add(key);

    /// <summary>The level has come.</summary>
    public void Clear(int level) => Of(level).Clear();

    /// <summary>Gives all keys another form.</summary>
    public void Reform(Func<ulong, ulong> form)
    {
        foreach (var keys in _byLevel)
        {
            for (var i = 0; i < keys.Count; i++)
                keys[i] = form(keys[i]);
        }
    }
}
