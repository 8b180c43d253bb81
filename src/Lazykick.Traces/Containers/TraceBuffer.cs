using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Containers;

/// <summary>One ring buffer of the trace: the top one, or an instance.</summary>
public sealed class TraceBuffer
{
    // All cursors of one reader together; within a CPU's cache share a larger block gains nothing (measured).
    private const int BlockBytesOfAll = 16 << 20;
    private const int LargestBlock = 256 << 10;

    private readonly IReadOnlyList<CpuStream> _streams;

    internal TraceBuffer(string name, string clock, int cpuCount, IEnumerable<CpuStream> streams)
    {
        Name = name;
        Clock = clock;
        CpuCount = cpuCount;
        _streams = [.. streams.Where(static stream => stream.Bytes > 0).OrderBy(static stream => stream.Cpu)];
        Cpus = [.. _streams.Select(static stream => stream.Cpu)];
    }

    /// <summary>Name of the instance; empty for the top buffer.</summary>
    public string Name { get; }

    /// <summary>
    /// Name of the trace clock (local, global, mono, boot, x86-tsc...), or empty where the trace does not say.
    /// </summary>
    public string Clock { get; }

    /// <summary>CPUs that the buffer was made for, whether they have events or not.</summary>
    public int CpuCount { get; }

    /// <summary>The CPUs that have events, ascending.</summary>
    public IReadOnlyList<int> Cpus { get; }

    /// <summary>CPUs of which the recorder says that it found no events.</summary>
    internal IReadOnlySet<int> EmptyCpus { get; init; } = new HashSet<int>();

    /// <summary>Bytes of all events in the file.</summary>
    public long Bytes => _streams.Sum(static stream => stream.Bytes);

    /// <summary>
    /// A pull reader over all CPUs in the order of time, from the start. Any number of readers may be open at once.
    /// </summary>
    public TraceReader OpenReader(EventDispatch dispatch)
    {
        ArgumentNullException.ThrowIfNull(dispatch);
        var block = Math.Min(LargestBlock, BlockBytesOfAll / Math.Max(1, _streams.Count));
        return new TraceReader(_streams.Select(stream => stream.Open(dispatch, block)));
    }

    /// <summary>
    /// A pull reader over one CPU, from the start. Cursors of different CPUs may be used by different threads.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The CPU is not one of <see cref="Cpus"/>.</exception>
    public CpuEventCursor OpenCpu(int cpu, EventDispatch dispatch)
    {
        ArgumentNullException.ThrowIfNull(dispatch);
        foreach (var stream in _streams)
        {
            if (stream.Cpu == cpu)
                return stream.Open(dispatch, LargestBlock);
        }

        throw new ArgumentOutOfRangeException(nameof(cpu), cpu, "this CPU has no events in the trace");
    }
}
