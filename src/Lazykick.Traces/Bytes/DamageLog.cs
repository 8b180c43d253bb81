namespace Lazykick.Traces.Bytes;

/// <summary>Collects damage from readers on several threads. A place is noted once, however often it is read.</summary>
internal sealed class DamageLog
{
    // A file of noise could name every page; what matters is the first places and that there are more.
    private const int MostEntries = 256;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string File, long Offset, string Expected), TraceDamage> _entries = new(
        Comparer<(string File, long Offset, string Expected)>.Create(
            static (a, b) =>
            {
                var byFile = string.CompareOrdinal(a.File, b.File);
                if (byFile != 0)
                    return byFile;
                var byOffset = a.Offset.CompareTo(b.Offset);
                return byOffset != 0 ? byOffset : string.CompareOrdinal(a.Expected, b.Expected);
            }
        )
    );

    public bool IsTruncated { get; private set; }

    public void Add(string file, long offset, string expected, int cpu = -1)
    {
        lock (_lock)
        {
            if (_entries.Count < MostEntries)
                _entries.TryAdd((file, offset, expected), new TraceDamage(file, offset, expected, cpu));
            else
                IsTruncated = true;
        }
    }

    public IReadOnlyList<TraceDamage> ToList()
    {
        lock (_lock)
            return [.. _entries.Values];
    }
}
