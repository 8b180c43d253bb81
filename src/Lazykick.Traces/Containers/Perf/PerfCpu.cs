namespace Lazykick.Traces.Containers.Perf;

/// <summary>Where the records of one CPU lie in a perf.data, and which of them are out of order.</summary>
internal sealed class PerfCpu(int cpu)
{
    private readonly List<PerfSection> _extents = [];
    private readonly List<DisplacedRecord> _displaced = [];
    private PerfSection _open;
    private ulong _latest;

    public int Cpu { get; } = cpu;

    /// <summary>Runs of records of this CPU, in the order of the file. Complete after <see cref="Finish"/>.</summary>
    public IReadOnlyList<PerfSection> Extents => _extents;

    /// <summary>
    /// Records that are older than one before them, in the order of time. There are few in a trace of perf record -a:
    /// an interrupt between taking the time and taking the place in the ring. A trace that was recorded thread by
    /// thread may have many; then memory grows with their number.
    /// </summary>
    public IReadOnlyList<DisplacedRecord> Displaced => _displaced;

    public long Bytes { get; private set; }

    /// <summary>Takes a record; it goes on with the open run, or begins a new one.</summary>
    public void Add(long offset, int size, ulong? time, bool continues)
    {
        if (!continues)
        {
            Close();
            _open = new PerfSection(offset, 0);
        }

        _open = _open with { Length = offset + size - _open.Offset };
        if (time < _latest)
            _displaced.Add(new DisplacedRecord(time.Value, offset, size));
        else if (time is { } later)
            _latest = later;
    }

    public void Finish()
    {
        Close();
        _displaced.Sort(static (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : a.Offset.CompareTo(b.Offset));
        Bytes = _extents.Sum(static extent => extent.Length);
    }

    private void Close()
    {
        if (_open.Length > 0)
            _extents.Add(_open);
        _open = default;
    }
}
