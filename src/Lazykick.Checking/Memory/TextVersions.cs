namespace Lazykick.Checking.Memory;

/// <summary>
/// Which versions of a code location a fetch may return (rule A21). Versions of a location are numbered from 0 in
/// coherence order. The numbers live in the caller's state; this type only knows where.
/// </summary>
/// <param name="locations">Code locations that can be written.</param>
/// <param name="cpus">CPUs.</param>
/// <param name="limit">The highest version number that is kept.</param>
/// <param name="cache">IDC and DIC.</param>
/// <param name="origin">Where in the caller's state the numbers begin.</param>
/// <remarks>Simner et al., ESOP 2020, in the operational form of docs/reference/memory.md, section "Text".</remarks>
public sealed class TextVersions(int locations, int cpus, int limit, CacheType cache, int origin)
{
    // newest[x] | unified[x] | invalidated[x] | floor[cpu][x] | snapshot[y][version-1][x]
    private readonly int _unified = origin + locations;
    private readonly int _invalidated = origin + (2 * locations);
    private readonly int _floors = origin + (3 * locations);
    private readonly int _snapshots = origin + ((3 + cpus) * locations);

    /// <summary>How many numbers the caller has to keep, each from 0 to the limit.</summary>
    public int Count { get; } = locations * (3 + cpus + (limit * locations));

    /// <summary>The newest version of a location.</summary>
    /// <param name="state">The caller's state.</param>
    /// <param name="location">The code location.</param>
    /// <returns>Its number.</returns>
    public int Newest(ReadOnlySpan<int> state, int location) => state[origin + location];

    /// <summary>The oldest version that a fetch may still return.</summary>
    /// <param name="state">The caller's state.</param>
    /// <param name="cpu">The CPU that fetches.</param>
    /// <param name="location">The code location.</param>
    /// <returns>Its number.</returns>
    public int Floor(ReadOnlySpan<int> state, int cpu, int location) => state[_floors + (cpu * locations) + location];

    /// <summary>A write became visible: there is a new version.</summary>
    /// <param name="state">The caller's state.</param>
    /// <param name="location">The code location.</param>
    /// <returns>Its number, or -1 when the limit is exceeded.</returns>
    public int Write(Span<int> state, int location)
    {
        if (state[origin + location] == limit)
            return -1;
        var version = ++state[origin + location];
        for (var x = 0; x < locations; x++)
            state[Snapshot(location, version) + x] = Coherent(state, x);
        return version;
    }

    /// <summary>A DC CVAU was performed.</summary>
    /// <param name="state">The caller's state.</param>
    /// <param name="location">The code location.</param>
    public void Clean(Span<int> state, int location) => state[_unified + location] = state[origin + location];

    /// <summary>An IC IVAU was performed; it reaches every CPU.</summary>
    /// <param name="state">The caller's state.</param>
    /// <param name="location">The code location.</param>
    public void Invalidate(Span<int> state, int location) =>
        state[_invalidated + location] =
            cache != CacheType.None ? state[origin + location] : state[_unified + location];

    /// <summary>A CPU synchronised its context.</summary>
    /// <param name="state">The caller's state.</param>
    /// <param name="cpu">The CPU.</param>
    public void Synchronise(Span<int> state, int cpu)
    {
        for (var x = 0; x < locations; x++)
            Raise(state, cpu, x, Coherent(state, x));
    }

    /// <summary>
    /// A fetch returned a version. Later fetches of this CPU happened later than that version was written.
    /// </summary>
    /// <param name="state">The caller's state.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="location">The code location.</param>
    /// <param name="version">The version returned.</param>
    public void Fetch(Span<int> state, int cpu, int location, int version)
    {
        if (version == 0)
            return;
        for (var x = 0; x < locations; x++)
            Raise(state, cpu, x, state[Snapshot(location, version) + x]);
    }

    // What a fetch that starts now from an empty pipeline must at least see.
    private int Coherent(ReadOnlySpan<int> state, int location) =>
        cache == CacheType.Dic ? state[origin + location] : state[_invalidated + location];

    private void Raise(Span<int> state, int cpu, int location, int version)
    {
        ref var floor = ref state[_floors + (cpu * locations) + location];
        floor = Math.Max(floor, version);
    }

    private int Snapshot(int location, int version) => _snapshots + (((location * limit) + version - 1) * locations);
}
